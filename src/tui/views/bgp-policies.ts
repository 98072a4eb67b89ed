import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const bgpPolicies = defineView({
  name: 'bgppolicies',
  aliases: ['policies', 'bgpp'],
  title: 'BGP peering policies',
  description: "Cilium's BGP peering policies, by virtual router",
  table: STATE_TABLES.bgpPolicies,
  columns: [
    { title: 'POLICY', cell: 'policy', role: 'bold' },
    { title: 'AS', cell: 'localAsn', align: 'right' },
    {
      title: 'NODES',
      cell: ({ nodes }) => nodes.join(' '),
      role: ({ nodes }) => (nodes.length === 0 ? 'bad' : 'plain'),
      isFlexible: true,
      widthMin: 12,
    },
    { title: 'NEIGHBORS', cell: 'neighbors', isFlexible: true, widthMin: 12 },
    { title: 'SERVICES', cell: 'serviceSelector', isFlexible: true },
    { title: 'POD CIDR', cell: 'exportsPodPrefixes' },
    { title: 'NODE SELECTOR', isExtra: true, cell: 'nodeSelector', role: 'dim', isFlexible: true },
    { title: 'AGE', cell: 'age', align: 'right', role: 'dim' },
  ],
  nothing: 'no cluster, or no BGP peering policies',
})
