import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const pools = defineView({
  name: 'pools',
  aliases: ['pool', 'ippools'],
  title: 'Address pools',
  description: 'pools of load balancer addresses (CiliumLoadBalancerIPPool)',
  table: STATE_TABLES.pools,
  columns: [
    { title: 'POOL', cell: 'pool', role: 'bold' },
    { title: 'BLOCKS', cell: ({ blocks }) => blocks.join(' '), isFlexible: true, widthMin: 12 },
    { title: 'AVAILABLE', cell: 'available', align: 'right' },
    { title: 'DISABLED', cell: 'isDisabled', role: ({ isDisabled }) => (isDisabled ? 'warn' : 'dim') },
    { title: 'CONFLICTING', cell: 'isConflicting', role: ({ isConflicting }) => (isConflicting ? 'bad' : 'dim') },
    { title: 'SERVICES', cell: 'serviceSelector', isFlexible: true },
    { title: 'AGE', cell: 'age', align: 'right', role: 'dim' },
  ],
  nothing: 'no cluster, or no pools',
})
