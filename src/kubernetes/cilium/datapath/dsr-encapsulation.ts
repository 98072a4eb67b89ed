/**
 * Direct server return with dispatch `geneve` and `ipip`: the request travels to the backend in another packet.
 *
 * Geneve: from node to node; the frame inside is addressed to the backend already. For TCP only the tunnelled SYN names the
 * service in an option, for UDP every packet. 50 bytes more than the packet, and 12 for the option.
 * IPIP: from the node to the pod; the packet inside is still addressed to the service, and the pod has to open it. 20 bytes.
 *
 * Differs from Cilium: there is no device `cilium_geneve`; packets are put in and taken out at the node's outside device.
 * Source: bpf/lib/nodeport.h (encap_geneve_dsr_opt4, dsr_set_ipip4), bpf/lib/dsr.h.
 */
import { type Ipv4Address, ipv4 } from '../../../wire/address.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'
import { type Endpoint, flowKey, flowOf, isTcpSyn } from '../../../wire/flow.ts'
import { GENEVE_PORT, type GeneveOption, type GenevePacket, genevePacketBytes } from '../../../wire/geneve.ts'
import type { Ipv4Packet } from '../../../wire/ipv4.ts'

/** Class and type of the option; the type's top bit: who does not know it drops the packet. */
const DSR_OPTION_CLASS = 0x014b
const DSR_OPTION_TYPE = 0x81
/** The identity `world` in place of a network number: what comes from outside. */
const WORLD_IDENTITY = 2
const TUNNEL_TTL = 64
/** Range of the kernel's source ports for tunnels (net.ipv4.ip_local_port_range). */
const FIRST_SOURCE_PORT = 32768
const SOURCE_PORTS = 28_232

const OUTER = { kind: 'ipv4', ttl: TUNNEL_TTL, tos: 0, identification: 0, options: [] } as const

/** @param inner a frame with the translated packet */
export function encapsulateInGeneve(
  inner: EthernetFrame & { readonly payload: Ipv4Packet },
  service: Endpoint,
  source: Ipv4Address,
  node: Ipv4Address,
): Ipv4Packet {
  const packet = inner.payload
  const names = packet.payload.kind === 'udp' || isTcpSyn(packet)
  const tunnelled: GenevePacket = {
    kind: 'geneve',
    vni: WORLD_IDENTITY,
    isControl: false,
    options: names ? [optionOf(service)] : [],
    payload: inner,
  }
  return {
    ...OUTER,
    source,
    destination: node,
    dontFragment: false,
    payload: {
      kind: 'udp',
      sourcePort: sourcePortOf(packet),
      destinationPort: GENEVE_PORT,
      payloadBytes: genevePacketBytes(tunnelled),
      payload: tunnelled,
    },
  }
}

export function encapsulateInIpip(packet: Ipv4Packet, source: Ipv4Address, backend: Ipv4Address): Ipv4Packet {
  const { tos, dontFragment, identification } = packet
  return { ...OUTER, tos, identification, source, destination: backend, dontFragment, payload: packet }
}

/** What a datagram to the tunnel's port carries, and the service that its option names. Undefined: it is none. */
export function openGeneve(
  packet: Ipv4Packet,
): { readonly packet: Ipv4Packet; readonly service: Endpoint | undefined } | undefined {
  const { payload } = packet
  if (payload.kind !== 'udp' || payload.destinationPort !== GENEVE_PORT || payload.payload?.kind !== 'geneve')
    return undefined
  const { options, payload: carried } = payload.payload
  const inner = 'kind' in carried ? carried : carried.payload
  if (inner.kind !== 'ipv4') return undefined
  const option = options.find(({ class: kind, type }) => kind === DSR_OPTION_CLASS && type === DSR_OPTION_TYPE)
  return { packet: inner, service: option === undefined ? undefined : serviceOf(option) }
}

/** Address and port in network order, two bytes of padding. */
function optionOf({ address, port }: Endpoint): GeneveOption {
  const data = [
    address >>> 24,
    (address >>> 16) & 255,
    (address >>> 8) & 255,
    address & 255,
    port >>> 8,
    port & 255,
    0,
    0,
  ]
  return { class: DSR_OPTION_CLASS, type: DSR_OPTION_TYPE, data }
}

function serviceOf({ data }: GeneveOption): Endpoint {
  const [a = 0, b = 0, c = 0, d = 0, high = 0, low = 0] = data
  return { address: ipv4(a * 0x1000000 + b * 0x10000 + c * 0x100 + d), port: high * 256 + low }
}

/** The packets of a flow share a source port. */
function sourcePortOf(packet: Ipv4Packet): number {
  const flow = flowOf(packet)
  let hash = 0
  for (const character of flow === undefined ? '' : flowKey(flow)) hash = (hash * 31 + character.charCodeAt(0)) >>> 0
  return FIRST_SOURCE_PORT + (hash % SOURCE_PORTS)
}
