import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const services = defineView({
  name: 'services',
  aliases: ['svc', 'service'],
  title: 'Services',
  description: 'services and their addresses (kubectl get services)',
  table: STATE_TABLES.services,
  columns: [
    { title: 'NAMESPACE', cell: 'namespace', role: 'dim', isFlexible: true, widthMin: 9 },
    { title: 'SERVICE', cell: 'service', role: 'bold', isFlexible: true, widthMin: 12, cut: 'middle' },
    { title: 'TYPE', cell: 'type' },
    { title: 'CLUSTER IP', isExtra: true, cell: 'clusterIp' },
    {
      title: 'EXTERNAL IP',
      cell: 'externalIp',
      role: ({ externalIp }) => (externalIp === '<pending>' ? 'bad' : externalIp === '<none>' ? 'dim' : 'good'),
    },
    { title: 'PORTS', cell: 'ports', isFlexible: true, widthMin: 10 },
    { title: 'POLICY', isExtra: true, cell: 'externalTrafficPolicy' },
    { title: 'SELECTOR', isExtra: true, cell: 'selector', role: 'dim' },
    { title: 'AGE', cell: 'age', align: 'right', role: 'dim' },
  ],
  question: ({ namespace, service }) => ({ kind: 'service', service: `${namespace}/${service}` }),
  nothing: 'no cluster, or no services',
})
