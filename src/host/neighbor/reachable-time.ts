import type { Host } from '../host.ts'
import type { Interface } from '../interface.ts'

/** The kernel draws anew every 300 s. */
const PERIOD_NS = 300e9

/**
 * How long a confirmation lasts: uniform between half and one and a half times base_reachable_time, drawn per device and
 * every 300 s (neigh_rand_reach_time). The draw depends on device and period only, so it is made when first needed.
 */
export class ReachableTimes {
  readonly #host: Host
  readonly #drawn = new Map<Interface, { readonly period: number; readonly share: number }>()

  constructor(host: Host) {
    this.#host = host
  }

  /** Nanoseconds. */
  get(device: Interface): number {
    const period = Math.floor(this.#host.simulator.nowNs / PERIOD_NS)
    let drawn = this.#drawn.get(device)
    if (drawn === undefined || drawn.period !== period) {
      drawn = { period, share: this.#host.random.fork(`reachable ${device.index} ${period}`).float() }
      this.#drawn.set(device, drawn)
    }
    const baseMs = device.neighborSettings.base_reachable_time_ms
    return 1e6 * Math.floor(baseMs / 2 + drawn.share * baseMs)
  }
}
