/** ReplicaSets to pods. Source: Kubernetes pkg/controller/replicaset/replica_set.go. */
import { controllerOf, isControlledBy } from '../api/owner.ts'
import { isPodReady, isPodTerminating, type Pod } from '../api/pod.ts'
import type { Store } from '../api/store.ts'
import type { ReplicaSet } from '../api/workload.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'
import { positive } from './deployment-controller.ts'
import { PodCreator } from './pod-creator.ts'

export class ReplicaSetController {
  readonly #store: Store
  readonly #queue: Controller
  readonly #pods: PodCreator

  constructor(cluster: Cluster) {
    this.#store = cluster.store
    this.#pods = new PodCreator(cluster)
    const name = `cluster ${cluster.name} replicaset controller`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  start(): void {
    this.#store.watch('ReplicaSet', 'replicaset-controller', event => this.#queue.enqueue(keyOf(event.object)))
    this.#store.watch('Pod', 'replicaset-controller', event => {
      const owner = controllerOf(event.object)
      if (owner?.kind === 'ReplicaSet') this.#queue.enqueue(`${event.object.metadata.namespace}/${owner.name}`)
    })
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const set = this.#store.get('ReplicaSet', namespace, name)
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return
    const all = this.#store.list('Pod', namespace).filter(pod => isControlledBy(pod, set))
    const pods = all.filter(pod => !isPodTerminating(pod))
    const missing = set.spec.replicas - pods.length
    for (let count = 0; count < missing; count += 1) this.#pods.create(set, keyOf(set))
    if (missing < 0) {
      const victims = [...pods].sort(compareForDeletion).slice(0, -missing)
      for (const pod of victims) this.#store.delete('Pod', namespace, pod.metadata.name)
    }
    this.#updateStatus(set, pods)
  }

  #updateStatus(set: ReplicaSet, pods: readonly Pod[]): void {
    const ready = pods.filter(isPodReady).length
    this.#store.update('ReplicaSet', set.metadata.namespace, set.metadata.name, draft => {
      draft.status = {
        replicas: pods.length,
        observedGeneration: draft.metadata.generation ?? 1,
        ...positive({ fullyLabeledReplicas: pods.length, readyReplicas: ready, availableReplicas: ready }),
      }
    })
  }
}

/**
 * Who goes first when scaling down: unscheduled, then not ready, then the youngest. Source: pkg/controller
 * `ActivePodsWithRanks`. Differs from Kubernetes: how many pods of the set share a node does not count.
 */
function compareForDeletion(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (pod.spec.nodeName === undefined ? 0 : isPodReady(pod) ? 2 : 1)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  if (left !== right) return left > right ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}
