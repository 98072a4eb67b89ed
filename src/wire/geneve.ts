import type { EthernetFrame } from './ethernet.ts'
import { frameBytes } from './ethernet.ts'
import { type Ipv4Packet, ipv4PacketBytes } from './ipv4.ts'

/** What a datagram to UDP port 6081 carries: a tunnelled frame or packet, RFC 8926. */
export interface GenevePacket {
  readonly kind: 'geneve'
  /** 24 bits. */
  readonly vni: number
  /** The O bit: a control packet. */
  readonly isControl: boolean
  readonly options: readonly GeneveOption[]
  readonly payload: EthernetFrame | Ipv4Packet
}

/** One option; the top bit of `type` says that who does not know it must drop the packet. */
export interface GeneveOption {
  readonly class: number
  readonly type: number
  /** A multiple of four bytes, 124 at most. */
  readonly data: readonly number[]
}

/** UDP port, RFC 8926 §3.3. */
export const GENEVE_PORT = 6081
const GENEVE_HEADER_BYTES = 8

/** Encoded length, of what it carries too: the `payloadBytes` of the datagram around it. */
export function genevePacketBytes(packet: GenevePacket): number {
  const { payload } = packet
  return geneveHeaderBytes(packet) + ('kind' in payload ? ipv4PacketBytes(payload) : frameBytes(payload))
}

/** Length of the header with its options. */
function geneveHeaderBytes(packet: GenevePacket): number {
  let bytes = GENEVE_HEADER_BYTES
  for (const option of packet.options) bytes += 4 + option.data.length
  return bytes
}
