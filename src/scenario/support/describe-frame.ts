import { formatIpv4, formatMac } from '../../wire/address.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG } from '../../wire/tcp.ts'

/** A frame in one line: `10.0.0.1:40000 > 10.0.0.2:80 tcp SYN ttl 64`. */
export function describeFrame({ payload }: EthernetFrame): string {
  if (payload.kind !== 'arp') return describePacket(payload)
  const { operation, senderAddress, senderMac, targetAddress } = payload
  return operation === 'request'
    ? `arp who-has ${formatIpv4(targetAddress)} tell ${formatIpv4(senderAddress)}`
    : `arp ${formatIpv4(senderAddress)} is-at ${formatMac(senderMac)}`
}

/** An IPv4 packet in one line. */
export function describePacket({ source, destination, ttl, payload }: Ipv4Packet): string {
  const from = formatIpv4(source)
  const to = formatIpv4(destination)
  switch (payload.kind) {
    case 'tcp':
      return `${from}:${payload.sourcePort} > ${to}:${payload.destinationPort} tcp ${flagsText(payload.flags)} length ${payload.payloadBytes} ttl ${ttl}`
    case 'udp':
      return `${from}:${payload.sourcePort} > ${to}:${payload.destinationPort} udp length ${payload.payloadBytes} ttl ${ttl}`
    case 'icmp':
      return `${from} > ${to} icmp type ${payload.type} code ${payload.code} ttl ${ttl}`
    case 'ipv4':
      return `${from} > ${to} ipip ttl ${ttl} (${describePacket(payload)})`
  }
}

function flagsText(flags: number): string {
  const names = Object.entries(TCP_FLAG).filter(([, bit]) => (flags & bit) !== 0)
  return names.map(([name]) => name.toUpperCase()).join('+') || 'none'
}
