import type { BfdControlPacket } from './bfd.ts'
import type { GenevePacket } from './geneve.ts'

/** A UDP datagram, RFC 768. */
export interface UdpDatagram {
  readonly kind: 'udp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly payloadBytes: number
  /** What it carries, where that matters. Without it a capture shows traceroute's pattern (`udpPatternByte`). */
  readonly payload?: UdpPayload
}

/** What a datagram carries where more than its length is known. */
export type UdpPayload = GenevePacket | BfdControlPacket | RawUdpPayload

/** Bytes of a protocol that is not modelled, as read from a capture. */
interface RawUdpPayload {
  readonly kind: 'bytes'
  readonly bytes: Uint8Array
}

/** Ports, length and checksum. */
export const UDP_HEADER_BYTES = 8

/** Byte at an offset of a payload that is only counted: what traceroute puts in its probes (init_data of traceroute.c). */
export function udpPatternByte(offset: number): number {
  return 0x40 + (offset & 0x3f)
}
