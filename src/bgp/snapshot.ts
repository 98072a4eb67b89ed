import type { BgpPeerModel, GracefulRestartModel } from '../model/bgp.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { PathAttributes } from '../wire/bgp/attributes.ts'
import type { BgpCapability } from '../wire/bgp/message.ts'

/*
 * Rows that `Speaker.snapshot…` returns: plain data for the printers of `show bgp …`, `cilium bgp …` and for assertions.
 * Instants are simulated nanoseconds; printers turn them into clock times and spans.
 */

/** The whole table, prefixes in the order of `show ip bgp`. */
export interface TableSnapshot {
  readonly asn: number
  readonly routerId: Ipv4Address
  readonly defaultLocalPreference: number
  /** Number of best-path changes so far. */
  readonly tableVersion: number
  /** Nodes of the prefix trie, branching nodes included: n disjoint prefixes make 2n-1. */
  readonly ribEntries: number
  readonly showHostname: boolean
  readonly prefixes: readonly PrefixRow[]
}

/** A prefix of the table with all its paths. */
export interface PrefixRow {
  readonly prefix: Prefix
  /** Table version at its last best-path change, 0 when it never had a best path. */
  readonly version: number
  /** In list order: newest first, or best first since FRR 10.1. */
  readonly paths: readonly PathRow[]
  /** Suppressed by an aggregate with `summary-only` (or a suppress-map). */
  readonly isSuppressed: boolean
  /** What FRR prints in `best (…)` and JSON `selectionReason`. */
  readonly selectionReason: string
  /** Peers it is sent to now, in the order of `peers`. */
  readonly advertisedTo: readonly PeerName[]
}

/** How a peer is named in outputs. */
export interface PeerName {
  readonly address: Ipv4Address
  /** Of an unnumbered peer: printed in the address's place. */
  readonly interface?: string
  /** From capability 73. */
  readonly hostName?: string
}

/** How a path came into the table. */
export type PathOrigin = 'learned' | 'network' | 'redistributed' | 'aggregate' | 'originated'

/** A path, with what the decision made of it. */
export interface PathRow {
  readonly kind: PathOrigin
  /** Undefined for own routes (printed as 0.0.0.0, `(unspec)`; aggregates `::`). */
  readonly peer?: PeerName & { readonly routerId: Ipv4Address }
  readonly peerType: 'internal' | 'external' | 'confed-internal' | 'confed-external' | 'self'
  readonly attributes: PathAttributes
  /** 32768 for own routes. */
  readonly weight: number
  readonly tag?: number
  readonly isValid: boolean
  readonly isBest: boolean
  /** Joined the best path; the best path itself when there is at least one other member. */
  readonly isMultipath: boolean
  readonly isStale: boolean
  /** `bestpath-from-AS N`: winner of its neighbour AS under deterministic-med; `local` for an empty path. */
  readonly bestFromAs?: number | 'local'
  /** Metric of the route to the next hop. */
  readonly igpMetric: number
  readonly isFromReflectorClient: boolean
  readonly isFromRouteServerClient: boolean
  readonly updatedAtNs: number
  /** Only for a loser that took part: the step it lost at, against which path, and both values as printed. */
  readonly lostAt?: LossReason
}

/** Why one path lost against another: step names of frr.md's list, kebab-case. */
export interface LossReason {
  readonly step: DecisionStep
  /** Value of this path and of the winner; numbers or short texts. */
  readonly own: number | string
  readonly winner: number | string
}

export type DecisionStep =
  | 'llgr-stale'
  | 'weight'
  | 'local-preference'
  | 'local-route'
  | 'as-path'
  | 'confed-as-path'
  | 'origin'
  | 'med'
  | 'peer-type'
  | 'igp-metric'
  | 'confed-peer-type'
  | 'older-path'
  | 'router-id'
  | 'cluster-length'
  | 'stale'
  | 'locally-configured'
  | 'neighbor-address'
  | 'nothing-left'
  | 'invalid'

/** State names as bgpd prints them. */
export type PeerState = 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established' | 'Clearing'

/** A peer with its session, counters and negotiated capabilities. */
export interface PeerRow {
  readonly address: Ipv4Address
  readonly interface?: string
  readonly hostName?: string
  readonly domainName?: string
  readonly description?: string
  readonly peerGroup?: string
  /** From a listen range; the range it came from. */
  readonly dynamicRange?: Prefix
  readonly remoteAs: number
  readonly localAs: number
  readonly isInternal: boolean
  readonly isConfederation: boolean
  readonly remoteRouterId: Ipv4Address
  readonly localRouterId: Ipv4Address
  readonly model: BgpPeerModel
  readonly state: PeerState
  /** What summary prints in brackets after Idle. */
  readonly idleReason?: 'Admin' | 'PfxCt'
  /** Instant of the last change of state Established/not; undefined: never. */
  readonly changedAtNs?: number
  readonly lastReadAtNs?: number
  readonly lastWriteAtNs?: number
  readonly holdSeconds: number
  readonly keepaliveSeconds: number
  readonly configuredHoldSeconds: number
  readonly configuredKeepaliveSeconds: number
  readonly connectRetrySeconds: number
  /** Of messages, as `show ip bgp neighbors` prints them. */
  readonly sent: MessageCounters
  readonly received: MessageCounters
  readonly connectionsEstablished: number
  readonly connectionsDropped: number
  readonly lastReset?: LastReset
  readonly advertisedCapabilities: readonly BgpCapability[]
  readonly receivedCapabilities: readonly BgpCapability[]
  /** IPv4 unicast is configured (active) for this peer. */
  readonly isFamilyActive: boolean
  /** IPv4 unicast is negotiated on the session that is up. */
  readonly isFamilyNegotiated: boolean
  /** Routes accepted from the peer, valid or not. */
  readonly acceptedPrefixes: number
  /** Routes received before policy and loop checks. GoBGP counts these as received. */
  readonly receivedPrefixes: number
  readonly sentPrefixes: number
  readonly isInboundPolicyMissing: boolean
  readonly isOutboundPolicyMissing: boolean
  /** Route-maps named and whether they exist are in `model` and the policy. */
  readonly updateGroup: number
  readonly isDefaultSent: boolean
  readonly localAddress?: Ipv4Address
  readonly localPort?: number
  readonly remotePort?: number
  /** Own address announced as next hop. */
  readonly nextHopAddress?: Ipv4Address
  readonly isSharedNetwork: boolean
  readonly ttl: number
  /** Instants the timers are due; undefined: not running. */
  readonly connectTimerAtNs?: number
  readonly startTimerAtNs?: number
  readonly gracefulRestart: GracefulRestartRow
}

/** Graceful restart of one peer, as `show bgp neighbors` tells it. */
export interface GracefulRestartRow {
  readonly model: GracefulRestartModel
  /** The peer went away and is left to come back by itself. */
  readonly isAwaited: boolean
  /** The restart time that the last OPEN with the capability named; 0: none. */
  readonly receivedRestartSeconds: number
  readonly isEndOfRibSent: boolean
  readonly isEndOfRibReceived: boolean
  /** No UPDATE was sent in a later second than End-of-RIB. */
  readonly isEndOfRibLast: boolean
  /** Left of the peer's restart time and of the own stale-path time, while they run. */
  readonly restartNs?: number
  readonly staleNs?: number
}

/** Messages of one direction, by type, since the peer was configured. */
export interface MessageCounters {
  readonly opens: number
  readonly notifications: number
  readonly updates: number
  readonly keepalives: number
  readonly routeRefreshes: number
  readonly total: number
}

/** When and why the session last ended. */
export interface LastReset {
  readonly atNs: number
  /** As FRR prints it: `Waiting for NHT`, `Notification received (Cease/Administrative Reset/Hard Reset)`. */
  readonly text: string
  /** `lastResetCode` of the JSON output. */
  readonly code: number
  /** Code and subcode of the NOTIFICATION, if one was sent or received. */
  readonly notification?: { readonly code: number; readonly subcode: number; readonly isSent: boolean }
}

/** The instance with all its peers. */
export interface PeersSnapshot {
  readonly asn: number
  readonly routerId: Ipv4Address
  readonly tableVersion: number
  readonly ribEntries: number
  readonly peerGroups: number
  readonly listenLimit: number
  readonly dynamicPeers: number
  readonly isMultipathRelax: boolean
  readonly showHostname: boolean
  /** In FRR's order: groups by name with their members, then peers without a group, by address. */
  readonly peers: readonly PeerRow[]
}

/** One line of `advertised-routes` or `received-routes`. */
export interface PeerRouteRow {
  readonly prefix: Prefix
  /** As the group sees it: next hop 0.0.0.0 where the session's own address is filled in at send time. */
  readonly attributes: PathAttributes
  readonly weight: number
}

/** Routes of one peer in one direction. */
export interface PeerRoutes {
  readonly rows: readonly PeerRouteRow[]
  /** `Originating default network 0.0.0.0/0` is printed (advertised routes only). */
  readonly isDefaultOriginated: boolean
  /** Filtered by the policy (received routes; what `filteredPrefixCounter` counts). */
  readonly filtered: number
}

/** One entry of `show bgp nexthop`. */
export interface NextHopRow {
  readonly address: Ipv4Address
  readonly isValid: boolean
  readonly metric: number
  readonly paths: number
  /** The address is a session's too. */
  readonly peer?: PeerName
  readonly interface?: string
  readonly gateway?: Ipv4Address
  readonly mustBeConnected: boolean
  readonly updatedAtNs: number
}
