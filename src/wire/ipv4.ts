import type { Ipv4Address } from './address.ts'
import { type IcmpMessage, icmpBytes } from './icmp.ts'
import { type TcpSegment, tcpHeaderBytes } from './tcp.ts'
import { UDP_HEADER_BYTES, type UdpDatagram } from './udp.ts'

/**
 * An IPv4 packet, RFC 791. One that would travel in fragments is moved whole, as one frame that notes their length.
 * Differs from Linux: fragments cannot be lost or captured one by one.
 */
export interface Ipv4Packet {
  readonly kind: 'ipv4'
  readonly source: Ipv4Address
  readonly destination: Ipv4Address
  readonly ttl: number
  /** The whole DSCP/ECN byte. */
  readonly tos: number
  readonly identification: number
  readonly dontFragment: boolean
  readonly options: readonly Ipv4Option[]
  readonly payload: IcmpMessage | TcpSegment | UdpDatagram | Ipv4Packet
  /** Length of the longest fragment while it travels as several; set by the host that splits it. */
  readonly fragmentBytes?: number
}

/** One IPv4 header option; `data` excludes the type and length bytes. */
export interface Ipv4Option {
  readonly type: number
  readonly data: readonly number[]
}

/** Length of a header without options. */
export const IPV4_HEADER_BYTES = 20

/** Total length of the packet, header and options included. */
export function ipv4PacketBytes(packet: Ipv4Packet): number {
  return ipv4HeaderBytes(packet) + ipv4PayloadBytes(packet.payload)
}

/** Header length, options padded to four bytes. */
export function ipv4HeaderBytes(packet: Ipv4Packet): number {
  if (packet.options.length === 0) return IPV4_HEADER_BYTES
  let bytes = 0
  for (const option of packet.options) bytes += 2 + option.data.length
  return IPV4_HEADER_BYTES + 4 * Math.ceil(bytes / 4)
}

function ipv4PayloadBytes(payload: Ipv4Packet['payload']): number {
  switch (payload.kind) {
    case 'tcp':
      return tcpHeaderBytes(payload) + payload.payloadBytes
    case 'udp':
      return UDP_HEADER_BYTES + payload.payloadBytes
    case 'icmp':
      return icmpBytes(payload)
    case 'ipv4':
      return ipv4PacketBytes(payload)
  }
}

/** IP protocol number of a payload. */
export function protocolNumber(payload: Ipv4Packet['payload']): number {
  switch (payload.kind) {
    case 'icmp':
      return 1
    case 'ipv4':
      return 4
    case 'tcp':
      return 6
    case 'udp':
      return 17
  }
}
