import { messageBytes } from '../wire/bgp/length.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import { type RecordList, recordList } from '../wire/stream.ts'
import { hasConfederation, leadingAsn } from './as-path.ts'
import { NumberSet } from './number-set.ts'

/**
 * UPDATEs for one write. The very same list reaches all peers that are told the same, as far as TCP cuts it in parts, so that
 * what is found out about it once serves them all.
 */
export class UpdateBurst implements RecordList {
  readonly contents: readonly BgpUpdate[]
  readonly ends: readonly number[]
  /** How many prefixes are announced and withdrawn. */
  readonly prefixes: number
  #common: CommonPath | undefined
  #announced: NumberSet | undefined
  #prefixesBefore: readonly number[] | undefined

  constructor(contents: readonly BgpUpdate[], prefixes: number) {
    const { ends } = recordList(contents, messageBytes)
    this.contents = contents
    this.ends = ends
    this.prefixes = prefixes
  }

  /** What the AS_PATHs of all messages have in common. */
  get common(): CommonPath {
    this.#common ??= commonPath(this.contents)
    return this.#common
  }

  /** Numbers of all prefixes that are announced. */
  get announced(): NumberSet {
    if (this.#announced === undefined) {
      this.#announced = new NumberSet()
      for (const { numbers = [] } of this.contents) this.#announced.addAll(numbers)
    }
    return this.#announced
  }

  /** How many prefixes the messages `from` (included) to `to` (excluded) announce. */
  prefixesIn(from: number, to: number): number {
    if (this.#prefixesBefore === undefined) {
      let sum = 0
      this.#prefixesBefore = [0, ...this.contents.map(({ announced }) => (sum += announced.length))]
    }
    return this.#prefixesBefore[to]! - this.#prefixesBefore[from]!
  }
}

/** Nothing where a message withdraws something or announces nothing. */
export interface CommonPath {
  /** ASes that are in each path. */
  readonly asns: readonly number[]
  /** The AS that each path begins with. */
  readonly leadingAsn: number | undefined
}

const NOTHING_COMMON: CommonPath = { asns: [], leadingAsn: undefined }

function commonPath(updates: readonly BgpUpdate[]): CommonPath {
  const [first] = updates
  let asns = first?.attributes?.asPath.flatMap(segment => segment.asns) ?? []
  const leading = leadingAsn(first?.attributes?.asPath ?? [])
  for (const { attributes, numbers, withdrawn } of updates) {
    if (attributes === undefined || numbers === undefined || withdrawn.length > 0) return NOTHING_COMMON
    const { asPath } = attributes
    if (hasConfederation(asPath) || leadingAsn(asPath) !== leading) return NOTHING_COMMON
    asns = asns.filter(asn => asPath.some(segment => segment.asns.includes(asn)))
    if (asns.length === 0) return NOTHING_COMMON
  }
  return { asns, leadingAsn: leading }
}
