/**
 * Pods to nodes: filters by taints, node selector and required anti-affinity to other pods of the node, then spreads pods
 * of the same labels, then takes the emptiest node; a tie is drawn from the seed, as kube-scheduler draws one.
 * Not modelled: resources, node affinity, topology spread constraints, preemption.
 * Source: Kubernetes pkg/scheduler/framework/plugins, schedule_one.go `selectHost`.
 */
import { copyData } from '../../config/manifest/copy-data.ts'
import type { LabelSelector } from '../../model/kubernetes-object.ts'
import { setCondition } from '../api/condition.ts'
import type { Node } from '../api/node.ts'
import { controllerOf } from '../api/owner.ts'
import { isPodTerminating, type Pod } from '../api/pod.ts'
import { matchesLabels, matchesSelector } from '../api/selector.ts'
import type { Store } from '../api/store.ts'
import { formatTimestamp } from '../api/timestamp.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'
import { findUntolerated } from './taints.ts'

export class Scheduler {
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #queue: Controller

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#store = cluster.store
    this.#queue = new Controller(cluster.simulator, `cluster ${cluster.name} scheduler`, key => this.#reconcile(key))
  }

  start(): void {
    this.#store.watch('Pod', 'scheduler', event => {
      if (event.object.spec.nodeName === undefined) this.#queue.enqueue(keyOf(event.object))
      else if (event.type === 'DELETED') this.#retryPending()
    })
    this.#store.watch('Node', 'scheduler', () => this.#retryPending())
  }

  #retryPending(): void {
    for (const pod of this.#store.list('Pod')) if (pod.spec.nodeName === undefined) this.#queue.enqueue(keyOf(pod))
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const pod = this.#store.get('Pod', namespace, name)
    if (pod === undefined || pod.spec.nodeName !== undefined || isPodTerminating(pod)) return
    const nodes = this.#store.list('Node')
    const pods = this.#store.list('Pod').filter(other => other.spec.nodeName !== undefined && !isPodTerminating(other))
    const refusals: string[] = []
    const feasible = nodes.filter(node => {
      const refusal = refuse(pod, node, pods)
      if (refusal !== undefined) refusals.push(refusal)
      return refusal === undefined
    })
    if (feasible.length === 0) this.#reportUnschedulable(pod, nodes.length, refusals)
    else this.#bind(pod, this.#choose(pod, feasible, pods))
  }

  #choose(pod: Pod, nodes: readonly Node[], pods: readonly Pod[]): string {
    const owner = controllerOf(pod)?.uid
    const score = (node: Node) => {
      const here = pods.filter(other => other.spec.nodeName === node.metadata.name)
      const siblings = here.filter(other => owner !== undefined && controllerOf(other)?.uid === owner).length
      return siblings * 1000 + here.length
    }
    const scored = nodes.map(node => ({ name: node.metadata.name, score: score(node) }))
    const best = Math.min(...scored.map(one => one.score))
    const ties = scored.filter(one => one.score === best)
    const random = this.#cluster.simulator.random.fork(`${this.#cluster.name} schedule ${keyOf(pod)}`)
    return ties[random.integer(0, ties.length)]!.name
  }

  #bind(pod: Pod, nodeName: string): void {
    this.#cluster.simulator.journal.record(nodeName, 'kubernetes.schedule', { pod: keyOf(pod) })
    this.#store.update('Pod', pod.metadata.namespace, pod.metadata.name, draft => {
      draft.spec.nodeName = nodeName
      const conditions = copyData(draft.status.conditions ?? []).filter(one => one.type !== 'PodScheduled')
      setCondition(conditions, { type: 'PodScheduled', status: 'True' }, this.#now())
      draft.status = { ...draft.status, conditions }
    })
  }

  #reportUnschedulable(pod: Pod, total: number, refusals: readonly string[]): void {
    const counts = new Map<string, number>()
    for (const refusal of refusals) counts.set(refusal, (counts.get(refusal) ?? 0) + 1)
    const reasons = [...counts].map(([text, count]) => `${count} ${text}`).sort()
    const message =
      total === 0
        ? 'no nodes available to schedule pods'
        : `0/${total} nodes are available: ${reasons.join(', ')}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`
    this.#store.update('Pod', pod.metadata.namespace, pod.metadata.name, draft => {
      const conditions = copyData(draft.status.conditions ?? [])
      setCondition(conditions, { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }, this.#now())
      draft.status = { ...draft.status, phase: 'Pending', conditions }
    })
  }

  #now(): string {
    return formatTimestamp(this.#cluster.simulator.wallMs)
  }
}

/** Why a pod cannot run on a node, in the words of the scheduler's plugins. */
function refuse(pod: Pod, node: Node, pods: readonly Pod[]): string | undefined {
  const tolerations = pod.spec.tolerations ?? []
  if (node.spec.unschedulable === true) {
    const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' as const }
    if (findUntolerated([taint], tolerations) !== undefined) return 'node(s) were unschedulable'
  }
  const taint = findUntolerated(node.spec.taints ?? [], tolerations)
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
  if (!matchesLabels(pod.spec.nodeSelector ?? {}, node.metadata.labels)) {
    return "node(s) didn't match Pod's node affinity/selector"
  }
  const here = pods.filter(other => other.spec.nodeName === node.metadata.name)
  const terms = antiAffinityTerms(pod)
  const isRepelled = terms.some(term => here.some(other => matchesSelector(term, other.metadata.labels)))
  return isRepelled ? "node(s) didn't match pod anti-affinity rules" : undefined
}

function antiAffinityTerms(pod: Pod): LabelSelector[] {
  const affinity = pod.spec.affinity as
    | { podAntiAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { labelSelector?: LabelSelector }[] } }
    | undefined
  const terms = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  return terms.flatMap(term => (term.labelSelector === undefined ? [] : [term.labelSelector]))
}
