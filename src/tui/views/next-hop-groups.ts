import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const nextHopGroups = defineView({
  name: 'groups',
  aliases: ['nhg', 'nexthops'],
  title: 'Next-hop groups',
  description: 'nexthop objects of the kernel (ip nexthop)',
  table: STATE_TABLES.nextHopGroups,
  columns: [
    { title: 'ID', cell: 'id', align: 'right', role: 'bold' },
    { title: 'KIND', cell: 'kind', role: ({ kind }) => (kind === 'group' ? 'accent' : 'plain') },
    { title: 'GATEWAY', cell: 'gateway' },
    { title: 'DEVICE', cell: 'device' },
    { title: 'MEMBERS', cell: ({ members }) => members.join(' ') },
    { title: 'ROUTES', cell: 'routes', align: 'right' },
    { title: 'LEADS TO', cell: 'leadsTo', isFlexible: true },
    { title: 'PROTO', isExtra: true, cell: 'protocol', role: 'dim' },
  ],
  target: ({ node, device }) => ({ node, ...(device === null ? {} : { interface: device }) }),
  nothing: 'the kernel has no nexthop objects',
})
