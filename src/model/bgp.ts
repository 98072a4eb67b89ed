import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { BfdSettings } from './bfd.ts'
import type { BgpOrigin } from './policy.ts'
import type { SourceRef } from './source.ts'

/**
 * One BGP instance, every knob explicit: the front ends (FRR, VyOS, Cilium) fill in the defaults of their version and
 * profile, and peer-group inheritance is already resolved into the peers.
 */
export interface BgpModel {
  readonly asn: number
  /** Undefined: taken from the route manager. */
  readonly routerId?: Ipv4Address
  readonly clusterId?: Ipv4Address
  readonly confederation?: { readonly identifier: number; readonly memberAsns: readonly number[] }
  readonly defaultLocalPreference: number
  readonly ebgpRequiresPolicy: boolean
  readonly networkImportCheck: boolean
  readonly fastExternalFailover: boolean
  readonly enforceFirstAs: boolean
  readonly rejectAsSets: boolean
  readonly suppressDuplicates: boolean
  readonly alwaysCompareMed: boolean
  readonly deterministicMed: boolean
  readonly clientToClientReflection: boolean
  readonly allowOutboundPolicyOnReflected: boolean
  readonly hardAdministrativeReset: boolean
  readonly showHostname: boolean
  readonly gracefulShutdown: boolean
  readonly bestPath: BestPathModel
  readonly timers: {
    readonly keepaliveSeconds: number
    readonly holdSeconds: number
    readonly connectRetrySeconds: number
  }
  /** `coalesce-time`; undefined: computed from the number of peers. Milliseconds. */
  readonly coalesceMs?: number
  readonly distance: { readonly external: number; readonly internal: number; readonly local: number }
  readonly gracefulRestart: GracefulRestartModel
  readonly networks: readonly NetworkStatement[]
  readonly redistribute: readonly RedistributeStatement[]
  readonly aggregates: readonly AggregateStatement[]
  /** Undefined: the build's limit (256 on Debian, 64 in the containers). */
  readonly maximumPaths: { readonly ebgp?: number; readonly ibgp?: number; readonly ibgpEqualClusterLength: boolean }
  readonly tableMap?: string
  readonly peers: readonly BgpPeerModel[]
  readonly peerGroups: readonly BgpPeerGroupModel[]
  readonly listenRanges: readonly { readonly prefix: Prefix; readonly peerGroup: string }[]
  readonly listenLimit: number
  readonly source: SourceRef
}

/** The `bgp bestpath` options. */
export interface BestPathModel {
  readonly asPathMultipathRelax: 'off' | 'relax' | 'as-set'
  readonly asPathIgnore: boolean
  readonly asPathConfed: boolean
  readonly compareRouterId: boolean
  readonly medConfed: boolean
  readonly medMissingAsWorst: boolean
  readonly peerTypeMultipathRelax: boolean
}

/** RFC 4724: what this end does, and for how long. */
export interface GracefulRestartModel {
  readonly mode: 'helper' | 'restarting' | 'disabled'
  readonly restartSeconds: number
  readonly stalePathSeconds: number
  /** `bgp graceful-restart preserve-fw-state`: the F bit is set. */
  readonly preservesForwarding?: boolean
}

/** `network`: originates a prefix. */
export interface NetworkStatement {
  readonly prefix: Prefix
  readonly routeMap?: string
  readonly backdoor: boolean
  readonly source: SourceRef
}

/** `redistribute`: originates the routes of another protocol. */
export interface RedistributeStatement {
  readonly protocol: 'connected' | 'static' | 'kernel'
  readonly metric?: number
  readonly routeMap?: string
  readonly source: SourceRef
}

/** `aggregate-address`. */
export interface AggregateStatement {
  readonly prefix: Prefix
  readonly asSet: boolean
  readonly summaryOnly: boolean
  readonly routeMap?: string
  readonly suppressMap?: string
  /** In the place of the contributors' worst one. */
  readonly origin?: BgpOrigin
  /** Only while all contributors have the same MED. */
  readonly matchingMedOnly?: boolean
  readonly source: SourceRef
}

/** Session and family options a peer-group passes on; the peers carry the resolved values. */
interface BgpPeerGroupModel {
  readonly name: string
  /** What a dynamic (listen range) peer of the group becomes; its address is filled in on accept. */
  readonly template: BgpPeerModel
}

/** A peer, or the template of peers from a listen range. */
export interface BgpPeerModel {
  /** Undefined for a template and for an unnumbered (interface) peer. */
  readonly address?: Ipv4Address
  /** `neighbor eth1 interface …` */
  readonly interface?: string
  readonly peerGroup?: string
  /** `external` and `internal` accept any fitting AS. Undefined: no remote-as was given, the peer stays down. */
  readonly remoteAs?: number | 'internal' | 'external'
  readonly localAs?: { readonly asn: number; readonly noPrepend: boolean; readonly replaceAs: boolean }
  readonly description?: string
  readonly shutdown: boolean
  readonly passive: boolean
  readonly password?: string
  readonly port: number
  readonly updateSource?: Ipv4Address | { readonly interface: string }
  /** TTL for eBGP; 1 unless configured. */
  readonly ebgpMultihopTtl?: number
  readonly ttlSecurityHops?: number
  readonly disableConnectedCheck: boolean
  readonly solo: boolean
  readonly enforceFirstAs: boolean
  readonly timers: {
    readonly keepaliveSeconds: number
    readonly holdSeconds: number
    readonly connectRetrySeconds: number
  }
  /** Seconds between updates (MRAI); 0 in FRR by default. */
  readonly advertisementIntervalSeconds: number
  readonly delayOpenSeconds?: number
  readonly bfd: boolean
  /** `neighbor X bfd MULTIPLIER RECEIVE TRANSMIT`, `neighbor X bfd profile NAME`. */
  readonly bfdSettings?: BfdSettings
  readonly capabilities: {
    readonly dynamic: boolean
    readonly extendedNextHop: boolean
    readonly softwareVersion: boolean
  }
  readonly dontCapabilityNegotiate: boolean
  readonly overrideCapability: boolean
  readonly strictCapabilityMatch: boolean
  /** IPv4 unicast; undefined when the family is not activated. */
  readonly ipv4Unicast?: PeerFamilyModel
  readonly source: SourceRef
}

/** What is set for a peer in one address family, IPv4 unicast. */
export interface PeerFamilyModel {
  readonly routeReflectorClient: boolean
  readonly routeServerClient: boolean
  readonly nextHopSelf: 'off' | 'on' | 'force'
  readonly softReconfigurationInbound: boolean
  readonly allowAsIn?: number | 'origin'
  readonly asOverride: boolean
  readonly removePrivateAs?: { readonly all: boolean; readonly replaceAs: boolean }
  readonly defaultOriginate?: { readonly routeMap?: string }
  readonly attributeUnchanged: { readonly asPath: boolean; readonly nextHop: boolean; readonly med: boolean }
  readonly sendCommunity: { readonly standard: boolean; readonly extended: boolean; readonly large: boolean }
  readonly weight?: number
  readonly maximumPrefix?: { readonly limit: number; readonly warningOnly: boolean; readonly restartMinutes?: number }
  readonly senderAsPathLoopDetection: boolean
  readonly unsuppressMap?: string
  readonly in: PeerPolicyNames
  readonly out: PeerPolicyNames
}

/** A family with every option at its default and all communities sent: what a peer that sets nothing has. */
export const PLAIN_FAMILY: PeerFamilyModel = {
  routeReflectorClient: false,
  routeServerClient: false,
  nextHopSelf: 'off',
  softReconfigurationInbound: false,
  asOverride: false,
  attributeUnchanged: { asPath: false, nextHop: false, med: false },
  sendCommunity: { standard: true, extended: true, large: true },
  senderAsPathLoopDetection: false,
  in: {},
  out: {},
}

/** Names of the policies in one direction. */
export interface PeerPolicyNames {
  readonly routeMap?: string
  readonly prefixList?: string
  readonly distributeList?: string
  readonly filterList?: string
}
