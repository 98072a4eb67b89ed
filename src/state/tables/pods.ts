import type { Pod } from '../../kubernetes/api/pod.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { clusterNode, stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A pod as `kubectl get pods -A -o wide` lists it. */
export interface PodRow {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  /** `1/1` */
  readonly ready: string
  readonly status: string
  readonly restarts: string
  readonly address: string | null
  /** Null until it is scheduled. */
  readonly nodeName: string | null
  readonly age: string
}

/** With a node: the pods on it. */
export const pods = defineTable<PodRow>({
  name: 'pods',
  title: 'Pods',
  scope: 'cluster',
  key: ['cluster', 'namespace', 'pod'],
  volatile: ['restarts', 'age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(cluster => {
      const wanted = node === undefined ? undefined : clusterNode(cluster, node)?.name
      return cluster.store
        .list('Pod')
        .filter(pod => wanted === undefined || pod.spec.nodeName === wanted)
        .map(pod => podRow(cluster.name, pod, lab.simulator.wallMs))
    }),
})

function podRow(cluster: string, pod: Pod, wallMs: number): PodRow {
  const cell = (header: string): string => kubectlCell(pod, header, wallMs)
  return {
    cluster,
    namespace: pod.metadata.namespace ?? '',
    pod: cell('NAME'),
    ready: cell('READY'),
    status: cell('STATUS'),
    restarts: cell('RESTARTS'),
    address: pod.status.podIP ?? null,
    nodeName: pod.spec.nodeName ?? null,
    age: cell('AGE'),
  }
}
