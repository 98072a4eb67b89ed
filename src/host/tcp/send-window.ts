import { assert } from '../../assert.ts'
import type { StreamRecord, StreamSlice } from '../../wire/stream.ts'

/** Position of the first byte of data: the SYN has position 0. */
export const FIRST_DATA = 1

/**
 * What has been written and not yet acknowledged: records, where each ends in the stream, and where PSH belongs.
 * Slices of it become segments; nothing is copied.
 */
export class SendWindow {
  /** Position behind the last byte written. */
  end = FIRST_DATA
  #records: StreamRecord[] = []
  #ends: number[] = []
  #head = 0
  #pushes: number[] = []
  #pushHead = 0
  #lastPush = FIRST_DATA

  /**
   * Takes one write. PSH goes to its end, and inside it wherever half of the peer's window went by without one
   * (forced_push, net/ipv4/tcp.c).
   */
  append(records: readonly StreamRecord[], segmentBytes: number, peerWindowBytes: number): void {
    let filled = this.end
    for (const record of records) {
      assert(record.bytes > 0, 'a stream record has at least one byte')
      this.end += record.bytes
      this.#records.push(record)
      this.#ends.push(this.end)
    }
    for (filled += segmentBytes; filled < this.end; filled += segmentBytes) {
      if (filled - this.#lastPush > peerWindowBytes / 2) this.#push(filled)
    }
    this.#push(this.end)
  }

  /** The parts of records between two positions. */
  slices(from: number, to: number): readonly StreamSlice[] {
    if (from === to) return NO_SLICES
    const slices: StreamSlice[] = []
    let index = this.#find(from)
    for (let position = from; position < to; index += 1) {
      const record = this.#records[index]!
      const end = this.#ends[index]!
      const start = end - record.bytes
      const sliceEnd = Math.min(end, to)
      slices.push({ record, from: position - start, to: sliceEnd - start })
      position = sliceEnd
    }
    return slices
  }

  /** Whether a segment of these positions carries PSH. */
  hasPush(from: number, to: number): boolean {
    for (let index = this.#pushHead; index < this.#pushes.length; index += 1) {
      const push = this.#pushes[index]!
      if (push > from) return push <= to
    }
    return false
  }

  /** Forgets what lies before the position: it is acknowledged. */
  release(position: number): void {
    while (this.#head < this.#ends.length && this.#ends[this.#head]! <= position) this.#head += 1
    while (this.#pushHead < this.#pushes.length && this.#pushes[this.#pushHead]! <= position) this.#pushHead += 1
    if (this.#head === this.#ends.length || this.#head >= 1024) {
      this.#records.splice(0, this.#head)
      this.#ends.splice(0, this.#head)
      this.#head = 0
    }
    if (this.#pushHead === this.#pushes.length || this.#pushHead >= 1024) {
      this.#pushes.splice(0, this.#pushHead)
      this.#pushHead = 0
    }
  }

  #push(position: number): void {
    this.#pushes.push(position)
    this.#lastPush = position
  }

  /** Index of the record that holds the byte at the position. */
  #find(position: number): number {
    let low = this.#head
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ends[middle]! <= position) low = middle + 1
      else high = middle
    }
    return low
  }
}

const NO_SLICES: readonly StreamSlice[] = []
