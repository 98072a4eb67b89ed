import type { Origin } from '../sim/origin.ts'
import type { Simulator } from '../sim/simulator.ts'

/** From a key being queued to its reconciliation. Ours: a round figure of the size of an idle controller's reaction. */
const RECONCILE_DELAY_NS = 1_000_000

/**
 * A level-triggered controller: keys that changed are queued, each once, and brought to the desired state one event each,
 * in the order they were queued. Source of the pattern: k8s.io/client-go util/workqueue.
 */
export class Controller {
  readonly #simulator: Simulator
  readonly #origin: Origin
  readonly #reconcile: (key: string) => void
  readonly #pending = new Set<string>()
  #isStopped = false

  /** @param name unique in the simulation; it orders events */
  constructor(simulator: Simulator, name: string, reconcile: (key: string) => void) {
    this.#simulator = simulator
    this.#origin = simulator.origin(name)
    this.#reconcile = reconcile
  }

  /** Queues a key; a key that waits already is not queued twice. */
  enqueue(key: string): void {
    if (this.#pending.has(key)) return
    this.#pending.add(key)
    this.#simulator.schedule(this.#origin, RECONCILE_DELAY_NS, () => this.#run(key), 'work')
  }

  /** Queues a key after a while, besides any other time it is queued. */
  enqueueAfter(key: string, delayNs: number): void {
    this.#simulator.schedule(this.#origin, delayNs, () => this.enqueue(key), 'work')
  }

  stop(): void {
    this.#isStopped = true
  }

  #run(key: string): void {
    this.#pending.delete(key)
    if (!this.#isStopped) this.#reconcile(key)
  }
}

/** Key of an object in a queue: `namespace/name`, or `/name` for cluster-scoped kinds. */
export function keyOf(object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

/** Namespace (undefined for cluster scope) and name of a key. */
export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/')
  return { namespace: slash === 0 ? undefined : key.slice(0, slash), name: key.slice(slash + 1) }
}
