import { type Ipv4Address, netmask, type Prefix, prefixAddress, prefixLength, prefixOf } from '../wire/address.ts'
import { NetworkMap } from './network-map.ts'

/** Masks of the lengths as signed integers. */
const MASKS: readonly number[] = Array.from({ length: 33 }, (_, length) => netmask(length) | 0)

/**
 * Values by prefix with longest-prefix search: one map per prefix length, searched from the longest length in use. A
 * routing table has few distinct lengths, so a search costs a handful of look-ups whatever the number of prefixes.
 */
export class PrefixTable<Value> {
  /** Undefined for lengths that have never held anything. */
  readonly #byLength: (NetworkMap<Value> | undefined)[] = new Array(33).fill(undefined)
  /** Lengths that hold something, longest first. */
  #lengths: number[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Lengths that hold something, longest first: `for (length of lengths) at(length, address)` is a search. */
  get lengths(): readonly number[] {
    return this.#lengths
  }

  get(prefix: Prefix): Value | undefined {
    const address = prefixAddress(prefix)
    return this.#byLength[prefix - 64 * address]?.get(address | 0)
  }

  /** The value of the prefix of this length that holds the address. */
  at(length: number, address: Ipv4Address): Value | undefined {
    return this.#byLength[length]?.get(address & MASKS[length]!)
  }

  set(prefix: Prefix, value: Value): void {
    const address = prefixAddress(prefix)
    const length = prefix - 64 * address // as prefixLength, which would work the address out again
    let map = this.#byLength[length]
    if (map === undefined) {
      map = new NetworkMap()
      this.#byLength[length] = map
    }
    const before = map.size
    map.set(address | 0, value)
    if (map.size === before) return
    this.#size += 1
    if (before === 0) this.#lengths = [...this.#lengths, length].sort((a, b) => b - a)
  }

  delete(prefix: Prefix): boolean {
    const length = prefixLength(prefix)
    const map = this.#byLength[length]
    if (map?.delete(prefixAddress(prefix) | 0) !== true) return false
    this.#size -= 1
    if (map.size === 0) this.#lengths = this.#lengths.filter(other => other !== length)
    return true
  }

  /** Looks at all values, in no useful order. Meanwhile none may come or go. */
  forEach(visit: (value: Value, prefix: Prefix) => void): void {
    for (const length of this.#lengths) {
      this.#byLength[length]!.forEach((value, network) => {
        visit(value, prefixOf(network, length))
      })
    }
  }

  /** All prefixes in the order of a dump: ascending address, the longest first at the same address. */
  prefixes(): readonly Prefix[] {
    const prefixes: Prefix[] = []
    this.forEach((_, prefix) => {
      prefixes.push(prefix)
    })
    return prefixes.sort((a, b) => prefixAddress(a) - prefixAddress(b) || b - a)
  }
}
