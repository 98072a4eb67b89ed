/**
 * Sequence numbers (RFC 9293 §3.4). Inside a connection positions are plain integers counted from the SYN (position 0), so
 * nothing wraps; only the header field is taken modulo 2^32.
 */

/** The header field for a position of a stream that starts at `initial`. */
export function toSequence(initial: number, position: number): number {
  return (initial + position) % 0x1_0000_0000
}

/** The position that a header field means: the one nearest to `near`, which may be before it. */
export function toPosition(initial: number, sequence: number, near: number): number {
  return near + ((sequence - initial - near) | 0)
}
