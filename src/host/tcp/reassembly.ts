import { indexAfter, type RecordList, type StreamSlice } from '../../wire/stream.ts'

/** A received part of the stream that lies ahead of a hole. */
interface Island {
  readonly start: number
  readonly end: number
  readonly slices: readonly StreamSlice[]
}

/** Records of a list that have arrived whole: from `from` (included) to `to` (excluded). */
export interface ArrivedRecords {
  readonly records: RecordList
  readonly from: number
  readonly to: number
}

export interface Range {
  readonly start: number
  readonly end: number
}

/** Most islands kept: about what the receive buffer holds in full segments. Ours. */
const ISLANDS_MAX = 256

/**
 * Puts received slices in order. A record comes out once, when its last byte has come in order, however often and in
 * whatever pieces it was sent.
 */
export class Reassembly {
  /** RCV.NXT as a position: everything before it has arrived. */
  next = 0
  #ready: ArrivedRecords[] = NONE_ARRIVED
  /** Sorted by start. */
  #islands: Island[] = NO_ISLANDS
  #latest: Island | undefined

  /** Whether a part beyond a hole waits. */
  get hasHole(): boolean {
    return this.#islands.length > 0
  }

  /** Takes the data of a segment that starts at `start`. Returns whether RCV.NXT moved. */
  receive(start: number, end: number, slices: readonly StreamSlice[]): boolean {
    if (end <= this.next) return false
    if (start > this.next) {
      this.#keep({ start, end, slices })
      return false
    }
    this.#advance(start, end, slices)
    while (this.#islands.length > 0 && this.#islands[0]!.start <= this.next) {
      const island = this.#islands.shift()!
      if (island.end > this.next) this.#advance(island.start, island.end, island.slices)
    }
    return true
  }

  /** The records that are complete and not yet taken, in order. */
  takeReady(): readonly ArrivedRecords[] {
    const ready = this.#ready
    this.#ready = NONE_ARRIVED
    return ready
  }

  /** The islands for SACK (RFC 2018 §4): the one that grew last first, the others after it. */
  ranges(max: number): readonly Range[] {
    const merged: { start: number; end: number }[] = []
    for (const island of this.#islands) {
      const last = merged.at(-1)
      if (last !== undefined && island.start <= last.end) last.end = Math.max(last.end, island.end)
      else merged.push({ start: island.start, end: island.end })
    }
    const latest = this.#latest
    const first = latest && merged.findIndex(range => range.start <= latest.start && latest.end <= range.end)
    if (first !== undefined && first > 0) merged.unshift(...merged.splice(first, 1))
    return merged.slice(0, max)
  }

  #advance(start: number, end: number, slices: readonly StreamSlice[]): void {
    let position = start
    for (const { records, from, to } of slices) {
      const { ends } = records
      const first = indexAfter(ends, from + Math.max(0, this.next - position))
      const behind = indexAfter(ends, to)
      if (first < behind) this.#arrive({ records, from: first, to: behind })
      position += to - from
    }
    this.next = end
  }

  #arrive(arrived: ArrivedRecords): void {
    if (this.#ready === NONE_ARRIVED) this.#ready = []
    this.#ready.push(arrived)
  }

  #keep(island: Island): void {
    this.#latest = island
    const index = this.#islands.findIndex(other => other.start >= island.start)
    const at = index < 0 ? this.#islands.length : index
    const present = this.#islands[at]
    if (present !== undefined && present.start === island.start && present.end >= island.end) return
    if (this.#islands === NO_ISLANDS) this.#islands = []
    if (this.#islands.length < ISLANDS_MAX) this.#islands.splice(at, 0, island)
  }
}

// connections are many and mostly idle: they have no arrays of their own then
const NONE_ARRIVED: ArrivedRecords[] = []
const NO_ISLANDS: Island[] = []
