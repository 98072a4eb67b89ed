/**
 * What a node does with a packet that comes in on one of its outside devices: the program at tc ingress.
 * Steps: answers of translated flows; services (source ranges, backend, then local delivery, DSR or SNAT); bookkeeping for
 * flows to the node's own pods. What falls through goes on to the kernel.
 * Not modelled: translating ICMP errors about translated packets back.
 * Sources: bpf/lib/nodeport.h (nodeport_lb4, nodeport_rev_dnat_ingress_ipv4), bpf/lib/lb.h, bpf/lib/fib.h.
 */
import { ACCEPT, type HookVerdict } from '../../../host/hooks.ts'
import type { Interface } from '../../../host/interface.ts'
import { routeFor } from '../../../host/route-select.ts'
import { formatIpv4, type Prefix, prefixContains } from '../../../wire/address.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'
import {
  type Endpoint,
  type Flow,
  flowKey,
  flowOf,
  isTcpSyn,
  replyKey,
  withDestination,
  withSource,
} from '../../../wire/flow.ts'
import { ICMP_UNREACHABLE } from '../../../wire/icmp.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../../wire/ipv4.ts'
import { lifetimeNs } from './connection-table.ts'
import type { NodeDatapath } from './datapath.ts'
import { addDsrOption, readDsrOption } from './dsr.ts'
import { encapsulateInGeneve, encapsulateInIpip, openGeneve } from './dsr-encapsulation.ts'
import type { Backend, Frontend } from './service-map.ts'

/** How much of a packet an ICMP error made here quotes at most (ICMP_PACKET_MAX_SAMPLE_SIZE, bpf/lib/icmp.h). */
const QUOTED_BYTES_MAX = 64
const ICMP_TTL = 64

/** The verdict about a frame from outside. */
export function receiveFromNetwork(datapath: NodeDatapath, frame: EthernetFrame, device: Interface): HookVerdict {
  const packet = frame.payload
  if (packet.kind !== 'ipv4') return ACCEPT
  const flow = flowOf(packet)
  if (flow === undefined) return ACCEPT
  const tunnelled = openGeneve(packet)
  if (tunnelled !== undefined && datapath.host.isLocalAddress(packet.destination)) {
    const inner = flowOf(tunnelled.packet)
    if (inner !== undefined) noteFlowToPod(datapath, tunnelled.packet, inner, tunnelled.service)
    return { verdict: 'accept', packet: tunnelled.packet }
  }
  const answered = receiveReply(datapath, packet, flow)
  if (answered !== undefined) return answered
  const frontend = lookupFrontend(datapath, flow)
  if (frontend !== undefined) return serve(datapath, { packet, flow, frontend, frame, device })
  noteFlowToPod(datapath, packet, flow, readDsrOption(packet))
  return ACCEPT
}

/** An answer to a flow that left with this node's address. Undefined: it is none. */
export function receiveReply(datapath: NodeDatapath, packet: Ipv4Packet, flow: Flow): HookVerdict | undefined {
  if (!datapath.host.isLocalAddress(packet.destination)) return undefined
  const origin = datapath.snat.origin(flow, lifetimeNs(packet))
  if (origin === undefined) return undefined
  const addressed = withDestination(packet, origin.client)
  const back = origin.service === undefined ? addressed : withSource(addressed, origin.service)
  const isForPod = prefixContains(datapath.podPrefix, origin.client.address)
  return isForPod ? { verdict: 'accept', packet: back } : forward(datapath, back)
}

interface ServiceRequest {
  readonly packet: Ipv4Packet
  readonly flow: Flow
  readonly frontend: Frontend
  readonly frame: EthernetFrame
  readonly device: Interface
}

function lookupFrontend(datapath: NodeDatapath, flow: Flow): Frontend | undefined {
  if (flow.protocol === 'icmp' || !datapath.isNorthSouthServed) return undefined
  const frontend = datapath.services.lookup(flow.destination, flow.destinationPort)
  if (frontend !== undefined) return frontend
  const nodePort = datapath.services.lookupNodePort(flow.destinationPort)
  return nodePort !== undefined && datapath.host.isLocalAddress(flow.destination) ? nodePort : undefined
}

function serve(datapath: NodeDatapath, request: ServiceRequest): HookVerdict {
  const { packet, flow, frontend } = request
  if (frontend.kind === 'ClusterIP' && !datapath.isExternalClusterIpAllowed) {
    return datapath.drop('DROP_IS_CLUSTER_IP', packet)
  }
  if (!isSourceAllowed(frontend, packet)) return datapath.drop('DROP_NOT_IN_SRC_RANGE', packet)
  const candidates = frontend.isExternalLocal
    ? frontend.backends.filter(backend => backend.nodeName === datapath.nodeName)
    : frontend.backends
  const backend = datapath.loadBalancer.select({
    frontend,
    flow,
    key: flowKey(flow),
    lifetimeNs: lifetimeNs(packet),
    candidates,
    isNew: false,
    isFromOutside: true,
  })
  if (backend === undefined) return reject(datapath, request)
  if (packet.payload.kind !== 'tcp' || isTcpSyn(packet)) datapath.recordChoice(flow, frontend, backend)
  if (!datapath.isKubeProxyReplaced) return serveByKubeProxy(datapath, request, backend)
  if (backend.nodeName === datapath.nodeName) return deliverLocally(datapath, request, backend)
  return datapath.usesDsr(flow.protocol)
    ? sendByDsr(datapath, request, backend)
    : sendBySnat(datapath, request, backend)
}

function isSourceAllowed(frontend: Frontend, packet: Ipv4Packet): boolean {
  if (frontend.sourceRanges.length === 0) return true
  const isListed = frontend.sourceRanges.some((range: Prefix) => prefixContains(range, packet.source))
  return isListed !== frontend.isDenyList
}

/** Destination becomes the backend; its answers get the service's address when they leave. */
function deliverLocally(datapath: NodeDatapath, { packet, flow }: ServiceRequest, backend: Backend): HookVerdict {
  const rewritten = withDestination(packet, backend)
  const service: Endpoint = { address: flow.destination, port: flow.destinationPort }
  const key = replyKey({ ...flow, destination: backend.address, destinationPort: backend.port })
  datapath.reverse.set(key, { service, isDsr: false }, lifetimeNs(packet))
  return { verdict: 'accept', packet: rewritten }
}

function sendByDsr(datapath: NodeDatapath, { packet, flow, frame }: ServiceRequest, backend: Backend): HookVerdict {
  const service: Endpoint = { address: flow.destination, port: flow.destinationPort }
  const source = datapath.sourceAddress(backend.address)
  if (datapath.dsrDispatch === 'ipip') return forward(datapath, encapsulateInIpip(packet, source, backend.address))
  if (datapath.dsrDispatch === 'geneve') {
    const node = datapath.addressOfNode(backend.nodeName)
    if (node === undefined) return datapath.drop('DROP_NO_TUNNEL_ENDPOINT', packet)
    const inner = { ...frame, payload: withDestination(packet, backend) }
    return send(datapath, encapsulateInGeneve(inner, service, source, node))
  }
  const marked = addDsrOption(withDestination(packet, backend), service)
  return marked === undefined ? datapath.drop('DROP_CT_INVALID_HDR', packet) : forward(datapath, marked)
}

function sendBySnat(datapath: NodeDatapath, { packet, flow }: ServiceRequest, backend: Backend): HookVerdict {
  const service: Endpoint = { address: flow.destination, port: flow.destinationPort }
  const rewritten = withDestination(packet, backend)
  const toBackend = { ...flow, destination: backend.address, destinationPort: backend.port }
  const source = datapath.snat.translate(
    toBackend,
    datapath.sourceAddress(backend.address),
    service,
    lifetimeNs(packet),
  )
  if (source === undefined) return datapath.drop('DROP_NAT_NO_MAPPING', packet)
  return forward(datapath, withSource(rewritten, source))
}

/**
 * kube-proxy translates source and destination of everything from outside unless the traffic policy is Local.
 * Differs from Linux: the packet does not pass the kernel's forwarding, so no ICMP redirect is sent about it.
 */
function serveByKubeProxy(datapath: NodeDatapath, request: ServiceRequest, backend: Backend): HookVerdict {
  if (request.frontend.isExternalLocal) return deliverLocally(datapath, request, backend)
  return sendBySnat(datapath, request, backend)
}

/**
 * Sends a translated packet on past the kernel's forwarding (bpf_fib_lookup and bpf_redirect): one TTL, no ICMP redirect,
 * no reverse path check.
 */
function forward(datapath: NodeDatapath, packet: Ipv4Packet): HookVerdict {
  if (packet.ttl <= 1) return datapath.drop('DROP_TTL_EXCEEDED', packet)
  return send(datapath, { ...packet, ttl: packet.ttl - 1 })
}

/** Sends a packet by the routing table as it is. */
function send(datapath: NodeDatapath, packet: Ipv4Packet): HookVerdict {
  const flow = flowOf(packet)
  const route = routeFor(datapath.host, {
    destination: packet.destination,
    source: packet.source,
    isTransparent: true,
    ...(flow === undefined ? {} : { sourcePort: flow.sourcePort, destinationPort: flow.destinationPort }),
  })
  if (!route.ok) return datapath.drop('DROP_NO_FIB', packet)
  const common = { verdict: 'redirect' as const, interface: route.interface, packet }
  return route.gateway === undefined ? common : { ...common, gateway: route.gateway }
}

/** No backend: an ICMP port unreachable from the service's address, or silence, as the release does. */
function reject(datapath: NodeDatapath, { packet, frame, device }: ServiceRequest): HookVerdict {
  if (!datapath.rejectsWithoutBackend) return datapath.drop('DROP_NO_SERVICE', packet)
  datapath.countDrop('DROP_NO_SERVICE', packet)
  const answer: Ipv4Packet = {
    kind: 'ipv4',
    source: packet.destination,
    destination: packet.source,
    ttl: ICMP_TTL,
    tos: 0,
    identification: 0,
    dontFragment: false,
    options: [],
    payload: {
      kind: 'icmp',
      type: 3,
      code: ICMP_UNREACHABLE.port,
      quoted: packet,
      quotedBytes: Math.min(QUOTED_BYTES_MAX, ipv4PacketBytes(packet)),
    },
  }
  return { verdict: 'redirect', interface: device, packet: answer, mac: frame.source }
}

/**
 * A packet straight to one of the node's pods. `service`: a DSR option names it, which makes an entry, so that the answers leave with the service's
 * address; a SYN without one ends an older entry. The flow is remembered, since answers are not masqueraded.
 */
function noteFlowToPod(datapath: NodeDatapath, packet: Ipv4Packet, flow: Flow, service: Endpoint | undefined): void {
  const isForPod = prefixContains(datapath.podPrefix, packet.destination)
  if (!isForPod && !datapath.host.isLocalAddress(packet.destination)) return
  const key = replyKey(flow)
  const lifetime = lifetimeNs(packet)
  if (service !== undefined) {
    datapath.reverse.set(key, { service, isDsr: true }, lifetime)
    datapath.record('cilium.dsr', {
      service: `${formatIpv4(service.address)}:${service.port}`,
      client: formatIpv4(flow.source),
    })
  } else if (isTcpSyn(packet)) {
    datapath.reverse.delete(key)
  } else {
    datapath.reverse.touch(key, lifetime)
  }
  if (isForPod) datapath.inbound.set(key, true, lifetime)
}
