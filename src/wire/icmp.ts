import type { Ipv4Address } from './address.ts'
import type { Ipv4Packet } from './ipv4.ts'

/** ICMP, RFC 792 and 1191. */
export type IcmpMessage = IcmpEcho | IcmpError | IcmpRedirect

/** An echo request or its reply. */
export interface IcmpEcho {
  readonly kind: 'icmp'
  /** 8 request, 0 reply. */
  readonly type: 0 | 8
  readonly code: 0
  readonly identifier: number
  readonly sequence: number
  /** Bytes behind the 8-byte header: 56 for a plain ping. */
  readonly dataBytes: number
  /** When the request left, nanoseconds: what ping keeps in the data. */
  readonly sentAtNs: number
  /** The data itself when it is not what ping sends: only in messages read from a capture. */
  readonly data?: Uint8Array
}

/** An error about a packet, the start of which it quotes. */
export interface IcmpError {
  readonly kind: 'icmp'
  /** 3 destination unreachable, 11 time exceeded, 12 parameter problem. */
  readonly type: 3 | 11 | 12
  readonly code: number
  /** Only for 3/4, fragmentation needed. */
  readonly nextHopMtuBytes?: number
  /** The packet that caused it, as it was when the error was made. */
  readonly quoted: Ipv4Packet
  /** How much of it is quoted. */
  readonly quotedBytes: number
}

/** A router knows a better first hop. */
export interface IcmpRedirect {
  readonly kind: 'icmp'
  readonly type: 5
  readonly code: 0 | 1
  readonly gateway: Ipv4Address
  readonly quoted: Ipv4Packet
  readonly quotedBytes: number
}

/** Type, code, checksum and the four bytes whose meaning depends on the type. */
export const ICMP_HEADER_BYTES = 8

/** Codes of destination unreachable, RFC 792 and RFC 1812 §5.2.7.1. */
export const ICMP_UNREACHABLE = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  prohibited: 13,
} as const

/** Encoded length. */
export function icmpBytes(message: IcmpMessage): number {
  return ICMP_HEADER_BYTES + ('dataBytes' in message ? message.dataBytes : message.quotedBytes)
}
