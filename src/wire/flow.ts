/**
 * The addresses and ports by which packets are tracked and translated, and rewriting them. An ICMP echo counts its identifier as the
 * port of the side that asked. Other ICMP messages have no flow.
 */
import type { Ipv4Address } from './address.ts'
import type { Ipv4Packet } from './ipv4.ts'
import { TCP_FLAG } from './tcp.ts'

export interface Flow {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly source: Ipv4Address
  readonly sourcePort: number
  readonly destination: Ipv4Address
  readonly destinationPort: number
}

/** One side of a flow. */
export interface Endpoint {
  readonly address: Ipv4Address
  readonly port: number
}

export function flowOf(packet: Ipv4Packet): Flow | undefined {
  const { payload, source, destination } = packet
  if (payload.kind === 'tcp' || payload.kind === 'udp') {
    const { sourcePort, destinationPort } = payload
    return { protocol: payload.kind, source, sourcePort, destination, destinationPort }
  }
  if (payload.kind !== 'icmp') return undefined
  if (payload.type === 8) {
    return { protocol: 'icmp', source, sourcePort: payload.identifier, destination, destinationPort: 0 }
  }
  if (payload.type === 0) {
    return { protocol: 'icmp', source, sourcePort: 0, destination, destinationPort: payload.identifier }
  }
  return undefined
}

/** Key of a flow in one direction. */
export function flowKey(flow: Flow): string {
  return `${flow.protocol} ${flow.source}:${flow.sourcePort} ${flow.destination}:${flow.destinationPort}`
}

/** Key of the answers to a flow. */
export function replyKey(flow: Flow): string {
  return `${flow.protocol} ${flow.destination}:${flow.destinationPort} ${flow.source}:${flow.sourcePort}`
}

export function withSource(packet: Ipv4Packet, source: Endpoint): Ipv4Packet {
  const { payload } = packet
  if (payload.kind === 'tcp' || payload.kind === 'udp') {
    return { ...packet, source: source.address, payload: { ...payload, sourcePort: source.port } }
  }
  if (payload.kind === 'icmp' && payload.type === 8) {
    return { ...packet, source: source.address, payload: { ...payload, identifier: source.port } }
  }
  return { ...packet, source: source.address }
}

export function withDestination(packet: Ipv4Packet, destination: Endpoint): Ipv4Packet {
  const { payload } = packet
  if (payload.kind === 'tcp' || payload.kind === 'udp') {
    return { ...packet, destination: destination.address, payload: { ...payload, destinationPort: destination.port } }
  }
  if (payload.kind === 'icmp' && payload.type === 0) {
    return { ...packet, destination: destination.address, payload: { ...payload, identifier: destination.port } }
  }
  return { ...packet, destination: destination.address }
}

/** Whether the packet opens a TCP connection. */
export function isTcpSyn(packet: Ipv4Packet): boolean {
  return packet.payload.kind === 'tcp' && (packet.payload.flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn
}
