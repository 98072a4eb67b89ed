import type { StreamRecord, StreamSlice } from '../../wire/stream.ts'

/** A received part of the stream that lies ahead of a hole. */
interface Island {
  readonly start: number
  readonly end: number
  readonly slices: readonly StreamSlice[]
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
  #ready: StreamRecord[] = []
  /** Sorted by start. */
  #islands: Island[] = []
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
  takeReady(): readonly StreamRecord[] {
    if (this.#ready.length === 0) return NO_RECORDS
    const ready = this.#ready
    this.#ready = []
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
    for (const slice of slices) {
      position += slice.to - slice.from
      if (position > this.next && slice.to === slice.record.bytes) this.#ready.push(slice.record)
    }
    this.next = end
  }

  #keep(island: Island): void {
    this.#latest = island
    const index = this.#islands.findIndex(other => other.start >= island.start)
    const at = index < 0 ? this.#islands.length : index
    const present = this.#islands[at]
    if (present !== undefined && present.start === island.start && present.end >= island.end) return
    if (this.#islands.length < ISLANDS_MAX) this.#islands.splice(at, 0, island)
  }
}

const NO_RECORDS: readonly StreamRecord[] = []
