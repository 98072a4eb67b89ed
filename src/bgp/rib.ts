import type { Prefix } from '../wire/address.ts'
import type { Path, PathPeer } from './path.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import type { DecisionStep, PathOrigin } from './snapshot.ts'

/** A prefix with its paths in list order. */
export class Destination {
  readonly prefix: Prefix
  /** Of the prefix, as tables by number have it. */
  readonly number: number
  paths: Path[] = []
  best: Path | undefined
  version = 0
  reason: DecisionStep | 'first' | 'none' = 'none'
  isQueued = false
  /** Paths came since the last run. */
  hasGrown = false
  isInstalled = false

  constructor(prefix: Prefix, number: number) {
    this.prefix = prefix
    this.number = number
  }

  /** The paths in use, the best first. Worked out of their marks: a list of each destination's own would cost as much again. */
  get multipath(): readonly Path[] {
    const { best } = this
    if (best === undefined) return []
    return best.isMultipath ? [best, ...this.paths.filter(path => path.isMultipath && path !== best)] : [best]
  }

  find(peer: PathPeer, kind: PathOrigin): Path | undefined {
    for (const path of this.paths) if (path.peer === peer && path.kind === kind) return path
    return undefined
  }
}

/** The table of one address family. */
export class Rib {
  readonly numbers: PrefixNumbers
  /** By number of the prefix. */
  readonly #destinations: (Destination | undefined)[] = []
  #size = 0
  /** Kept until a destination comes or goes. */
  #sorted: readonly Destination[] | undefined
  /** Number of best-path changes. */
  version = 0

  constructor(numbers: PrefixNumbers) {
    this.numbers = numbers
  }

  get(prefix: Prefix): Destination | undefined {
    const number = this.numbers.find(prefix)
    return number === undefined ? undefined : this.#destinations[number]
  }

  getOrAdd(prefix: Prefix): Destination {
    return this.getOrAddNumber(this.numbers.numberOf(prefix))
  }

  /** By number of the prefix. */
  getOrAddNumber(number: number): Destination {
    let destination = this.#destinations[number]
    if (destination === undefined) {
      destination = new Destination(this.numbers.prefixOf(number), number)
      this.#destinations[number] = destination
      this.#size += 1
      this.#sorted = undefined
    }
    return destination
  }

  /** Forgets a destination that has no path any more. */
  prune(destination: Destination): void {
    if (destination.paths.length > 0 || this.#destinations[destination.number] !== destination) return
    delete this.#destinations[destination.number]
    this.#size -= 1
    this.#sorted = undefined
  }

  get size(): number {
    return this.#size
  }

  /** By address, the shorter prefix first. */
  sorted(): readonly Destination[] {
    this.#sorted ??= this.all().sort((a, b) => a.prefix - b.prefix)
    return this.#sorted
  }

  /** In no useful order: for scans whose result does not depend on it. */
  all(): Destination[] {
    const all: Destination[] = []
    this.#destinations.forEach(destination => {
      if (destination !== undefined) all.push(destination)
    })
    return all
  }
}
