import type { StreamSlice } from './stream.ts'

/** A TCP segment, RFC 9293. Sequence numbers are unsigned 32-bit integers. */
export interface TcpSegment {
  readonly kind: 'tcp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  /** Meaningless unless the ACK flag is set. */
  readonly acknowledgment: number
  /** Union of `TCP_FLAG` bits. */
  readonly flags: number
  /** As in the header: not scaled. */
  readonly window: number
  readonly options: TcpOptions
  readonly payload: readonly StreamSlice[]
  /** Length of the slices together. */
  readonly payloadBytes: number
}

/** Bits of the flags byte, RFC 9293 §3.1. */
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const

/** Options as Linux sends them, in that order: mss, sackOK, TS, wscale; later segments nop, nop, TS [, nop, nop, sack]. */
export interface TcpOptions {
  readonly maximumSegmentSize?: number
  readonly sackPermitted?: boolean
  readonly timestamps?: { readonly value: number; readonly echo: number }
  readonly windowScale?: number
  readonly sack?: readonly { readonly left: number; readonly right: number }[]
  /** The key of the MD5 signature of RFC 2385: equal keys stand for equal signatures. */
  readonly md5Password?: string
  /** The signature itself, 16 bytes: only in segments read from a capture, where the key is not known. */
  readonly md5Signature?: readonly number[]
}

/** Length of a header without options. */
export const TCP_HEADER_BYTES = 20

/** Header length, options padded to four bytes as Linux lays them out. */
export function tcpHeaderBytes(segment: TcpSegment): number {
  const { maximumSegmentSize, sackPermitted, timestamps, windowScale, sack, md5Password, md5Signature } =
    segment.options
  let bytes = 0
  if (maximumSegmentSize !== undefined) bytes += 4
  if (timestamps !== undefined) bytes += 12
  else if (sackPermitted) bytes += 4
  if (windowScale !== undefined) bytes += 4
  if (sack !== undefined && sack.length > 0) bytes += 4 + 8 * sack.length
  if (md5Password !== undefined || md5Signature !== undefined) bytes += 20
  return TCP_HEADER_BYTES + bytes
}
