import type { ArpPacket } from '../wire/arp.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import { TCP_FLAG, type TcpSegment } from '../wire/tcp.ts'

/**
 * What makes a packet recognisable wherever it passes, where its payload was made anew: the same before and after address
 * translation, options, tunnels and TTL. For TCP the numbers, flags and time stamp (a segment sent again has another one),
 * for echoes the time stamp inside, for other datagrams the IP identification, for errors what they are about.
 *
 * @returns undefined when nothing in it is its own
 */
export function packetIdentity(packet: Ipv4Packet): string | undefined {
  const { payload, identification } = innermost(packet)
  if (payload.kind === 'tcp') {
    const { sequence, acknowledgment, flags, payloadBytes, options } = payload
    return `tcp ${sequence} ${acknowledgment} ${flags} ${payloadBytes} ${options.timestamps?.value ?? ''}`
  }
  if (payload.kind === 'icmp' && 'quoted' in payload)
    return `icmp ${payload.type} ${payload.code} about ${packetIdentity(payload.quoted)}`
  if (payload.kind === 'icmp') return `icmp ${payload.type} ${payload.sequence} ${payload.sentAtNs}`
  return identification === 0 ? undefined : `udp ${identification}`
}

/** Whether one frame answers another, seen where the latter arrived. */
export function isAnswer(request: EthernetFrame, answer: EthernetFrame): boolean {
  if (request.payload.kind === 'arp' || answer.payload.kind === 'arp')
    return (
      request.payload.kind === 'arp' && answer.payload.kind === 'arp' && isArpAnswer(request.payload, answer.payload)
    )
  const asked = innermost(request.payload)
  const given = innermost(answer.payload)
  const { payload } = given
  if (payload.kind === 'icmp' && 'quoted' in payload)
    return packetIdentity(payload.quoted) === packetIdentity(request.payload)
  if (asked.payload.kind === 'icmp' && payload.kind === 'icmp')
    return (
      !('quoted' in asked.payload) &&
      asked.payload.type === 8 &&
      payload.type === 0 &&
      payload.sentAtNs === asked.payload.sentAtNs &&
      payload.sequence === asked.payload.sequence
    )
  if (asked.payload.kind === 'tcp' && payload.kind === 'tcp')
    return arePortsSwapped(asked.payload, payload) && acknowledges(payload, asked.payload)
  return asked.payload.kind === 'udp' && payload.kind === 'udp' && arePortsSwapped(asked.payload, payload)
}

/** Packets that nobody answers: plain acknowledgements, errors. */
export function isAnswerable({ payload }: EthernetFrame): boolean {
  if (payload.kind === 'arp') return payload.operation === 'request'
  const inner = innermost(payload).payload
  if (inner.kind === 'tcp') return (inner.flags & TCP_FLAG.rst) === 0 && spanOf(inner) > 0
  if (inner.kind === 'icmp') return inner.type === 8
  return true
}

/** Whether the frame itself is an answer, and what it answers can be looked for: SYN ACK, echo reply, ARP reply. */
export function isReply({ payload }: EthernetFrame): boolean {
  if (payload.kind === 'arp') return payload.operation === 'reply'
  const inner = innermost(payload).payload
  if (inner.kind === 'icmp') return inner.type === 0 || 'quoted' in inner
  return inner.kind === 'tcp' && (inner.flags & TCP_FLAG.syn) !== 0 && (inner.flags & TCP_FLAG.ack) !== 0
}

/** Out of all tunnels. */
export function innermost(packet: Ipv4Packet): Ipv4Packet {
  const { payload } = packet
  if (payload.kind === 'ipv4') return innermost(payload)
  if (payload.kind !== 'udp' || payload.payload?.kind !== 'geneve') return packet
  const inside = payload.payload.payload
  const inner = 'kind' in inside ? inside : inside.payload
  return inner.kind === 'ipv4' ? innermost(inner) : packet
}

function isArpAnswer(request: ArpPacket, answer: ArpPacket): boolean {
  return (
    request.operation === 'request' && answer.operation === 'reply' && answer.senderAddress === request.targetAddress
  )
}

interface Ports {
  readonly sourcePort: number
  readonly destinationPort: number
}

function arePortsSwapped(one: Ports, other: Ports): boolean {
  return one.sourcePort === other.destinationPort && one.destinationPort === other.sourcePort
}

/** Sequence numbers a segment takes. */
function spanOf({ flags, payloadBytes }: TcpSegment): number {
  return payloadBytes + ((flags & TCP_FLAG.syn) === 0 ? 0 : 1) + ((flags & TCP_FLAG.fin) === 0 ? 0 : 1)
}

function acknowledges({ flags, acknowledgment }: TcpSegment, { sequence, ...segment }: TcpSegment): boolean {
  if ((flags & TCP_FLAG.ack) === 0) return false
  const end = (sequence + spanOf({ sequence, ...segment })) >>> 0
  return ((acknowledgment - end) | 0) >= 0
}
