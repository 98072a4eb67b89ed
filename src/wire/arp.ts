import type { Ipv4Address, MacAddress } from './address.ts'

/** ARP for IPv4 over Ethernet, RFC 826. */
export interface ArpPacket {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  readonly senderMac: MacAddress
  readonly senderAddress: Ipv4Address
  readonly targetMac: MacAddress
  readonly targetAddress: Ipv4Address
}

/** Bytes of an ARP packet for IPv4 over Ethernet. */
export const ARP_BYTES = 28
