/**
 * The Cilium agent of one node: addresses of its pods, `cilium_host`, the BGP control plane, L2 announcements and the
 * datapath.
 */
import { assert } from '../../assert.ts'
import type { ScheduledEvent } from '../../sim/event-queue.ts'
import type { Origin } from '../../sim/origin.ts'
import { type Ipv4Address, type Prefix, parseIpv4 } from '../../wire/address.ts'
import type { ClusterNode } from '../cluster-node.ts'
import { BgpControlPlane } from './bgp/bgp-control-plane.ts'
import type { Cilium } from './cilium.ts'
import { createCiliumHost, removeCiliumHost } from './cilium-host.ts'
import { publishCiliumNode, publishNodeReady } from './cilium-node.ts'
import { Datapath } from './datapath/datapath.ts'
import { L2Announcer } from './l2/l2-announcer.ts'
import { PodIpam } from './pod-ipam.ts'
import { detectPodMtu } from './pod-mtu.ts'

/**
 * Annotation of a Pod (or of its template) and of a Node: addresses, separated by commas, that pods get instead of random
 * ones. A pod takes the first that lies in the pod CIDR of its node and is free. Ours: for labs that replay a document.
 */
const POD_ADDRESS_ANNOTATION = 'drylab.dev/pod-address'

/** From the start of the daemonset to an agent that works: image present, BPF programs compiled. Ours: a round figure. */
const AGENT_START_NS = 8_000_000_000

export class CiliumAgent {
  readonly cilium: Cilium
  readonly node: ClusterNode
  readonly ipam: PodIpam
  readonly origin: Origin
  /** Address of `cilium_host`: the gateway of the node's pods. */
  readonly routerAddress: Ipv4Address
  /** Address of the health endpoint; it answers nobody here. */
  readonly healthAddress: Ipv4Address
  readonly bgp: BgpControlPlane
  readonly datapath: Datapath
  readonly l2: L2Announcer
  /** The agent of before a restart, whose datapath forwards until this one takes over. */
  #previous: CiliumAgent | undefined
  #startEvent: ScheduledEvent | undefined
  #isReady = false
  #hasExited = false
  #mtuAtStart = 0

  constructor(cilium: Cilium, node: ClusterNode, podPrefix: Prefix, previous: CiliumAgent | undefined) {
    const { simulator, name } = cilium.cluster
    this.#previous = previous
    this.cilium = cilium
    this.node = node
    this.origin = simulator.origin(`cluster ${name} cilium ${node.name}`)
    this.ipam = new PodIpam(podPrefix, simulator.random.fork(`cluster ${name} pod addresses ${node.name}`))
    for (const address of this.#annotatedAddresses('Node', undefined, node.name)) this.ipam.setAside(address)
    this.routerAddress = this.#take('router')
    this.healthAddress = this.#take('health')
    for (const pod of node.pods.values()) this.ipam.reserve(pod.address, `${pod.namespace}/${pod.name}`)
    this.bgp = new BgpControlPlane(this)
    this.datapath = new Datapath(this, previous?.datapath)
    this.l2 = new L2Announcer(this)
  }

  /** Whether kubelet may start pods here. */
  get isReady(): boolean {
    return this.#isReady || (this.#previous?.isReady ?? false)
  }

  /** Whether the process runs and works: its pod is ready, new pods get addresses. */
  get isWorking(): boolean {
    return this.#isReady && !this.#hasExited
  }

  /** The process has ended while its node lives on. */
  get hasExited(): boolean {
    return this.#hasExited
  }

  get podPrefix(): Prefix {
    return this.ipam.prefix
  }

  /** MTU of pods that start now. */
  get podMtuBytes(): number {
    if (this.cilium.config.mtuBytes !== undefined) return this.cilium.config.mtuBytes
    if (this.cilium.profile.datapath.podMtu === 'smallest' || this.#mtuAtStart === 0) return this.#detectMtu()
    return this.#mtuAtStart
  }

  /** Begins; the agent works after a while. */
  start(): void {
    if (this.#isReady || this.#startEvent !== undefined) return
    const { simulator } = this.cilium.cluster
    this.#startEvent = simulator.schedule(this.origin, AGENT_START_NS, () => this.#becomeReady(), 'work')
  }

  /** Ends it: sessions are closed, leases released. A restart leaves the datapath to the next agent, as BPF programs stay in the kernel. */
  stop(how: 'uninstall' | 'restart'): void {
    this.#cancelStart()
    this.bgp.stop()
    this.l2.stop()
    if (how === 'restart') return
    this.takeOutDatapath()
    this.#isReady = false
    removeCiliumHost(this)
  }

  /** An address for a pod; undefined when none is left. Annotated addresses come first. */
  allocatePodAddress(pod: { readonly namespace: string; readonly name: string }): Ipv4Address | undefined {
    const owner = `${pod.namespace}/${pod.name}`
    const wanted = [
      ...this.#annotatedAddresses('Pod', pod.namespace, pod.name),
      ...this.#annotatedAddresses('Node', undefined, this.node.name),
    ]
    const reserved = wanted.find(address => this.ipam.reserve(address, owner))
    if (wanted.length > 0 && reserved === undefined) this.log('no annotated pod address is free here', { pod: owner })
    return reserved ?? this.ipam.allocate(owner)
  }

  /** What the agent's log would say. */
  log(message: string, detail: Readonly<Record<string, string | number | boolean>> = {}): void {
    this.cilium.cluster.simulator.journal.record(this.node.name, 'cilium.log', { message, ...detail })
  }

  /** The node has died with everything on it; `start` brings the agent back. */
  crash(): void {
    this.#cancelStart()
    this.bgp.crash()
    this.l2.abandon()
    this.datapath.responder.clear()
    this.takeOutDatapath()
    this.#isReady = false
  }

  /**
   * The process ends while its node lives on: the kernel closes its BGP connections (peers get a FIN and no NOTIFICATION),
   * BPF programs and pods stay and go on with what they know. An agent that is `terminated` gives its leases back, one that
   * is `killed` does not.
   */
  exit(how: 'killed' | 'terminated'): void {
    if (this.#hasExited) return
    this.#hasExited = true
    this.#cancelStart()
    this.bgp.crash()
    if (how === 'killed') this.l2.abandon()
    else this.l2.stop()
    this.datapath.freeze()
    this.log('Stopped', { how })
    this.cilium.onAgentChange(this.node.name)
  }

  /** Ends forwarding here; for the agent that takes over. */
  takeOutDatapath(): void {
    this.datapath.stop()
    this.#previous?.takeOutDatapath()
    this.#previous = undefined
  }

  #cancelStart(): void {
    this.cilium.cluster.simulator.cancel(this.#startEvent)
    this.#startEvent = undefined
  }

  #becomeReady(): void {
    this.#startEvent = undefined
    this.#previous?.takeOutDatapath()
    this.#previous = undefined
    this.#isReady = true
    this.#mtuAtStart = this.#detectMtu()
    createCiliumHost(this)
    publishCiliumNode(this)
    this.datapath.start()
    this.bgp.start()
    this.l2.start()
    publishNodeReady(this)
    this.cilium.onAgentChange(this.node.name)
    this.log('Daemon initialization completed')
  }

  #detectMtu(): number {
    return detectPodMtu(this.node.host, this.cilium.profile.datapath.podMtu)
  }

  #take(owner: string): Ipv4Address {
    const address = this.ipam.allocate(owner)
    assert(address !== undefined, `pod CIDR of ${this.node.name} has room for the agent's own addresses`)
    return address
  }

  #annotatedAddresses(kind: 'Pod' | 'Node', namespace: string | undefined, name: string): readonly Ipv4Address[] {
    const annotations = this.cilium.cluster.store.get(kind, namespace, name)?.metadata.annotations
    const texts = annotations?.[POD_ADDRESS_ANNOTATION]?.split(',') ?? []
    return texts.flatMap(text => parseIpv4(text.trim()) ?? [])
  }
}
