/** Empties a namespace that is being deleted and then lets it go. */
import type { Cluster } from '../cluster.ts'
import { Controller } from '../controller.ts'

/** Between two looks at what is left. Ours. */
const RETRY_NS = 500_000_000

export class NamespaceController {
  readonly #cluster: Cluster
  readonly #queue: Controller

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    const name = `cluster ${cluster.name} namespace controller`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  start(): void {
    const { store } = this.#cluster
    store.addAdmission('Namespace', (draft, previous) => {
      draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name }
      if (previous === undefined) draft.metadata.finalizers = ['kubernetes']
      draft.spec ??= {}
      draft.status = { phase: draft.metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating' }
      return undefined
    })
    store.watch('Namespace', 'namespace-controller', event => {
      if (event.object.metadata.deletionTimestamp !== undefined) this.#queue.enqueue(event.object.metadata.name)
    })
  }

  #reconcile(name: string): void {
    const { store } = this.#cluster
    if (store.get('Namespace', undefined, name) === undefined) return
    let remaining = 0
    for (const kind of store.kinds) {
      if (!kind.isNamespaced) continue
      for (const object of store.list(kind.kind, name)) {
        store.delete(kind.kind, name, object.metadata.name)
        if (store.get(kind.kind, name, object.metadata.name) !== undefined) remaining += 1
      }
    }
    if (remaining > 0) {
      this.#queue.enqueueAfter(name, RETRY_NS)
      return
    }
    store.update('Namespace', undefined, name, draft => {
      delete draft.metadata.finalizers
    })
  }
}
