import type { Simulator } from '../sim/simulator.ts'
import { type Prefix, prefixAddress, prefixLength } from '../wire/address.ts'
import { isSameList } from './same-list.ts'

/** Prefixes as an UPDATE announces them, with their numbers. */
export interface NumberedPrefixes {
  readonly announced: readonly Prefix[]
  readonly numbers: readonly number[]
}

const RECENT_LISTS = 4096

/**
 * Small integers for the prefixes of a simulation, in the order in which they were first heard of. With them the tables of
 * speakers and peers are plain arrays, eight bytes for each entry, where maps by prefix would take some sixty. Numbers are
 * never taken back: a simulation meets few prefixes, and each of them in many tables.
 */
export class PrefixNumbers {
  readonly #prefixes: Prefix[] = []
  readonly #lists = new WeakMap<readonly Prefix[], readonly number[]>()
  /** Those made last, by hash. */
  readonly #recent: (NumberedPrefixes | undefined)[] = new Array<undefined>(RECENT_LISTS).fill(undefined)
  /** By length; keys are networks as signed 32-bit integers, which the engine keeps unboxed. */
  readonly #byLength: Map<number, number>[] = Array.from({ length: 33 }, () => new Map<number, number>())

  /** The number of the prefix, given to it now if need be. */
  numberOf(prefix: Prefix): number {
    const numbers = this.#byLength[prefixLength(prefix)]!
    const key = prefixAddress(prefix) | 0
    let number = numbers.get(key)
    if (number === undefined) {
      number = this.#prefixes.push(prefix) - 1
      numbers.set(key, number)
    }
    return number
  }

  /** The number, unless nobody has heard of the prefix. */
  find(prefix: Prefix): number | undefined {
    return this.#byLength[prefixLength(prefix)]!.get(prefixAddress(prefix) | 0)
  }

  /** The numbers of a list, each once, looked up once: an update group sends the very same list to all its peers. */
  numbersOf(prefixes: readonly Prefix[]): readonly number[] {
    let numbers = this.#lists.get(prefixes)
    if (numbers === undefined) {
      numbers = [...new Set(prefixes.map(prefix => this.numberOf(prefix)))]
      this.#lists.set(prefixes, numbers)
    }
    return numbers
  }

  /**
   * The prefixes of these numbers. Mostly it is the very same list for the same numbers, whoever asks: what comes together from
   * one peer comes together from all, and tables then see at a glance that it is what they have.
   */
  listOf(numbers: readonly number[]): NumberedPrefixes {
    let hash = numbers.length
    for (const number of numbers) hash = (Math.imul(hash, 31) + number) | 0
    const slot = (hash ^ (hash >>> 16)) & (RECENT_LISTS - 1)
    const recent = this.#recent[slot]
    if (recent !== undefined && isSameList(recent.numbers, numbers)) return recent
    const list = { announced: numbers.map(number => this.prefixOf(number)), numbers }
    this.#recent[slot] = list
    return list
  }

  prefixOf(number: number): Prefix {
    return this.#prefixes[number]!
  }

  /** Puts numbers in order of their prefixes: by address, the shorter prefix first. */
  sort(numbers: number[]): readonly number[] {
    return numbers.sort((a, b) => this.#prefixes[a]! - this.#prefixes[b]!)
  }
}

const NUMBERS = new WeakMap<Simulator, PrefixNumbers>()

/** The numbers shared by all speakers of a simulation. */
export function prefixNumbers(simulator: Simulator): PrefixNumbers {
  let numbers = NUMBERS.get(simulator)
  if (numbers === undefined) {
    numbers = new PrefixNumbers()
    NUMBERS.set(simulator, numbers)
  }
  return numbers
}
