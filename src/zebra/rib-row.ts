import type { Ipv4Address, Prefix } from '../wire/address.ts'

/** Where a route comes from, by FRR's name (`lib/route_types.txt`). */
export type RibProtocol = 'kernel' | 'connected' | 'local' | 'static' | 'bgp'

/** One entry of the routing table as `show ip route` sees it. Several may share a prefix. */
export interface RibRow {
  readonly prefix: Prefix
  readonly protocol: RibProtocol
  /** bgp only: learned by iBGP, or an aggregate. */
  readonly bgpKind?: 'ebgp' | 'ibgp' | 'aggregate'
  readonly distance: number
  /** MED for bgp routes, the kernel's metric for kernel routes. */
  readonly metric: number
  readonly tag?: number
  /** Chosen among the entries of its prefix (`>`). */
  readonly isSelected: boolean
  /** In the kernel (`*` beside its active next hops). */
  readonly isInstalled: boolean
  /** Handed to the kernel, answer outstanding (`q`). */
  readonly isQueued: boolean
  /** Refused by the kernel (`r`). */
  readonly isRejected: boolean
  /** Next hops may resolve over routes that are not connected. */
  readonly allowsRecursion: boolean
  /** Entries of the protocol with other distances are kept beside it: static routes. */
  readonly isKeyedByDistance: boolean
  /** Id of the next-hop entry the route uses now. */
  readonly nextHopGroupId: number
  readonly installedNextHopGroupId?: number
  /** Instant of the last change, nanoseconds. */
  readonly updatedAtNs: number
  /** Sorted as FRR sorts them: type, weight, address, interface. */
  readonly nextHops: readonly RibNextHop[]
}

/** A next hop of a route; a recursive one carries what it resolves to. */
export interface RibNextHop {
  readonly type: 'interface' | 'gateway' | 'blackhole' | 'unreachable'
  readonly gateway?: Ipv4Address
  /** Interface name: configured, or where resolution found the gateway. */
  readonly interface?: string
  readonly interfaceIndex?: number
  readonly weight: number
  readonly isActive: boolean
  /** Active, and a route with the same next-hop entry is in the kernel. */
  readonly isInFib: boolean
  readonly isRecursive: boolean
  /** An earlier one of the route leads the same way. */
  readonly isDuplicate: boolean
  readonly isOnlink: boolean
  readonly preferredSource?: Ipv4Address
  readonly resolved: readonly RibNextHop[]
}
