import { z } from 'zod'
import { formatIpv4, formatMac, parsePrefix, prefixContains } from '../../wire/address.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import { frameBytes } from '../../wire/ethernet.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG } from '../../wire/tcp.ts'
import { macAddress, prefix } from '../values.ts'

const port = z.int().min(0).max(65535)
const flagName = z.enum(['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'])

/** An address stands for itself, a prefix for all in it. */
const addressOrPrefix = z.union([prefix, z.string().refine(text => parsePrefix(`${text}/32`) !== undefined)], {
  error: 'expected an IPv4 address or prefix',
})

/** Header fields that a frame must have; all that are given must fit. */
export const framePattern = z.strictObject({
  protocol: z.enum(['arp', 'icmp', 'tcp', 'udp', 'ipv4']).optional(),
  source: addressOrPrefix.optional(),
  destination: addressOrPrefix.optional(),
  sourcePort: port.optional(),
  destinationPort: port.optional(),
  /** TCP flags, exactly these. */
  flags: z.array(flagName).optional(),
  ttl: z.int().min(0).max(255).optional(),
  tos: z.int().min(0).max(255).optional(),
  icmpType: z.int().min(0).max(255).optional(),
  arp: z.enum(['request', 'reply']).optional(),
  sourceMac: macAddress.optional(),
  destinationMac: macAddress.optional(),
  bytes: z.int().min(0).optional(),
  /** Types of IPv4 options that must be there. */
  options: z.array(z.int().min(0).max(255)).optional(),
})

export type FramePattern = z.infer<typeof framePattern>

/** ` where tcp to 10.0.0.1 port 80`; empty for a pattern that fits everything. */
export function describePattern(pattern: FramePattern): string {
  const facts = Object.entries(pattern).map(([key, value]) => `${key} ${[value].flat().join('+')}`)
  return facts.length === 0 ? '' : ` with ${facts.join(', ')}`
}

/** Whether a frame has every field of the pattern. Fields of IP are those of the outer header. */
export function fitsPattern(frame: EthernetFrame, pattern: FramePattern): boolean {
  const { payload } = frame
  if (pattern.sourceMac !== undefined && formatMac(frame.source) !== pattern.sourceMac.toLowerCase()) return false
  if (pattern.destinationMac !== undefined && formatMac(frame.destination) !== pattern.destinationMac.toLowerCase())
    return false
  if (pattern.bytes !== undefined && frameBytes(frame) !== pattern.bytes) return false
  const kind = payload.kind === 'arp' ? 'arp' : payload.payload.kind
  if (pattern.protocol !== undefined && pattern.protocol !== kind) return false
  if (pattern.arp !== undefined && (payload.kind !== 'arp' || payload.operation !== pattern.arp)) return false
  const source = payload.kind === 'arp' ? payload.senderAddress : payload.source
  const destination = payload.kind === 'arp' ? payload.targetAddress : payload.destination
  if (!isIn(source, pattern.source) || !isIn(destination, pattern.destination)) return false
  return payload.kind === 'arp' ? !needsIpv4(pattern) : fitsPacket(payload, pattern)
}

function needsIpv4({ ttl, tos, icmpType, flags, sourcePort, destinationPort, options }: FramePattern): boolean {
  return [ttl, tos, icmpType, flags, sourcePort, destinationPort, options].some(field => field !== undefined)
}

function fitsPacket(packet: Ipv4Packet, pattern: FramePattern): boolean {
  const { payload } = packet
  if (pattern.ttl !== undefined && packet.ttl !== pattern.ttl) return false
  if (pattern.tos !== undefined && packet.tos !== pattern.tos) return false
  if (pattern.options?.some(type => !packet.options.some(option => option.type === type))) return false
  if (pattern.icmpType !== undefined && !(payload.kind === 'icmp' && payload.type === pattern.icmpType)) return false
  const ports = payload.kind === 'tcp' || payload.kind === 'udp' ? payload : undefined
  if (pattern.sourcePort !== undefined && ports?.sourcePort !== pattern.sourcePort) return false
  if (pattern.destinationPort !== undefined && ports?.destinationPort !== pattern.destinationPort) return false
  if (pattern.flags === undefined) return true
  const wanted = pattern.flags.reduce((sum, name) => sum | TCP_FLAG[name.toLowerCase() as keyof typeof TCP_FLAG], 0)
  return payload.kind === 'tcp' && payload.flags === wanted
}

function isIn(address: Ipv4Packet['source'], wanted: string | undefined): boolean {
  if (wanted === undefined) return true
  const range = parsePrefix(wanted)
  return range === undefined ? formatIpv4(address) === wanted : prefixContains(range, address)
}
