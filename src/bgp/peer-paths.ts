import type { Prefix } from '../wire/address.ts'
import type { Path } from './path.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'

/** The paths in the table that one peer sent (Adj-RIB-In after policy), by number of the prefix. */
export class PeerPaths {
  readonly #numbers: PrefixNumbers
  readonly #paths: (Path | undefined)[] = []
  #size = 0

  constructor(numbers: PrefixNumbers) {
    this.#numbers = numbers
  }

  get size(): number {
    return this.#size
  }

  get(number: number): Path | undefined {
    return this.#paths[number]
  }

  has(prefix: Prefix): boolean {
    const number = this.#numbers.find(prefix)
    return number !== undefined && this.#paths[number] !== undefined
  }

  set(number: number, path: Path): void {
    if (this.#paths[number] === undefined) this.#size += 1
    this.#paths[number] = path
  }

  delete(number: number): void {
    if (this.#paths[number] === undefined) return
    this.#size -= 1
    this.#paths[number] = undefined
    if (this.#size === 0) this.#paths.length = 0
  }

  /** By prefix, the order in which bgpd walks its table (bgp_clear_route). */
  sorted(): Path[] {
    const paths: Path[] = []
    this.#paths.forEach(path => {
      if (path !== undefined) paths.push(path)
    })
    return paths.sort((a, b) => a.destination.prefix - b.destination.prefix)
  }
}
