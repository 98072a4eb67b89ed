import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const pods = defineView({
  name: 'pods',
  aliases: ['po', 'pod'],
  title: 'Pods',
  description: 'pods of the cluster (kubectl get pods -A -o wide)',
  table: STATE_TABLES.pods,
  columns: [
    { title: 'NAMESPACE', cell: 'namespace', role: 'dim', isFlexible: true, widthMin: 9 },
    { title: 'POD', cell: 'pod', role: 'bold', isFlexible: true, widthMin: 16, cut: 'middle' },
    { title: 'READY', cell: 'ready' },
    {
      title: 'STATUS',
      cell: 'status',
      role: ({ status }) => (status === 'Running' || status === 'Completed' ? 'good' : 'warn'),
    },
    { title: 'RESTARTS', isExtra: true, cell: 'restarts', align: 'right', role: 'dim' },
    { title: 'ADDRESS', cell: 'address' },
    { title: 'NODE', cell: 'nodeName', isFlexible: true, widthMin: 10, cut: 'middle' },
    { title: 'AGE', cell: 'age', align: 'right', role: 'dim' },
  ],
  question: ({ address, nodeName }) =>
    address === null || nodeName === null ? undefined : { kind: 'reach', node: nodeName, target: address },
  target: ({ namespace, pod, nodeName }) => ({
    pod: namespace === '' ? pod : `${namespace}/${pod}`,
    ...(nodeName === null ? {} : { node: nodeName, agent: nodeName }),
  }),
  nothing: 'no cluster, or no pods',
})
