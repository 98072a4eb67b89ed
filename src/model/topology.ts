import type { AddressWithLength, Ipv4Address, MacAddress, Prefix } from '../wire/address.ts'
import type { SourceRef } from './source.ts'

/** One containerlab file, inheritance resolved and magic variables expanded. */
export interface TopologyModel {
  readonly name: string
  /** Text before node names in container names: `clab-cilium-bgp-`; empty for `prefix: ""`. */
  readonly containerPrefix: string
  readonly management: ManagementNetworkModel
  readonly nodes: readonly NodeModel[]
  readonly links: readonly LinkModel[]
  readonly file: string
}

/** `mgmt`: the docker network that all containers are attached to. */
export interface ManagementNetworkModel {
  /** docker network name, `clab` by default. Labs with the same name share it. */
  readonly network: string
  readonly bridge?: string
  readonly subnet: Prefix
  readonly gateway: Ipv4Address
  readonly range?: Prefix
  readonly mtuBytes: number
  /** Whether the file has a `mgmt` section. Without one no management network is simulated. */
  readonly isWritten: boolean
}

/** A member of the lab. */
export interface NodeModel {
  readonly name: string
  /** As real docker would name it: `clab-cilium-bgp-leaf01`. */
  readonly containerName: string
  readonly kind: NodeKind
  readonly image?: string
  readonly group?: string
  /** Host name inside; the node name unless configured. */
  readonly hostName: string
  readonly networkMode:
    | { readonly kind: 'bridge' | 'host' | 'none' }
    | { readonly kind: 'container'; readonly container: string }
  readonly managementAddress?: Ipv4Address
  readonly exec: readonly ExecModel[]
  readonly binds: readonly BindModel[]
  readonly environment: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
  readonly sysctls: ReadonlyMap<string, string>
  /** Where each of them is written. */
  readonly sysctlSources?: ReadonlyMap<string, SourceRef>
  readonly startupConfig?: string
  readonly startupDelaySeconds: number
  readonly source: SourceRef
}

/** The kinds of containerlab that are simulated. */
export type NodeKind = 'linux' | 'bridge' | 'ovs-bridge' | 'host' | 'ext-container' | 'k8s-kind'

/** A command of `exec`, with its place in the file. */
export interface ExecModel {
  readonly command: string
  readonly source: SourceRef
}

/** A bind mount. */
export interface BindModel {
  /** Path on the machine, resolved against the topology file. */
  readonly from: string
  readonly to: string
  readonly options: string
  readonly source: SourceRef
}

/** A link of the topology. */
export interface LinkModel {
  readonly type: 'veth' | 'dummy' | 'host' | 'mgmt-net'
  readonly a: EndpointModel
  /** Undefined for a dummy link. */
  readonly b?: EndpointModel
  readonly mtuBytes: number
  readonly source: SourceRef
}

/** An end of a link. */
export interface EndpointModel {
  readonly node: string
  readonly interface: string
  readonly mac?: MacAddress
  readonly address?: AddressWithLength
  readonly source: SourceRef
}

/** A kind cluster file. */
export interface KindClusterModel {
  readonly name: string
  readonly nodes: readonly KindNodeModel[]
  readonly podSubnet: Prefix
  readonly serviceSubnet: Prefix
  readonly disableDefaultCni: boolean
  readonly kubeProxyMode: 'iptables' | 'ipvs' | 'nftables' | 'none'
  readonly file: string
}

/** A node of a kind cluster. */
export interface KindNodeModel {
  /** Container and node name: `cilium-bgp-control-plane`, `cilium-bgp-worker2`. */
  readonly name: string
  readonly role: 'control-plane' | 'worker'
  readonly image?: string
  readonly labels: ReadonlyMap<string, string>
  /** Where the node stands in the file, and each of its labels; undefined without a file. */
  readonly source?: SourceRef
  readonly labelSources?: ReadonlyMap<string, SourceRef>
  /** kubelet's `node-ip` from kubeadm patches. */
  readonly nodeAddress?: Ipv4Address
  readonly taints: readonly string[]
}
