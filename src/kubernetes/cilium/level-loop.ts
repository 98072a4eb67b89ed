import type { CiliumAgent } from './agent.ts'

/** From a change to the reconciliation it causes. Ours: short, but long enough that a burst becomes one run. */
const RECONCILE_DELAY_NS = 5_000_000

/** A level-triggered loop of an agent: what wakes it causes one reconciliation soon, however often it is woken until then. */
export class LevelLoop {
  readonly #agent: CiliumAgent
  readonly #reconcile: () => void
  readonly #endings: (() => void)[] = []
  #isPending = false
  #isRunning = false

  constructor(agent: CiliumAgent, reconcile: () => void) {
    this.#agent = agent
    this.#reconcile = reconcile
  }

  /** From here on it can be woken. */
  start(): void {
    this.#isRunning = true
  }

  /** Has something done when the loop ends: the end of a watch that wakes it. */
  onEnd(ending: () => void): void {
    this.#endings.push(ending)
  }

  /** Asks for a reconciliation; nothing happens unless the loop runs. */
  wake(): void {
    if (this.#isPending || !this.#isRunning) return
    this.#isPending = true
    const reconcile = () => {
      this.#isPending = false
      if (this.#isRunning) this.#reconcile()
    }
    this.#agent.cilium.cluster.simulator.schedule(this.#agent.origin, RECONCILE_DELAY_NS, reconcile, 'work')
  }

  /** Ends the loop, and what `onEnd` was told; a reconciliation that was asked for does not happen. */
  end(): void {
    this.#isRunning = false
    for (const ending of this.#endings) ending()
    this.#endings.length = 0
  }

  get isRunning(): boolean {
    return this.#isRunning
  }
}
