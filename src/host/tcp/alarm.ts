import type { EventKind, ScheduledEvent } from '../../sim/event-queue.ts'
import type { Origin } from '../../sim/origin.ts'
import type { Simulator } from '../../sim/simulator.ts'

/** A one-shot timer whose kind is that of the event in which it is started, unless said otherwise. */
export class Alarm {
  readonly #simulator: Simulator
  readonly #origin: Origin
  readonly #ring: () => void
  #event: ScheduledEvent | undefined

  constructor(simulator: Simulator, origin: Origin, expire: () => void) {
    this.#simulator = simulator
    this.#origin = origin
    this.#ring = () => {
      this.#event = undefined
      expire()
    }
  }

  get isRunning(): boolean {
    return this.#event !== undefined
  }

  /** Starts it, or starts it anew. `delayNs` is an integer. */
  restart(delayNs: number, kind?: EventKind): void {
    this.stop()
    this.#event = this.#simulator.schedule(this.#origin, delayNs, this.#ring, kind)
  }

  stop(): void {
    if (this.#event === undefined) return
    this.#simulator.cancel(this.#event)
    this.#event = undefined
  }
}
