import type { MacAddress } from './address.ts'
import { ARP_BYTES, type ArpPacket } from './arp.ts'
import { type Ipv4Packet, ipv4PacketBytes } from './ipv4.ts'

/** An Ethernet II frame. The EtherType follows from the payload's kind. */
export interface EthernetFrame {
  readonly source: MacAddress
  readonly destination: MacAddress
  readonly payload: ArpPacket | Ipv4Packet
}

/** Header of an Ethernet II frame without a VLAN tag; the trailing check sequence is not counted, as in captures. */
export const ETHERNET_HEADER_BYTES = 14

/** Length of the frame as a capture shows it. */
export function frameBytes(frame: EthernetFrame): number {
  return ETHERNET_HEADER_BYTES + payloadBytes(frame)
}

/** Length of what the frame carries. */
function payloadBytes(frame: EthernetFrame): number {
  return frame.payload.kind === 'arp' ? ARP_BYTES : ipv4PacketBytes(frame.payload)
}

/** What an MTU limits: the length of what the frame carries, or of its longest fragment. */
export function longestPieceBytes(frame: EthernetFrame): number {
  const { payload } = frame
  return payload.kind === 'ipv4' && payload.fragmentBytes !== undefined ? payload.fragmentBytes : payloadBytes(frame)
}
