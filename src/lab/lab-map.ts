import type { Session } from '../bgp/session.ts'
import type { Speaker } from '../bgp/speaker.ts'
import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'
import { speakersOf } from './speakers.ts'

/** A BGP speaker and the node it runs on. */
export interface SpeakerAt {
  readonly node: LabNode
  readonly speaker: Speaker
}

/** One end of a peering. */
export interface SessionAt extends SpeakerAt {
  readonly session: Session
}

/** A device that has an address. */
export interface AddressOwner {
  readonly name: string
  readonly host: Host
  /** Undefined for a pod. */
  readonly node: LabNode | undefined
  readonly device: Interface
}

/** Who is who in a lab at this instant: hosts by name, owners of addresses, speakers and their peers. */
export class LabMap {
  readonly lab: Lab
  /** One node for each network namespace, by name. */
  readonly nodes: readonly LabNode[]
  readonly speakers: readonly SpeakerAt[]
  readonly #names = new Map<Host, string>()
  readonly #nodeOf = new Map<Host, LabNode>()
  readonly #owners = new Map<Ipv4Address, AddressOwner[]>()

  constructor(lab: Lab) {
    this.lab = lab
    this.nodes = oneOfEachHost(lab)
    for (const node of this.nodes) {
      this.#nodeOf.set(node.host, node)
      this.#names.set(node.host, node.name)
    }
    for (const cluster of lab.clusters.values())
      for (const { pods } of cluster.nodes)
        for (const pod of pods.values()) if (!this.#names.has(pod.host)) this.#names.set(pod.host, `pod ${pod.name}`)
    for (const [host, name] of this.#names) this.#addOwner(host, name)
    this.speakers = this.nodes.flatMap(node => speakersOf(lab, node).map(speaker => ({ node, speaker })))
  }

  /** Every network namespace with its name, nodes before pods. */
  get hosts(): ReadonlyMap<Host, string> {
    return this.#names
  }

  nameOf(host: Host): string {
    return this.#names.get(host) ?? host.name
  }

  nodeOf(host: Host): LabNode | undefined {
    return this.#nodeOf.get(host)
  }

  /** Devices with this address, on nodes that run or not; loopback addresses of 127/8 are everybody's and left out. */
  owners(address: Ipv4Address): readonly AddressOwner[] {
    return this.#owners.get(address) ?? []
  }

  /** The node's name behind an address, for texts: `spine1`; undefined when nobody has it. */
  ownerName(address: Ipv4Address): string | undefined {
    return this.owners(address)[0]?.name
  }

  speakersAt(node: LabNode): readonly SpeakerAt[] {
    return this.speakers.filter(one => one.node.host === node.host)
  }

  /** The other end of a session: the speaker that owns the peer's address and has a session with one of ours. */
  counterpart({ node, session }: SessionAt): SessionAt | undefined {
    const owners = this.owners(session.address).map(owner => owner.host)
    for (const other of this.speakers) {
      if (!owners.includes(other.node.host)) continue
      const fitting = [...other.speaker.sessions.values()].filter(one => node.host.isLocalAddress(one.address))
      const connected = fitting.find(one => one.main.tcp?.localPort === session.main.tcp?.remotePort)
      const back = (session.isEstablished ? connected : undefined) ?? fitting[0]
      if (back !== undefined) return { ...other, session: back }
    }
    return undefined
  }

  /** The device at the other end of a cable. */
  farEnd(device: Interface): AddressOwner | undefined {
    const { peer } = device
    if (peer === undefined) return undefined
    for (const [host, name] of this.#names)
      for (const one of host.interfaces)
        if (one === peer) return { name, host, node: this.#nodeOf.get(host), device: one }
    return undefined
  }

  #addOwner(host: Host, name: string): void {
    for (const device of host.interfaces) {
      if (device.isLoopback && device.addresses.length === 0) continue
      for (const { address } of device.addresses) {
        if (address >>> 24 === 127) continue
        const owner = { name, host, node: this.#nodeOf.get(host), device }
        this.#owners.set(address, [...(this.#owners.get(address) ?? []), owner])
      }
    }
  }
}

/** Containers may share a namespace: the node of a cluster stands for its sidecars, and the machine for its bridges. */
function oneOfEachHost(lab: Lab): readonly LabNode[] {
  const chosen = new Map<Host, LabNode>()
  for (const node of [lab.machine, ...lab.nodes()]) {
    const before = chosen.get(node.host)
    if (before === undefined || (node.kind === 'kind-node' && before.kind !== 'machine')) chosen.set(node.host, node)
  }
  return [...chosen.values()]
}
