import type { EventKind, ScheduledEvent } from '../../sim/event-queue.ts'
import type { Host } from '../host.ts'

/** A one-shot timer of a host whose kind is that of the event in which it is started, unless said otherwise. */
export class Alarm<Owner> {
  readonly #host: Pick<Host, 'simulator' | 'origin'>
  readonly #owner: Owner
  readonly #expire: (owner: Owner) => void
  #event: ScheduledEvent | undefined

  /** @param expire the same function for all alarms of a kind: there are two for each connection, and they are mostly idle */
  constructor(host: Pick<Host, 'simulator' | 'origin'>, owner: Owner, expire: (owner: Owner) => void) {
    this.#host = host
    this.#owner = owner
    this.#expire = expire
  }

  get isRunning(): boolean {
    return this.#event !== undefined
  }

  /** Starts it, or starts it anew. `delayNs` is an integer. */
  restart(delayNs: number, kind?: EventKind): void {
    this.stop()
    const { simulator, origin } = this.#host
    const ring = (): void => {
      this.#event = undefined
      this.#expire(this.#owner)
    }
    this.#event = simulator.schedule(origin, delayNs, ring, kind)
  }

  stop(): void {
    if (this.#event === undefined) return
    this.#host.simulator.cancel(this.#event)
    this.#event = undefined
  }
}
