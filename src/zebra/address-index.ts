import { broadcastAddress, type Ipv4Address, type Prefix, prefixAddress, prefixLength } from '../wire/address.ts'

const NONE: readonly Ipv4Address[] = []

/** Some prefixes, and the first and last address of all that they hold. */
export interface PrefixGroup {
  readonly prefixes: readonly Prefix[]
  readonly firstAddress: number
  readonly lastAddress: number
}

/** At least one prefix, in any order. */
export function prefixGroup(prefixes: readonly Prefix[]): PrefixGroup {
  let firstAddress: number = prefixAddress(prefixes[0]!)
  let lastAddress = 0
  for (const prefix of prefixes) {
    firstAddress = Math.min(firstAddress, prefixAddress(prefix))
    lastAddress = Math.max(lastAddress, lastOf(prefix))
  }
  return { prefixes, firstAddress, lastAddress }
}

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

  /** Whether any of the prefixes holds one. Those of a burst lie close together: mostly one look between the outermost will do. */
  hasWithinAny({ prefixes, firstAddress, lastAddress }: PrefixGroup): boolean {
    const first = this.#addresses[this.#positionOf(firstAddress)]
    if (first === undefined || first > lastAddress) return false
    return prefixes.length === 1 || prefixes.some(prefix => this.#hasWithin(prefix))
  }

  #hasWithin(prefix: Prefix): boolean {
    const first = this.#addresses[this.#positionOf(prefixAddress(prefix))]
    return first !== undefined && first <= lastOf(prefix)
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
  #positionOf(address: number): number {
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
