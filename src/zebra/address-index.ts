import { broadcastAddress, type Ipv4Address, type Prefix, prefixAddress, prefixLength } from '../wire/address.ts'

const NONE: readonly Ipv4Address[] = []

/** A set of addresses that finds those inside a prefix without looking at the others. */
export class AddressIndex {
  /** Ascending. */
  readonly #addresses: Ipv4Address[] = []

  add(address: Ipv4Address): void {
    const position = this.#positionOf(address)
    if (this.#addresses[position] !== address) this.#addresses.splice(position, 0, address)
  }

  delete(address: Ipv4Address): void {
    const position = this.#positionOf(address)
    if (this.#addresses[position] === address) this.#addresses.splice(position, 1)
  }

  hasWithin(prefix: Prefix): boolean {
    const first = this.#addresses[this.#positionOf(prefixAddress(prefix))]
    return first !== undefined && first <= lastOf(prefix)
  }

  /** The same for any of some prefixes. Those of a burst lie close together: mostly one look between the outermost will do. */
  hasWithinAny(prefixes: readonly Prefix[]): boolean {
    if (prefixes.length === 1) return this.hasWithin(prefixes[0]!)
    if (this.#addresses.length === 0) return false
    let lowest: number = prefixAddress(prefixes[0]!)
    let highest = 0
    for (const prefix of prefixes) {
      lowest = Math.min(lowest, prefixAddress(prefix))
      highest = Math.max(highest, lastOf(prefix))
    }
    const first = this.#addresses[this.#positionOf(lowest as Ipv4Address)]
    if (first === undefined || first > highest) return false
    return prefixes.some(prefix => this.hasWithin(prefix))
  }

  /** Ascending. */
  within(prefix: Prefix): readonly Ipv4Address[] {
    const from = this.#positionOf(prefixAddress(prefix))
    const last = lastOf(prefix)
    let to = from
    while (to < this.#addresses.length && this.#addresses[to]! <= last) to += 1
    return from === to ? NONE : this.#addresses.slice(from, to)
  }

  /** Of the first address that is not smaller. */
  #positionOf(address: Ipv4Address): number {
    let low = 0
    let high = this.#addresses.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#addresses[middle]! < address) low = middle + 1
      else high = middle
    }
    return low
  }
}

function lastOf(prefix: Prefix): Ipv4Address {
  return broadcastAddress(prefixAddress(prefix), prefixLength(prefix))
}
