/**
 * The datapath of one node: its tables and where they are hooked in.
 * Outside devices (all but lo, cilium_* and the pods' lxc*) have the ingress and egress programs; each pod's namespace and
 * the node's own have the socket load balancer.
 */
import { ACCEPT, type HookVerdict } from '../../../host/hooks.ts'
import type { Host } from '../../../host/host.ts'
import type { Interface } from '../../../host/interface.ts'
import { formatIpv4, type Ipv4Address, isGroupMac, type Prefix } from '../../../wire/address.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'
import { type Endpoint, type Flow, flowOf } from '../../../wire/flow.ts'
import type { Ipv4Packet } from '../../../wire/ipv4.ts'
import type { RunningPod } from '../../cluster-node.ts'
import type { CiliumAgent } from '../agent.ts'
import type { DsrDispatch } from '../config.ts'
import { L2Responder } from '../l2/responder.ts'
import { ConnectionTable } from './connection-table.ts'
import { CILIUM_DROP_TEXT, type CiliumDropReason } from './drop-reason.ts'
import { LoadBalancer } from './load-balancer.ts'
import { receiveFromNetwork, receiveReply } from './north-south.ts'
import { type Backend, type Frontend, ServiceMap } from './service-map.ts'
import { SnatTable } from './snat.ts'
import { attachSocketLoadBalancer } from './socket-load-balancer.ts'
import { sendToNetwork } from './to-network.ts'

/** The service's address that answers of a flow get. */
export interface ReverseEntry {
  readonly service: Endpoint
  /** Learnt from a DSR option. */
  readonly isDsr: boolean
}

/** What the programs of one node see and change. */
export interface NodeDatapath {
  readonly host: Host
  readonly nodeName: string
  readonly nodeAddress: Ipv4Address
  readonly podPrefix: Prefix
  readonly nativeRoutingPrefix: Prefix | undefined
  readonly isMasqueradeEnabled: boolean
  readonly isKubeProxyReplaced: boolean
  /** Somebody serves NodePort, external and LoadBalancer addresses: the replacement or kube-proxy. */
  readonly isNorthSouthServed: boolean
  readonly isExternalClusterIpAllowed: boolean
  readonly rejectsWithoutBackend: boolean
  readonly services: ServiceMap
  readonly loadBalancer: LoadBalancer
  readonly snat: SnatTable
  /** By the key of the answer as the backend sends it. */
  readonly reverse: ConnectionTable<ReverseEntry>
  /** Flows from outside to the node's pods, by the key of the answer. */
  readonly inbound: ConnectionTable<true>
  usesDsr(protocol: Flow['protocol']): boolean
  readonly dsrDispatch: DsrDispatch
  /** Address of a node of the cluster. */
  addressOfNode(name: string): Ipv4Address | undefined
  /** The node's address as source towards a destination. */
  sourceAddress(destination: Ipv4Address): Ipv4Address
  /** Whether a node of the cluster has this address. */
  isClusterAddress(address: Ipv4Address): boolean
  /** Counts and journals a drop. */
  drop(reason: CiliumDropReason, packet: Ipv4Packet): HookVerdict
  countDrop(reason: CiliumDropReason, packet: Ipv4Packet): void
  recordChoice(flow: Flow, frontend: Frontend, backend: Backend): void
  record(kind: string, detail: Readonly<Record<string, string | number | boolean>>): void
}

export class Datapath implements NodeDatapath {
  readonly host: Host
  readonly nodeName: string
  readonly nodeAddress: Ipv4Address
  readonly podPrefix: Prefix
  readonly nativeRoutingPrefix: Prefix | undefined
  readonly isMasqueradeEnabled: boolean
  readonly isKubeProxyReplaced: boolean
  /** Somebody serves NodePort, external and LoadBalancer addresses: the replacement or kube-proxy. */
  readonly isNorthSouthServed: boolean
  readonly isExternalClusterIpAllowed: boolean
  readonly rejectsWithoutBackend: boolean
  readonly dsrDispatch: DsrDispatch
  readonly services = new ServiceMap()
  readonly loadBalancer: LoadBalancer
  readonly snat: SnatTable
  readonly reverse: ConnectionTable<ReverseEntry>
  readonly inbound: ConnectionTable<true>
  /** Answers ARP for announced addresses. */
  readonly responder: L2Responder
  readonly #agent: CiliumAgent
  readonly #drops = new Map<CiliumDropReason, number>()
  readonly #detach: (() => void)[] = []
  readonly #unwatch: (() => void)[] = []
  readonly #podDetach = new Map<string, () => void>()

  /** @param previous the datapath of before a restart, whose translations stay */
  constructor(agent: CiliumAgent, previous: Datapath | undefined) {
    const { cilium, node } = agent
    const { simulator, name } = cilium.cluster
    const { config } = cilium
    const random = simulator.random.fork(`cluster ${name} datapath ${node.name}`)
    this.#agent = agent
    this.host = node.host
    this.nodeName = node.name
    this.nodeAddress = node.address
    this.podPrefix = agent.podPrefix
    this.nativeRoutingPrefix = config.ipv4NativeRoutingPrefix
    this.isMasqueradeEnabled = config.isMasqueradeEnabled
    this.isKubeProxyReplaced = config.kubeProxyReplacement
    this.isNorthSouthServed = config.kubeProxyReplacement || cilium.cluster.model.kubeProxyMode !== 'none'
    this.isExternalClusterIpAllowed = config.isExternalClusterIpAllowed
    this.dsrDispatch = config.dsrDispatch
    // kube-proxy rejects in every release; the switch is the replacement's.
    this.rejectsWithoutBackend = cilium.profile.datapath.rejectsWithoutBackend || !config.kubeProxyReplacement
    this.loadBalancer = new LoadBalancer({
      simulator,
      random: random.fork('backends'),
      algorithm: config.loadBalancerAlgorithm,
      maglevTableSize: config.maglevTableSize,
      ...(previous === undefined ? {} : { flows: previous.loadBalancer.table }),
    })
    this.snat = previous?.snat ?? new SnatTable(simulator, random.fork('ports'))
    this.reverse = previous?.reverse ?? new ConnectionTable(simulator)
    this.inbound = previous?.inbound ?? new ConnectionTable(simulator)
    this.responder = previous?.responder ?? new L2Responder(node.host, node.name)
  }

  /** Loads the programs and begins to follow services and endpoints. */
  start(): void {
    const { store } = this.#agent.cilium.cluster
    const watcher = `cilium datapath ${this.nodeName}`
    this.#unwatch.push(
      store.watch('Service', watcher, event => {
        if (event.type === 'DELETED') this.services.deleteService(event.object)
        else this.services.upsertService(event.object)
      }),
      store.watch('EndpointSlice', watcher, event => {
        if (event.type === 'DELETED') this.services.deleteSlice(event.object)
        else this.services.upsertSlice(event.object)
      }),
    )
    this.#detach.push(
      () => this.freeze(),
      this.host.hooks.ingress.add((frame, device) => this.#receive(frame, device)),
      this.host.hooks.egress.add((frame, device) => this.#send(frame, device)),
    )
    if (this.isNorthSouthServed) this.#detach.push(attachSocketLoadBalancer(this, this.host))
    for (const pod of this.#agent.node.pods.values()) this.#attachPod(pod)
    const follow = (pod: RunningPod, change: 'started' | 'stopped') => {
      if (change === 'started') this.#attachPod(pod)
      else this.#detachPod(pod)
    }
    this.#agent.node.onPodsChange.add(follow)
    this.#detach.push(() => this.#agent.node.onPodsChange.delete(follow))
  }

  /** The agent is gone: the programs go on with the services they know. */
  freeze(): void {
    for (const stop of this.#unwatch.splice(0)) stop()
  }

  /** Takes the programs out. */
  stop(): void {
    for (const detach of this.#detach) detach()
    this.#detach.length = 0
    for (const detach of this.#podDetach.values()) detach()
    this.#podDetach.clear()
  }

  /** Drops so far: reason and count, by name. */
  get drops(): readonly (readonly [CiliumDropReason, number])[] {
    return [...this.#drops].sort(([one], [other]) => (one < other ? -1 : 1))
  }

  usesDsr(protocol: Flow['protocol']): boolean {
    const mode = this.#agent.cilium.config.loadBalancerMode
    return mode === 'dsr' || (mode === 'hybrid' && protocol === 'tcp')
  }

  addressOfNode(name: string): Ipv4Address | undefined {
    return this.#agent.cilium.cluster.nodes.find(node => node.name === name)?.address
  }

  sourceAddress(destination: Ipv4Address): Ipv4Address {
    if (this.host.isLocalAddress(this.nodeAddress)) return this.nodeAddress
    const route = this.host.routeFor(destination)
    return route.ok ? route.source : this.nodeAddress
  }

  isClusterAddress(address: Ipv4Address): boolean {
    return this.host.isLocalAddress(address) || this.#agent.cilium.cluster.nodes.some(node => node.address === address)
  }

  drop(reason: CiliumDropReason, packet: Ipv4Packet): HookVerdict {
    this.countDrop(reason, packet)
    return { verdict: 'drop', reason }
  }

  countDrop(reason: CiliumDropReason, packet: Ipv4Packet): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1)
    const flow = flowOf(packet)
    this.record('cilium.drop', {
      reason,
      text: CILIUM_DROP_TEXT[reason],
      source: `${formatIpv4(packet.source)}:${flow?.sourcePort ?? 0}`,
      destination: `${formatIpv4(packet.destination)}:${flow?.destinationPort ?? 0}`,
    })
  }

  recordChoice(flow: Flow, frontend: Frontend, backend: Backend): void {
    this.record('cilium.service', {
      service: frontend.service,
      frontend: `${formatIpv4(flow.destination)}:${flow.destinationPort}`,
      client: `${formatIpv4(flow.source)}:${flow.sourcePort}`,
      backend: `${formatIpv4(backend.address)}:${backend.port}`,
      backendNode: backend.nodeName,
    })
  }

  record(kind: string, detail: Readonly<Record<string, string | number | boolean>>): void {
    this.host.journal.record(this.nodeName, kind, detail)
  }

  #receive(frame: EthernetFrame, device: Interface): HookVerdict {
    const packet = frame.payload
    if (packet.kind === 'arp') return isOutside(device) ? this.responder.receive(frame, packet, device) : ACCEPT
    if (isOutside(device)) return isForDevice(frame, device) ? receiveFromNetwork(this, frame, device) : ACCEPT
    // Answers of the node's own pods to flows that kube-proxy gave the node's source.
    if (this.isKubeProxyReplaced) return ACCEPT
    const flow = flowOf(packet)
    return (flow === undefined ? undefined : receiveReply(this, packet, flow)) ?? ACCEPT
  }

  #send(frame: EthernetFrame, device: Interface): HookVerdict {
    return isOutside(device) ? sendToNetwork(this, frame, device) : ACCEPT
  }

  #attachPod(pod: RunningPod): void {
    if (pod.usesHostNetwork || this.#podDetach.has(pod.uid)) return
    this.#podDetach.set(pod.uid, attachSocketLoadBalancer(this, pod.host))
  }

  #detachPod(pod: RunningPod): void {
    this.#podDetach.get(pod.uid)?.()
    this.#podDetach.delete(pod.uid)
  }
}

/**
 * Differs from Cilium: its program on a veth device also sees frames for other MAC addresses, which a bridge floods when it
 * does not know where they live, and would serve them. Network cards filter those frames, and so does this.
 */
function isForDevice(frame: EthernetFrame, device: Interface): boolean {
  return frame.destination === device.mac || isGroupMac(frame.destination)
}

function isOutside(device: Interface): boolean {
  return !device.isLoopback && !/^(lo$|cilium_|lxc)/.test(device.name)
}
