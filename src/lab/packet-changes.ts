import { formatIpv4 } from '../wire/address.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'

/** What became of a packet, one line each: `destination 10.0.5.100:80 -> 10.1.1.134:80`, `TTL 64 -> 63`. */
export function packetChanges(before: Ipv4Packet, after: Ipv4Packet): readonly string[] {
  const changes: string[] = []
  for (const end of ['source', 'destination'] as const) {
    const [was, is] = [endText(before, end), endText(after, end)]
    if (was !== is) changes.push(`${end} ${was} -> ${is}`)
  }
  if (before.payload.kind !== after.payload.kind) changes.push(`${before.payload.kind} in ${after.payload.kind}`)
  if (after.options.length > before.options.length) changes.push('IP option added')
  if (after.options.length < before.options.length) changes.push('IP option taken away')
  if (after.ttl !== before.ttl) changes.push(`TTL ${before.ttl} -> ${after.ttl}`)
  return changes
}

function endText({ payload, ...packet }: Ipv4Packet, end: 'source' | 'destination'): string {
  const address = formatIpv4(packet[end])
  if (payload.kind !== 'tcp' && payload.kind !== 'udp') return address
  return `${address}:${end === 'source' ? payload.sourcePort : payload.destinationPort}`
}
