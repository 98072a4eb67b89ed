import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const announcements = defineView({
  name: 'announcements',
  aliases: ['ann', 'announced'],
  title: 'Announcements',
  description: 'addresses and networks by who announces them and how',
  table: STATE_TABLES.announcements,
  columns: [
    { title: 'ADDRESS', cell: 'address', role: 'bold' },
    { title: 'BY', cell: 'by' },
    { title: 'HOW', cell: 'how', role: ({ how }) => (how === 'l2' ? 'accent' : 'plain') },
    { title: 'ORIGIN', cell: 'origin', role: 'dim' },
    { title: 'SERVICES', cell: 'services', role: 'good', isFlexible: true },
    { title: 'TO', cell: ({ peers, devices }) => [...peers, ...devices].join(' '), isFlexible: true },
  ],
  question: ({ address, by, services }) => {
    if (services.length > 0) return { kind: 'vip', address }
    return { kind: 'route', node: by, prefix: address }
  },
  target: ({ by }) => ({ node: by }),
  nothing: 'nothing is announced',
})
