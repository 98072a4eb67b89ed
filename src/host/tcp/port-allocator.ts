import type { Ipv4Address } from '../../wire/address.ts'
import { keyedHash } from './keyed-hash.ts'

/** Entries of the table that keeps successive connections apart (INET_TABLE_PERTURB_SIZE before 6.0). */
const PERTURB_ENTRIES = 256

/** The base of the search moves every ten seconds. */
const BASE_PERIOD_NS = 10_000_000_000

/**
 * Ephemeral ports for connect(2): from a hashed start upwards in steps of two, those with the parity of the range's first
 * port (even by default), the others only when these are all taken (__inet_hash_connect, net/ipv4/inet_hashtables.c).
 */
export class PortAllocator {
  readonly #secret: number
  readonly #perturb = new Array<number>(PERTURB_ENTRIES).fill(0)

  constructor(secret: number) {
    this.#secret = secret
  }

  /** A port that `isFree`; undefined when none is. @param range first and last port, both included */
  allocate(
    flow: { readonly source: Ipv4Address; readonly destination: Ipv4Address; readonly port: number },
    range: readonly [number, number],
    nowNs: number,
    isFree: (port: number) => boolean,
  ): number | undefined {
    const hash = keyedHash(this.#secret ^ Math.floor(nowNs / BASE_PERIOD_NS), flow.source, flow.destination, flow.port)
    const slot = keyedHash(this.#secret, flow.source, flow.destination, flow.port) % PERTURB_ENTRIES
    const [low, high] = range
    const pairs = Math.max(1, (high + 1 - low) >> 1)
    const start = ((this.#perturb[slot]! + hash) % (2 * pairs)) & ~1
    for (const parity of [0, 1]) {
      for (let step = 0; step < pairs; step += 1) {
        const port = low + ((start + 2 * step) % (2 * pairs)) + parity
        if (port > high || !isFree(port)) continue
        this.#perturb[slot] = this.#perturb[slot]! + 2 * step + 2
        return port
      }
    }
    return undefined
  }
}
