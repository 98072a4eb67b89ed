/** ReplicaSets to pods. Source: Kubernetes pkg/controller/replicaset/replica_set.go. */
import { controllerOf, controllerReference, isControlledBy } from '../api/owner.ts'
import { isPodReady, isPodTerminating, type Pod } from '../api/pod.ts'
import { randomSuffix } from '../api/random-name.ts'
import type { Store } from '../api/store.ts'
import type { ReplicaSet } from '../api/workload.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'
import { positive } from './deployment-controller.ts'

export class ReplicaSetController {
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #queue: Controller
  readonly #created = new Map<string, number>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#store = cluster.store
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
    for (let count = 0; count < missing; count += 1) this.#createPod(set)
    if (missing < 0) {
      const victims = [...pods].sort(compareForDeletion).slice(0, -missing)
      for (const pod of victims) this.#store.delete('Pod', namespace, pod.metadata.name)
    }
    this.#updateStatus(set, pods)
  }

  #createPod(set: ReplicaSet): void {
    const label = keyOf(set)
    const ordinal = (this.#created.get(label) ?? 0) + 1
    this.#created.set(label, ordinal)
    const { template } = set.spec
    const random = this.#cluster.simulator.random.fork(`${this.#cluster.name} pod ${label} ${ordinal}`)
    this.#store.create<Pod>({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${set.metadata.name}-${randomSuffix(random)}`,
        namespace: set.metadata.namespace!,
        generateName: `${set.metadata.name}-`,
        labels: { ...template.metadata?.labels },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: { ...template.metadata.annotations } }),
        ownerReferences: [controllerReference(set)],
      },
      spec: structuredClone(template.spec),
      status: { phase: 'Pending' },
    })
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
