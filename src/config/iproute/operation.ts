import type { Ipv4Address, MacAddress } from '../../wire/address.ts'
import type { PrefixWord } from './word-reader.ts'

/** Options before the object: `ip -br -j -4 addr`. */
export interface IpOptions {
  readonly family: 'unspecified' | 'inet' | 'inet6' | 'link' | 'bridge' | 'mpls'
  readonly json: boolean
  readonly pretty: boolean
  readonly brief: boolean
  readonly oneline: boolean
  readonly details: boolean
  /** How often `-s` was given. */
  readonly statistics: number
  /** `-N`: numbers instead of names of protocols, scopes and tables. */
  readonly numeric: boolean
}

/** What an `ip` command asks for. Devices are names here: whether they exist is for the host to say. */
export type IpOperation =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly object: string }
  | AddressChange
  | AddressList
  | LinkAdd
  | LinkSet
  | LinkDelete
  | LinkList
  | RouteChange
  | RouteList
  | RouteGet
  | NeighborChange
  | NeighborList
  | NeighborGet
  | RuleChange
  | RuleList
  | NextHopChange
  | NextHopList
  | NextHopGet

/** `ip address add`, `change`, `replace` and `delete`. */
export interface AddressChange {
  readonly kind: 'address-change'
  readonly command: 'add' | 'change' | 'replace' | 'delete'
  readonly device: string
  /** Undefined when none was given. */
  readonly local?: PrefixWord
  readonly peer?: PrefixWord
  /** `+`: the last address of the network. */
  readonly broadcast?: Ipv4Address | '+' | '-'
  readonly scope?: number
  readonly label?: string
  readonly warnings: readonly string[]
}

/** `ip addr show` and `flush`. */
export interface AddressList {
  readonly kind: 'address-list'
  readonly flush: boolean
  readonly device?: string
  readonly to?: PrefixWord
  readonly scope?: number
  readonly up: boolean
  readonly label?: string
  readonly master?: string
  readonly noMaster: boolean
  readonly type?: string
  /** `primary` false, `secondary` true. */
  readonly secondary?: boolean
  /** Words such as `permanent` or `dynamic`. */
  readonly permanent?: boolean
}

/** `ip link add`. */
export interface LinkAdd {
  readonly kind: 'link-add'
  readonly name?: string
  readonly type: string
  readonly settings: LinkSettings
  /** The other end, for `type veth peer name …`. */
  readonly peer?: { readonly name?: string; readonly settings: LinkSettings }
  /** Words after the type that drylab accepts without effect. */
  readonly warnings: readonly string[]
}

/** What `ip link set` changes; the order is the kernel's (do_setlink), not the words'. */
export interface LinkSettings {
  readonly up?: boolean
  readonly mac?: MacAddress
  readonly mtuBytes?: number
  readonly newName?: string
  /** Name of the master; empty string: none. */
  readonly master?: string
  readonly txQueueLength?: number
  readonly alias?: string
  readonly arp?: boolean
  readonly multicast?: boolean
  readonly promiscuous?: boolean
  readonly allMulticast?: boolean
  /** Words understood and without effect here: `addrgenmode none`. */
  readonly ignored: readonly string[]
}

/** `ip link set`. */
export interface LinkSet {
  readonly kind: 'link-set'
  readonly device: string
  readonly settings: LinkSettings
}

/** `ip link delete`. */
export interface LinkDelete {
  readonly kind: 'link-delete'
  readonly device: string
}

/** `ip link show` with its filters. */
export interface LinkList {
  readonly kind: 'link-list'
  readonly device?: string
  readonly up: boolean
  readonly master?: string
  readonly noMaster: boolean
  readonly type?: string
}

/** Route types that iproute2 can write. */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'

/** A `nexthop` of a route. */
export interface RouteNextHop {
  readonly gateway?: Ipv4Address
  readonly device?: string
  readonly weight: number
  readonly onlink: boolean
}

/** Route metrics, by name, as `ip route` writes them. */
export interface RouteMetrics {
  readonly mtuBytes?: number
  readonly advertisedMssBytes?: number
  readonly others: ReadonlyMap<string, number>
}

/** `ip route add` and its like. */
export interface RouteChange {
  readonly kind: 'route-change'
  readonly command: 'add' | 'change' | 'replace' | 'prepend' | 'append' | 'test' | 'delete'
  readonly type?: RouteType
  readonly prefix: PrefixWord
  readonly tos: number
  readonly table?: number
  readonly metric?: number
  /** Undefined: boot when adding, any when deleting. */
  readonly protocol?: number
  readonly scope?: number
  readonly source?: Ipv4Address
  readonly gateway?: Ipv4Address
  readonly device?: string
  readonly onlink: boolean
  readonly nextHopId?: number
  readonly nextHops: readonly RouteNextHop[]
  readonly metrics: RouteMetrics
}

/** `ip route show` and `flush`. */
export interface RouteList {
  readonly kind: 'route-list'
  readonly flush: boolean
  /** Undefined: main. 0: all. */
  readonly table?: number
  readonly cached: boolean
  readonly destination?: { readonly mode: 'root' | 'match' | 'exact'; readonly prefix: PrefixWord }
  readonly device?: string
  readonly via?: PrefixWord
  readonly source?: PrefixWord
  readonly protocol?: number
  readonly scope?: number
  readonly type?: RouteType
  readonly tos?: number
  readonly metric?: number
}

/** `ip route get`. */
export interface RouteGet {
  readonly kind: 'route-get'
  readonly destination: PrefixWord
  readonly from?: PrefixWord
  readonly inputDevice?: string
  readonly outputDevice?: string
  readonly tos?: number
  readonly mark?: number
  readonly protocol?: number
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly fibMatch: boolean
}

/** States as iproute2 names them, in lower case. */
export type NeighborStateWord =
  | 'none'
  | 'incomplete'
  | 'reachable'
  | 'stale'
  | 'delay'
  | 'probe'
  | 'failed'
  | 'noarp'
  | 'permanent'

/** `ip neigh add` and its like. */
export interface NeighborChange {
  readonly kind: 'neighbor-change'
  readonly command: 'add' | 'change' | 'replace' | 'delete'
  readonly address: Ipv4Address
  readonly device: string
  readonly mac?: MacAddress
  readonly state: NeighborStateWord
}

/** `ip neigh show` and `flush`. */
export interface NeighborList {
  readonly kind: 'neighbor-list'
  readonly flush: boolean
  readonly device?: string
  readonly to?: PrefixWord
  /** Empty: the default set. `all` is every state. */
  readonly states: readonly NeighborStateWord[]
  readonly allStates: boolean
}

/** `ip neigh get`. */
export interface NeighborGet {
  readonly kind: 'neighbor-get'
  readonly address: Ipv4Address
  readonly device: string
}

/** What a rule selects, and where it leads. */
export interface RuleSelector {
  readonly priority?: number
  readonly from?: PrefixWord
  readonly to?: PrefixWord
  readonly inverted: boolean
  readonly inputDevice?: string
  readonly outputDevice?: string
  readonly mark?: number
  readonly tos?: number
  readonly table?: number
  readonly action?: 'blackhole' | 'unreachable' | 'prohibit'
  readonly protocol?: number
}

/** `ip rule add` and `delete`. */
export interface RuleChange {
  readonly kind: 'rule-change'
  readonly command: 'add' | 'delete'
  readonly selector: RuleSelector
}

/** `ip rule list` and `flush`. */
export interface RuleList {
  readonly kind: 'rule-list'
  readonly flush: boolean
  readonly selector: RuleSelector
}

/** `ip nexthop add`, `replace` and `delete`. */
export interface NextHopChange {
  readonly kind: 'nexthop-change'
  readonly command: 'add' | 'replace' | 'delete'
  readonly id?: number
  readonly gateway?: Ipv4Address
  readonly device?: string
  readonly onlink: boolean
  readonly blackhole: boolean
  readonly group?: readonly { readonly id: number; readonly weight: number }[]
  readonly protocol?: number
}

/** `ip nexthop show` and `flush`. */
export interface NextHopList {
  readonly kind: 'nexthop-list'
  readonly flush: boolean
  readonly id?: number
  readonly device?: string
  readonly groupsOnly: boolean
  readonly protocol?: number
}

/** `ip nexthop get`. */
export interface NextHopGet {
  readonly kind: 'nexthop-get'
  readonly id: number
}
