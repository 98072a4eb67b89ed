import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import { defineView } from '../view.ts'

export const ribs = defineView({
  name: 'ribs',
  aliases: ['rib', 'zebra'],
  title: 'Routing table of zebra',
  description: 'what the routing suite knows, chosen or not (show ip route)',
  table: STATE_TABLES.ribs,
  columns: [
    { title: '', cell: ({ isSelected, isInFib }) => `${isSelected ? '>' : ' '}${isInFib ? '*' : ' '}`, role: 'good' },
    { title: 'PREFIX', cell: 'prefix', role: 'bold' },
    { title: 'PROTO', cell: 'protocol' },
    { title: 'DISTANCE', cell: ({ distance, metric }) => `${distance}/${metric}`, align: 'right' },
    { title: 'NEXT HOP', cell: ({ gateway, hop, depth }) => `${'  '.repeat(depth)}${gateway ?? hop}` },
    { title: 'DEVICE', cell: 'interface' },
    {
      title: 'STATE',
      cell: ({ isActive, isRejected, isQueued, isRecursive }) =>
        isRejected ? 'rejected' : isQueued ? 'queued' : !isActive ? 'inactive' : isRecursive ? 'recursive' : '',
      role: ({ isActive, isRejected }) => (isRejected || !isActive ? 'bad' : 'dim'),
    },
    {
      title: 'GROUP',
      isExtra: true,
      cell: ({ nextHopGroup }) => (nextHopGroup === 0 ? '' : String(nextHopGroup)),
      align: 'right',
    },
    { title: 'AGE', isExtra: true, cell: ({ ageSeconds }) => ageText(ageSeconds), align: 'right', role: 'dim' },
  ],
  question: ({ node, prefix }) => ({ kind: 'route', node, prefix }),
  target: ({ node, interface: device }) => ({ node, ...(device === null ? {} : { interface: device }) }),
  nothing: 'no routing suite runs here',
})
