import { assert } from '../assert.ts'

/**
 * Application messages (BGP messages, an HTTP head, a body) one behind the other, as a program writes them into a TCP
 * connection. The simulator moves the objects; their lengths make windows, segments and retransmission exact; their bytes
 * exist only when a capture asks for them.
 *
 * A list never changes, so the very same one may be written into any number of connections, and what TCP does with it costs
 * by the segment, not by the record.
 */
export interface RecordList {
  /** What the receivers get: `BgpMessage`, `HttpContent` … */
  readonly contents: readonly StreamContent[]
  /** Where each record ends: bytes from the start of the first. */
  readonly ends: readonly number[]
}

/** A part of a list inside one segment: bytes `from` (included) to `to` (excluded), which may cut records. */
export interface StreamSlice {
  readonly records: RecordList
  readonly from: number
  readonly to: number
}

/** Application messages are told apart by `protocol`. */
export interface StreamContent {
  readonly protocol: 'bgp' | 'http' | 'bytes'
}

/** Content that a capture could not tell more about: part of a message, or of an unknown protocol. */
export interface BytesContent extends StreamContent {
  readonly protocol: 'bytes'
  readonly bytes: Uint8Array
}

/** Takes the records `from` (included) to `to` (excluded) of a list. */
export type RecordsHandler = (records: RecordList, from: number, to: number) => void

/** Makes a list. `contents` must not change afterwards. @param bytesOf encoded length, at least 1 */
export function recordList<Content extends StreamContent>(
  contents: readonly Content[],
  bytesOf: (content: Content) => number,
): RecordList {
  const ends: number[] = []
  let end = 0
  for (const content of contents) {
    const bytes = bytesOf(content)
    assert(bytes > 0, 'a stream record has at least one byte')
    end += bytes
    ends.push(end)
  }
  return { contents, ends }
}

/** Bytes of all records of a list. */
export function listBytes({ ends }: RecordList): number {
  return ends.length === 0 ? 0 : ends[ends.length - 1]!
}

/** Bytes of one record of a list. */
export function recordBytes({ ends }: RecordList, index: number): number {
  return index === 0 ? ends[0]! : ends[index]! - ends[index - 1]!
}

/** Index of the first end behind the position: the record that holds the byte there; as many as there are if none does. */
export function indexAfter(ends: readonly number[], position: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! <= position) low = middle + 1
    else high = middle
  }
  return low
}

/** A handler for programs that look at one record after the other. */
export function eachRecord(visit: (content: StreamContent, bytes: number) => void): RecordsHandler {
  return (records, from, to) => {
    for (let index = from; index < to; index += 1) visit(records.contents[index]!, recordBytes(records, index))
  }
}
