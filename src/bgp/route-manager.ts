import type { Ipv4Address, Prefix } from '../wire/address.ts'

/**
 * What a BGP speaker asks of the router it runs on: next-hop tracking, other protocols' routes, and a place to put its own.
 * zebra is one; a speaker without a routing table (GoBGP inside Cilium) uses `GobgpRouteManager`.
 *
 * All listeners run synchronously at the instant the answer changes.
 */
export interface RouteManager {
  /** Highest loopback address, else highest interface address; 0.0.0.0 while there is none. */
  readonly routerId: Ipv4Address
  /** Returns the function that stops listening. */
  onRouterIdChange(listener: (routerId: Ipv4Address) => void): () => void
  /** Next-hop tracking. `connectedOnly`: valid only while the address lies on a connected network. */
  trackNextHop(
    address: Ipv4Address,
    options: { readonly connectedOnly: boolean },
    onChange: () => void,
  ): NextHopTracking
  /** Exact prefix present from a protocol other than bgp (`network` with import-check). */
  trackPrefix(prefix: Prefix, onChange: () => void): PrefixTracking
  /** Replaces what bgp had for the prefixes, in this order. Neither the list nor the route may change afterwards. */
  install(prefixes: readonly Prefix[], route: BgpRoute): void
  withdraw(prefixes: readonly Prefix[]): void
  /** Calls `onAdd` for each route present now, then for every change (a changed route is added again). */
  redistribute(
    protocol: 'connected' | 'static' | 'kernel',
    onAdd: (route: RedistributedRoute) => void,
    onRemove: (prefix: Prefix) => void,
  ): { stop(): void }
  /** The connected network that holds the address, if any. */
  connectedNetwork(address: Ipv4Address): ConnectedNetwork | undefined
  /** Administrative down or loss of carrier. Returns the function that stops listening. */
  onInterfaceDown(listener: (interfaceName: string) => void): () => void
  /**
   * Own address for a session from an interface: of its global addresses the one that has the most leading bits in common
   * with the peer's, among equal ones the first; undefined when it has none (FRR bgpd/bgp_network.c `bgp_update_address`).
   */
  interfaceAddress(name: string, peer: Ipv4Address): Ipv4Address | undefined
}

/** The answer about a tracked next hop; it changes with the routes. */
export interface NextHopTracking {
  readonly isValid: boolean
  /** Metric of the route that resolves it. */
  readonly metric: number
  /** Whether that route is a connected one. */
  readonly isConnected: boolean
  readonly interface?: string | undefined
  /** Gateway of the route that resolves it, where it is not connected (`show bgp nexthop`). */
  readonly gateway?: Ipv4Address | undefined
  stop(): void
}

/** The answer about a tracked prefix; it changes with the routes. */
export interface PrefixTracking {
  readonly isPresent: boolean
  readonly metric: number
  stop(): void
}

/** A network that an interface is in. */
export interface ConnectedNetwork {
  readonly prefix: Prefix
  readonly interface: string
}

/** A route of another protocol that is handed to BGP. */
export interface RedistributedRoute {
  readonly prefix: Prefix
  readonly metric: number
  /** The route's gateway; undefined for connected, interface and blackhole routes. */
  readonly nextHop?: Ipv4Address
  readonly interface?: string
  readonly tag?: number
  readonly type: 'unicast' | 'blackhole' | 'unreachable'
}

/** A best path (with its multipath set) on its way into the routing table: what it is apart from the prefixes it is for. */
export interface BgpRoute {
  readonly kind: 'ebgp' | 'ibgp' | 'aggregate'
  readonly distance: number
  /** MED of the best path, 0 without one. */
  readonly metric: number
  readonly tag?: number | undefined
  /**
   * Best path first, then the multipaths in the speaker's order. Empty for a blackhole. Routes with equal next hops share one
   * list.
   */
  readonly nextHops: readonly { readonly gateway: Ipv4Address; readonly weight: number }[]
  readonly blackhole?: boolean | undefined
  /** iBGP or multihop: next hops may resolve recursively. */
  readonly isRecursive: boolean
  readonly sourceAddress?: Ipv4Address | undefined
}
