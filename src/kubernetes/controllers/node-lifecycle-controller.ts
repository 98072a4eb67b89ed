/**
 * Notices nodes that went silent: after 40 s without a renewed lease a node is Unknown, its pods are not ready any more and
 * new pods keep away. Not modelled: the eviction of pods after five minutes.
 * Source: Kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
import { copyData } from '../../config/manifest/copy-data.ts'
import { findCondition, setCondition } from '../api/condition.ts'
import type { Node, Taint } from '../api/node.ts'
import { formatTimestamp, parseTimestamp } from '../api/timestamp.ts'
import type { Cluster } from '../cluster.ts'

/** kube-controller-manager's --node-monitor-period and --node-monitor-grace-period. */
const PERIOD_NS = 5_000_000_000
const GRACE_MS = 40_000

export class NodeLifecycleController {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  start(): void {
    this.#cluster.store.watch('Node', 'node-lifecycle', event => {
      if (event.type !== 'DELETED') this.#updateTaints(event.object.metadata.name)
    })
    this.#schedule()
  }

  #schedule(): void {
    const { simulator, name } = this.#cluster
    const origin = simulator.origin(`cluster ${name} node lifecycle controller`)
    simulator.schedule(origin, PERIOD_NS, () => this.#monitor(), 'background')
  }

  #monitor(): void {
    if (this.#cluster.isStopped) return
    this.#schedule()
    const { store, simulator } = this.#cluster
    for (const node of store.list('Node')) {
      const lease = store.get('Lease', 'kube-node-lease', node.metadata.name)
      const renewedMs = parseTimestamp(lease?.spec.renewTime ?? '')
      const isSilent = simulator.wallMs - renewedMs > GRACE_MS
      if (isSilent && findCondition(node.status.conditions, 'Ready')?.status !== 'Unknown') this.#markSilent(node)
    }
  }

  #markSilent(node: Node): void {
    const { store, simulator } = this.#cluster
    const now = formatTimestamp(simulator.wallMs)
    const name = node.metadata.name
    simulator.journal.record(name, 'kubernetes.node-silent', {})
    store.update('Node', undefined, name, draft => {
      const conditions = copyData(draft.status.conditions ?? [])
      for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']) {
        const message = 'Kubelet stopped posting node status.'
        setCondition(conditions, { type, status: 'Unknown', reason: 'NodeStatusUnknown', message }, now)
      }
      draft.status = { ...draft.status, conditions }
    })
    for (const pod of store.list('Pod')) {
      if (pod.spec.nodeName !== name) continue
      store.update('Pod', pod.metadata.namespace, pod.metadata.name, draft => {
        const conditions = copyData(draft.status.conditions ?? [])
        setCondition(conditions, { type: 'Ready', status: 'False' }, now)
        draft.status = { ...draft.status, conditions }
      })
    }
  }

  /** Taints say what the Ready condition says: not-ready for False, unreachable for Unknown. */
  #updateTaints(name: string): void {
    const { store } = this.#cluster
    store.update('Node', undefined, name, draft => {
      const status = findCondition(draft.status.conditions, 'Ready')?.status
      const kept = (draft.spec.taints ?? []).filter(taint => !LIFECYCLE_KEYS.includes(taint.key))
      const added: Taint[] = []
      if (status === 'False') added.push({ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' })
      if (status === 'Unknown') added.push({ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' })
      if (draft.spec.unschedulable === true)
        added.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })
      const taints = [...kept, ...added]
      if (taints.length > 0) draft.spec.taints = taints
      else delete draft.spec.taints
    })
  }
}

const LIFECYCLE_KEYS = ['not-ready', 'unreachable', 'unschedulable'].map(name => `node.kubernetes.io/${name}`)
