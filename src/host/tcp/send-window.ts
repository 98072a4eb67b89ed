import { listBytes, type RecordList, type StreamSlice } from '../../wire/stream.ts'

/** Position of the first byte of data: the SYN has position 0. */
export const FIRST_DATA = 1

/**
 * What has been written and not yet acknowledged: the lists of records as they were given, one for each write, where each
 * ends in the stream, and where PSH belongs. Slices of them become segments; nothing is copied.
 */
export class SendWindow {
  /** Position behind the last byte written. */
  end = FIRST_DATA
  #writes: Write[] = NO_WRITES
  #head = 0
  #lastPush = FIRST_DATA

  /**
   * Takes one write, which is not empty. PSH goes to its end, and inside it wherever half of the peer's window went by
   * without one (forced_push, net/ipv4/tcp.c).
   */
  append(records: RecordList, segmentBytes: number, peerWindowBytes: number): void {
    const start = this.end
    this.end += listBytes(records)
    let pushes = NO_PUSHES
    for (let filled = start + segmentBytes; filled < this.end; filled += segmentBytes) {
      if (filled - this.#lastPush <= peerWindowBytes / 2) continue
      pushes = [...pushes, filled]
      this.#lastPush = filled
    }
    this.#lastPush = this.end
    // an idle connection, of which there are many, has no array of its own
    if (this.#writes === NO_WRITES) this.#writes = []
    this.#writes.push({ records, end: this.end, pushes })
  }

  /** What lies between two positions. */
  slices(from: number, to: number): readonly StreamSlice[] {
    if (from === to) return NO_SLICES
    const slices: StreamSlice[] = []
    for (let index = this.#find(from), position = from; position < to; index += 1) {
      const { records, end } = this.#writes[index]!
      const start = end - listBytes(records)
      const sliceEnd = Math.min(end, to)
      slices.push({ records, from: position - start, to: sliceEnd - start })
      position = sliceEnd
    }
    return slices
  }

  /** Whether a segment of these positions carries PSH. */
  hasPush(from: number, to: number): boolean {
    const { end, pushes } = this.#writes[this.#find(from)]!
    return end <= to || pushes.some(push => from < push && push <= to)
  }

  /** Forgets what lies before the position: it is acknowledged. */
  release(position: number): void {
    if (position >= this.end) this.#writes = NO_WRITES
    this.#head = this.#writes === NO_WRITES ? 0 : this.#find(position)
    if (this.#head < HEAD_MAX) return
    this.#writes.splice(0, this.#head)
    this.#head = 0
  }

  /** Index of the write that holds the byte at the position. */
  #find(position: number): number {
    const writes = this.#writes
    let low = this.#head
    let high = writes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (writes[middle]!.end <= position) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Write {
  readonly records: RecordList
  /** Position behind its last byte. */
  readonly end: number
  /** Positions of PSH inside it. */
  readonly pushes: readonly number[]
}

/** Acknowledged writes at the head of the queue that are not worth moving the others. */
const HEAD_MAX = 1024
const NO_WRITES: Write[] = []
const NO_PUSHES: readonly number[] = []
const NO_SLICES: readonly StreamSlice[] = []
