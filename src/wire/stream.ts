/**
 * One application message inside a TCP stream (a BGP message, an HTTP head, a body). The simulator moves the object; its
 * length makes windows, segments and retransmission exact; its bytes exist only when a capture asks for them.
 */
export interface StreamRecord {
  /** Encoded length. */
  readonly bytes: number
  /** What the receiver gets: a `BgpMessage`, an `HttpMessage` … */
  readonly content: StreamContent
}

/** A part of a record inside one segment: bytes `from` (included) to `to` (excluded). */
export interface StreamSlice {
  readonly record: StreamRecord
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
