import type { Ipv4Address } from '../wire/address.ts'
import type { Host } from './host.ts'

/** Number of counters; the kernel has 2048 to 262144 of them by memory (ip_idents_mask). */
const COUNTERS = 2048
/** HZ=250: the counter may skip as many numbers as ticks have passed. */
const TICK_NS = 4_000_000

/**
 * IPv4 identifications for packets without a counter of their own: one counter per (source, destination, protocol), with a
 * random step up to the elapsed ticks (ip_idents_reserve, Linux net/ipv4/route.c). TCP counts by itself.
 */
export class IdentificationSource {
  readonly #host: Host
  readonly #counters = new Map<number, { value: number; lastNs: number }>()

  constructor(host: Host) {
    this.#host = host
  }

  next(source: Ipv4Address, destination: Ipv4Address, protocol: number): number {
    const mixed = Math.imul(source ^ Math.imul(destination, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(protocol, 0xc2b2ae35)
    const key = (mixed ^ (mixed >>> 15)) & (COUNTERS - 1)
    const { nowNs } = this.#host.simulator
    let counter = this.#counters.get(key)
    if (counter === undefined) {
      counter = { value: this.#host.random.uint32() & 0xffff, lastNs: nowNs }
      this.#counters.set(key, counter)
    }
    const ticks = Math.floor((nowNs - counter.lastNs) / TICK_NS)
    const skipped = ticks > 0 ? this.#host.random.integer(0, ticks) : 0
    counter.lastNs = nowNs
    const value = (counter.value + skipped) & 0xffff
    counter.value = (value + 1) & 0xffff
    return value
  }
}
