import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import { defineView } from '../view.ts'

export const bgpSessions = defineView({
  name: 'bgp',
  aliases: ['b', 'summary', 'sessions', 'peers'],
  title: 'BGP summary',
  description: 'BGP sessions of the node (show ip bgp summary)',
  table: STATE_TABLES.bgpSessions,
  columns: [
    { title: 'PEER', cell: 'peer', role: 'bold' },
    { title: 'AS', cell: 'remoteAsn', align: 'right' },
    { title: 'NAME', cell: ({ hostName, description }) => hostName ?? description ?? '', isFlexible: true },
    { title: 'STATE', cell: 'state', role: ({ isUp }) => (isUp ? 'good' : 'bad') },
    {
      title: 'SINCE',
      cell: ({ changedSeconds }) => (changedSeconds === null ? 'never' : ageText(changedSeconds)),
      align: 'right',
    },
    { title: 'RCVD', cell: ({ isUp, receivedPrefixes }) => (isUp ? String(receivedPrefixes) : ''), align: 'right' },
    { title: 'SENT', cell: ({ isUp, sentPrefixes }) => (isUp ? String(sentPrefixes) : ''), align: 'right' },
    { title: 'MSG IN', isExtra: true, cell: 'messagesReceived', align: 'right', role: 'dim' },
    { title: 'MSG OUT', isExtra: true, cell: 'messagesSent', align: 'right', role: 'dim' },
    {
      title: 'LAST RESET',
      isExtra: true,
      cell: ({ lastReset, connectionsDropped }) => (connectionsDropped === 0 ? '' : (lastReset ?? '')),
      role: 'warn',
      isFlexible: true,
    },
  ],
  question: ({ node, peer }) => ({ kind: 'reach', node, target: peer }),
  target: ({ node }) => ({ node }),
  nothing: 'no BGP speaker runs here',
})
