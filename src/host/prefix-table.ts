import { type Ipv4Address, netmask, type Prefix, prefixLength } from '../wire/address.ts'

/**
 * Values by prefix with longest-prefix search: one Map per prefix length, searched from the longest length in use. A
 * routing table has few distinct lengths, so a search costs a handful of Map look-ups whatever the number of prefixes.
 */
export class PrefixTable<Value> {
  readonly #byLength: Map<Prefix, Value>[] = Array.from({ length: 33 }, () => new Map<Prefix, Value>())
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
    return this.#byLength[prefixLength(prefix)]!.get(prefix)
  }

  /** The value of the prefix of this length that holds the address. */
  at(length: number, address: Ipv4Address): Value | undefined {
    return this.#byLength[length]!.get((((address & netmask(length)) >>> 0) * 64 + length) as Prefix)
  }

  set(prefix: Prefix, value: Value): void {
    const length = prefixLength(prefix)
    const map = this.#byLength[length]!
    const before = map.size
    map.set(prefix, value)
    this.#size += map.size - before
    if (before === 0) this.#lengths = [...this.#lengths, length].sort((a, b) => b - a)
  }

  delete(prefix: Prefix): boolean {
    const length = prefixLength(prefix)
    const map = this.#byLength[length]!
    if (!map.delete(prefix)) return false
    this.#size -= 1
    if (map.size === 0) this.#lengths = this.#lengths.filter(other => other !== length)
    return true
  }

  /** All values, in no useful order. */
  *values(): IterableIterator<Value> {
    for (const length of this.#lengths) yield* this.#byLength[length]!.values()
  }

  /** All prefixes in the order of a dump: ascending address, the longest first at the same address. */
  prefixes(): readonly Prefix[] {
    const prefixes: Prefix[] = []
    for (const map of this.#byLength) prefixes.push(...map.keys())
    // One number per prefix is address × 64 + length: turning the length round turns its order only.
    return prefixes.sort((a, b) => a - 2 * (a % 64) - (b - 2 * (b % 64)) || b - a)
  }
}
