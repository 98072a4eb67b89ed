/**
 * East-west: what pods and nodes send to services. The destination is replaced by a backend when the packet leaves the
 * sender's stack, and the sender's stack sees the service's address in the answers, so that the wire of the pod shows
 * backend addresses only, as with Cilium's socket load balancer.
 * Differs from Cilium: the choice is made for the first packet of a flow, not in connect(2) or sendmsg(2); a UDP datagram to
 * a service without backends is lost in silence and not refused by sendmsg(2).
 * Source: bpf/bpf_sock.c (sock4_xlate_fwd, sock4_xlate_rev).
 */
import { ACCEPT, type HookVerdict } from '../../../host/hooks.ts'
import type { Host } from '../../../host/host.ts'
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
import type { Ipv4Packet } from '../../../wire/ipv4.ts'
import { ConnectionTable, lifetimeNs } from './connection-table.ts'
import type { NodeDatapath } from './datapath.ts'
import type { Frontend } from './service-map.ts'

/** Puts the translation into a network namespace. Returns the function that takes it out. */
export function attachSocketLoadBalancer(datapath: NodeDatapath, host: Host): () => void {
  const answers = new ConnectionTable<Endpoint>(host.simulator)
  const removeOutput = host.hooks.output.add(packet => translateRequest(datapath, host, answers, packet))
  const removeInput = host.hooks.input.add(packet => translateAnswer(answers, packet))
  return () => {
    removeOutput()
    removeInput()
  }
}

function translateRequest(
  datapath: NodeDatapath,
  host: Host,
  answers: ConnectionTable<Endpoint>,
  packet: Ipv4Packet,
): HookVerdict {
  const flow = flowOf(packet)
  if (flow === undefined || flow.protocol === 'icmp') return ACCEPT
  const frontend = lookupFrontend(datapath, flow)
  if (frontend === undefined) return ACCEPT
  const isLocalOnly = frontend.kind === 'ClusterIP' && frontend.isInternalLocal
  const candidates = isLocalOnly
    ? frontend.backends.filter(backend => backend.nodeName === datapath.nodeName)
    : frontend.backends
  const lifetime = lifetimeNs(packet)
  const backend = datapath.loadBalancer.select({
    frontend,
    flow,
    key: `${host.name} ${flowKey(flow)}`,
    lifetimeNs: lifetime,
    candidates,
    isNew: isTcpSyn(packet) && answers.get(openKey(flow)) === undefined,
    isFromOutside: false,
  })
  if (backend === undefined) return failCall(datapath, host, packet)
  const service = { address: flow.destination, port: flow.destinationPort }
  answers.set(openKey(flow), service, lifetime)
  const toBackend = { ...flow, destination: backend.address, destinationPort: backend.port }
  answers.set(replyKey(toBackend), service, lifetime)
  return { verdict: 'accept', packet: withDestination(packet, backend) }
}

/** No backend: connect(2) fails with EHOSTUNREACH. Told to TCP as the ICMP error that means the same. */
function failCall(datapath: NodeDatapath, host: Host, packet: Ipv4Packet): HookVerdict {
  if (packet.payload.kind === 'tcp') {
    const error = { kind: 'icmp', type: 3, code: ICMP_UNREACHABLE.host, quoted: packet, quotedBytes: 28 } as const
    host.simulator.schedule(host.origin, 0, () => host.tcp.receiveError(error))
  }
  return datapath.drop('DROP_NO_SERVICE', packet)
}

function translateAnswer(answers: ConnectionTable<Endpoint>, packet: Ipv4Packet): HookVerdict {
  const flow = flowOf(packet)
  if (flow === undefined || flow.protocol === 'icmp') return ACCEPT
  const service = answers.get(flowKey(flow))
  return service === undefined ? ACCEPT : { verdict: 'accept', packet: withSource(packet, service) }
}

/** Marks that this flow has begun, so that a repeated SYN keeps its backend. */
function openKey(flow: Flow): string {
  return `open ${flowKey(flow)}`
}

/** A NodePort is reached at every node's address. */
function lookupFrontend(datapath: NodeDatapath, flow: Flow): Frontend | undefined {
  const frontend = datapath.services.lookup(flow.destination, flow.destinationPort)
  if (frontend !== undefined) return frontend
  const nodePort = datapath.services.lookupNodePort(flow.destinationPort)
  return nodePort !== undefined && datapath.isClusterAddress(flow.destination) ? nodePort : undefined
}
