import type { Prefix } from '../wire/address.ts'
import { DestinationSet } from './destination-set.ts'
import type { Path, PathPeer } from './path.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import type { PathOrigin } from './snapshot.ts'

/** A prefix with what its set has, for readers. */
export class Destination {
  readonly prefix: Prefix
  /** Of the table, when the best path of the prefix changed last. */
  readonly version: number
  readonly #set: DestinationSet

  constructor(prefix: Prefix, version: number, set: DestinationSet) {
    this.prefix = prefix
    this.version = version
    this.#set = set
  }

  /** In list order. */
  get paths(): readonly Path[] {
    return this.#set.paths
  }

  get best(): Path | undefined {
    return this.#set.best
  }

  /** The paths in use, the best first. */
  get multipath(): readonly Path[] {
    return this.#set.multipath
  }

  get reason(): DestinationSet['reason'] {
    return this.#set.reason
  }

  /** The path of a peer, be it one that is about to go. */
  find(peer: PathPeer, kind: PathOrigin): Path | undefined {
    return this.#set.find(peer, kind)
  }
}

/** The table of one address family. */
export class Rib {
  readonly numbers: PrefixNumbers
  /** By number of the prefix. */
  readonly #sets: (DestinationSet | undefined)[] = []
  readonly #versions: number[] = []
  readonly #copyTracking: (from: DestinationSet, to: DestinationSet) => void
  /** Kept until a prefix comes or goes. */
  #sorted: readonly number[] | undefined
  /** Number of best-path changes. */
  version = 0

  /** @param copyTracking the paths of a set have got twins in another, whose next hops are to be tracked like theirs */
  constructor(numbers: PrefixNumbers, copyTracking: (from: DestinationSet, to: DestinationSet) => void) {
    this.numbers = numbers
    this.#copyTracking = copyTracking
  }

  /** The set of a prefix, by its number. */
  at(number: number): DestinationSet | undefined {
    return this.#sets[number]
  }

  /** The set of just this prefix: split off, or made, if need be. */
  alone(number: number): DestinationSet {
    const set = this.#sets[number]
    if (set === undefined) return this.#add([number])
    return set.numbers.length === 1 ? set : this.#split(set, [number])
  }

  /**
   * The sets that these prefixes make up, each split off, or made, if need be, in the order in which they first come; inside a
   * set the prefixes have the order of the list from now on.
   */
  parts(numbers: readonly number[]): readonly DestinationSet[] {
    const whole = this.#whole(numbers)
    if (whole !== undefined) return [whole]
    const parts = new Map<DestinationSet | undefined, number[]>()
    for (const number of numbers) {
      const set = this.#sets[number]
      const part = parts.get(set)
      if (part === undefined) parts.set(set, [number])
      else part.push(number)
    }
    return [...parts].map(([set, part]) => {
      if (set === undefined) return this.#add(part)
      if (set.numbers.length !== part.length) return this.#split(set, part)
      set.numbers = part
      return set
    })
  }

  /** The one set that all belong to and that has no others, or the new one of all of them: nearly always so. */
  #whole(numbers: readonly number[]): DestinationSet | undefined {
    const set = this.#sets[numbers[0]!]
    if (set !== undefined && set.numbers === numbers) return set
    if (set !== undefined && set.numbers.length !== numbers.length) return undefined
    for (let index = 1; index < numbers.length; index += 1) {
      if (this.#sets[numbers[index]!] !== set) return undefined
    }
    if (set === undefined) return this.#add(numbers)
    set.numbers = numbers
    return set
  }

  #add(numbers: readonly number[]): DestinationSet {
    const set = new DestinationSet(numbers)
    this.#put(set)
    this.#sorted = undefined
    return set
  }

  #put(set: DestinationSet): void {
    for (const number of set.numbers) {
      // gaps are filled: an array with far ones would turn into a dictionary
      while (this.#sets.length < number) this.#sets.push(undefined)
      this.#sets[number] = set
    }
  }

  #split(set: DestinationSet, part: readonly number[]): DestinationSet {
    const copy = set.copyFor(part)
    this.#put(copy)
    set.numbers = set.numbers.filter(number => this.#sets[number] === set)
    this.#copyTracking(set, copy)
    return copy
  }

  /** Forgets a set that has no path any more. */
  prune(set: DestinationSet): void {
    if (set.paths.length > 0) return
    for (const number of set.numbers) {
      if (this.#sets[number] !== set) continue
      this.#sets[number] = undefined
      this.#sorted = undefined
    }
  }

  /** The best path of a prefix has changed. */
  raiseVersion(number: number): void {
    this.version += 1
    while (this.#versions.length < number) this.#versions.push(0)
    this.#versions[number] = this.version
  }

  get(prefix: Prefix): Destination | undefined {
    const number = this.numbers.find(prefix)
    return number === undefined || this.#sets[number] === undefined ? undefined : this.#view(number)
  }

  /** Numbers of the prefixes, by address, the shorter prefix first. */
  sortedNumbers(): readonly number[] {
    if (this.#sorted === undefined) {
      const numbers: number[] = []
      this.#sets.forEach((set, number) => {
        if (set !== undefined) numbers.push(number)
      })
      this.#sorted = this.numbers.sort(numbers)
    }
    return this.#sorted
  }

  /** In that order. */
  sorted(): readonly Destination[] {
    return this.sortedNumbers().map(number => this.#view(number))
  }

  /** Every set once, in no useful order: for scans whose result does not depend on it. */
  sets(): ReadonlySet<DestinationSet> {
    const sets = new Set<DestinationSet>()
    for (const set of this.#sets) if (set !== undefined) sets.add(set)
    return sets
  }

  #view(number: number): Destination {
    return new Destination(this.numbers.prefixOf(number), this.#versions[number] ?? 0, this.#sets[number]!)
  }
}
