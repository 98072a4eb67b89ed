import type { AddressWithLength, Ipv4Address, Prefix } from '../wire/address.ts'

/** Peers that are treated alike. */
export interface PeerGroupPlan {
  readonly name: 'LEAVES' | 'SPINES' | 'SUPER-SPINES'
  /** A number, or how it relates to the own system. */
  readonly remoteAs: number | 'external' | 'internal'
  /** The peers are route-reflection clients. */
  readonly areClients: boolean
  /** The next hop of everything sent to them becomes this router, of reflected routes too: no IGP carries the others. */
  readonly setsNextHop: boolean
  readonly peers: readonly Ipv4Address[]
}

export interface InterfacePlan {
  readonly name: string
  /** The node at the other end. */
  readonly description: string
  readonly address: AddressWithLength
}

/** A router, in no vendor's words. */
export interface RouterPlan {
  readonly name: string
  readonly autonomousSystem: number
  readonly routerId: Ipv4Address
  readonly clusterId: Ipv4Address | undefined
  /** Addresses of `lo`: the router id first, then one in each announced prefix that no host is in. */
  readonly loopbackAddresses: readonly AddressWithLength[]
  readonly interfaces: readonly InterfacePlan[]
  readonly peerGroups: readonly PeerGroupPlan[]
  readonly announced: readonly Prefix[]
}

export interface HostPlan {
  readonly name: string
  /** Of its `eth1`. */
  readonly address: AddressWithLength
  readonly gateway: Ipv4Address
}

/** One end of a link: node and interface. */
export type Endpoint = readonly [node: string, device: string]

/** A whole fabric: what the writers of each dialect turn into files. */
export interface FabricPlan {
  readonly name: string
  readonly routers: readonly RouterPlan[]
  readonly hosts: readonly HostPlan[]
  readonly links: readonly (readonly [Endpoint, Endpoint])[]
}
