import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const l2Policies = defineView({
  name: 'l2policies',
  aliases: ['l2', 'l2p'],
  title: 'L2 announcement policies',
  description: "Cilium's L2 announcement policies",
  table: STATE_TABLES.l2Policies,
  columns: [
    { title: 'POLICY', cell: 'policy', role: 'bold' },
    {
      title: 'NODES',
      cell: ({ nodes }) => nodes.join(' '),
      role: ({ nodes }) => (nodes.length === 0 ? 'bad' : 'plain'),
      isFlexible: true,
      widthMin: 12,
    },
    { title: 'SERVICES', cell: 'serviceSelector', isFlexible: true },
    { title: 'DEVICES', cell: ({ interfaces }) => (interfaces.length === 0 ? 'all' : interfaces.join(' ')) },
    {
      title: 'ANNOUNCES',
      cell: ({ loadBalancerIps, externalIps }) =>
        [...(loadBalancerIps ? ['loadBalancer'] : []), ...(externalIps ? ['external'] : [])].join('+') || 'nothing',
      role: ({ loadBalancerIps, externalIps }) => (loadBalancerIps || externalIps ? 'plain' : 'bad'),
    },
    { title: 'MISTAKES', isExtra: true, cell: ({ mistakes }) => mistakes.join('; '), role: 'bad', isFlexible: true },
    { title: 'AGE', cell: 'age', align: 'right', role: 'dim' },
  ],
  nothing: 'no cluster, or no L2 announcement policies',
})
