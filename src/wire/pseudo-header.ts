import type { Ipv4Packet } from './ipv4.ts'

/** Both addresses of a packet. */
export type PacketEnds = Pick<Ipv4Packet, 'source' | 'destination'>

/** Sum of the pseudo header that TCP and UDP checksums cover, to start `internetChecksum` with (RFC 9293 §3.1). */
export function pseudoHeaderSum(ends: PacketEnds, protocol: number, lengthBytes: number): number {
  const { source, destination } = ends
  const addresses = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff)
  return addresses + protocol + lengthBytes
}
