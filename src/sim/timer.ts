import type { EventKind, ScheduledEvent } from './event-queue.ts'
import type { Origin } from './origin.ts'
import type { Simulator } from './simulator.ts'

/** A restartable one-shot timer. */
export class Timer {
  readonly #simulator: Simulator
  readonly #origin: Origin
  readonly #kind: EventKind
  readonly #ring: () => void
  #event: ScheduledEvent | undefined

  /** @param kind whether the simulation counts as unsettled while it runs */
  constructor(simulator: Simulator, origin: Origin, kind: EventKind, expire: () => void) {
    this.#simulator = simulator
    this.#origin = origin
    this.#kind = kind
    this.#ring = () => {
      this.#event = undefined
      expire()
    }
  }

  /** Starts the timer, or starts it anew. `kind` overrides the timer's own for this run. */
  restart(delayNs: number, kind: EventKind = this.#kind): void {
    this.stop()
    this.#event = this.#simulator.schedule(this.#origin, delayNs, this.#ring, kind)
  }

  stop(): void {
    this.#simulator.cancel(this.#event)
    this.#event = undefined
  }

  get isRunning(): boolean {
    return this.#event !== undefined
  }

  /** Time left, nanoseconds; 0 when it is not running. */
  get remainingNs(): number {
    return this.#event === undefined ? 0 : this.#event.atNs - this.#simulator.nowNs
  }
}
