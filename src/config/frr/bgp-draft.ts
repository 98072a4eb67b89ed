import type { BfdSettings } from '../../model/bfd.ts'
import type { AggregateStatement, NetworkStatement } from '../../model/bgp.ts'
import type { Mutable } from '../../model/mutable.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Ipv4Address, Prefix } from '../../wire/address.ts'

/** A BGP instance while its lines are read. What is undefined was not said: the defaults decide. */
export interface BgpDraft {
  readonly asn: number
  readonly source: SourceRef
  routerId?: Ipv4Address | undefined
  clusterId?: Ipv4Address | undefined
  confederationIdentifier?: number | undefined
  readonly confederationPeers: Set<number>
  defaultLocalPreference?: number | undefined
  /** `bgp default ipv4-unicast`: read when a neighbour is created. */
  isIpv4UnicastDefault: boolean
  /** Switches by the words after `bgp`: `network import-check` → false after the `no` form. */
  readonly flags: Map<string, boolean>
  multipathRelax?: 'relax' | 'as-set' | undefined
  medConfed?: boolean | undefined
  medMissingAsWorst?: boolean | undefined
  timers?: { readonly keepaliveSeconds: number; readonly holdSeconds: number } | undefined
  connectRetrySeconds?: number | undefined
  coalesceMs?: number | undefined
  distance?: { readonly external: number; readonly internal: number; readonly local: number } | undefined
  gracefulRestartMode?: 'restarting' | 'disabled' | undefined
  restartSeconds?: number | undefined
  stalePathSeconds?: number | undefined
  readonly networks: Map<Prefix, NetworkStatement>
  readonly redistribute: Map<string, Mutable<RedistributeDraft>>
  readonly aggregates: Map<Prefix, AggregateStatement>
  maximumPathsEbgp?: number | undefined
  maximumPathsIbgp?: number | undefined
  isIbgpEqualClusterLength: boolean
  tableMap?: string | undefined
  readonly peers: Map<string, PeerDraft>
  readonly groups: Map<string, PeerDraft>
  readonly listenRanges: Map<Prefix, string>
  listenLimit?: number | undefined
}

interface RedistributeDraft {
  readonly protocol: 'connected' | 'static' | 'kernel'
  readonly metric?: number | undefined
  readonly routeMap?: string | undefined
  readonly source: SourceRef
}

/** A neighbour or a peer-group (then `kind` is `group`) while its lines are read. */
export interface PeerDraft {
  /** Address text, interface name or group name. */
  readonly key: string
  readonly kind: 'address' | 'interface' | 'group'
  readonly address?: Ipv4Address | undefined
  readonly source: SourceRef
  group?: string | undefined
  isV6Only: boolean
  readonly options: PeerOptions
  readonly family: FamilyOptions
}

/** Session statements; undefined inherits from the group, then from the defaults. */
export interface PeerOptions {
  remoteAs?: number | 'internal' | 'external' | undefined
  localAs?: { readonly asn: number; readonly noPrepend: boolean; readonly replaceAs: boolean } | undefined
  description?: string | undefined
  shutdown?: boolean | undefined
  shutdownMessage?: string | undefined
  passive?: boolean | undefined
  password?: string | undefined
  port?: number | undefined
  updateSource?: Ipv4Address | { readonly interface: string } | undefined
  ebgpMultihopTtl?: number | undefined
  ttlSecurityHops?: number | undefined
  disableConnectedCheck?: boolean | undefined
  solo?: boolean | undefined
  enforceFirstAs?: boolean | undefined
  timers?: { readonly keepaliveSeconds: number; readonly holdSeconds: number } | undefined
  connectRetrySeconds?: number | undefined
  advertisementIntervalSeconds?: number | undefined
  delayOpenSeconds?: number | undefined
  bfd?: boolean | undefined
  bfdSettings?: BfdSettings | undefined
  dynamicCapability?: boolean | undefined
  extendedNextHop?: boolean | undefined
  softwareVersion?: boolean | undefined
  dontCapabilityNegotiate?: boolean | undefined
  overrideCapability?: boolean | undefined
  strictCapabilityMatch?: boolean | undefined
}

/** Statements of `address-family ipv4 unicast` about one neighbour. */
export interface FamilyOptions {
  activated?: boolean | undefined
  routeReflectorClient?: boolean | undefined
  routeServerClient?: boolean | undefined
  nextHopSelf?: 'off' | 'on' | 'force' | undefined
  softReconfigurationInbound?: boolean | undefined
  allowAsIn?: number | 'origin' | undefined
  asOverride?: boolean | undefined
  removePrivateAs?: { readonly all: boolean; readonly replaceAs: boolean } | undefined
  defaultOriginate?: { readonly routeMap?: string } | undefined
  attributeUnchanged?: { readonly asPath: boolean; readonly nextHop: boolean; readonly med: boolean } | undefined
  sendStandard?: boolean | undefined
  sendExtended?: boolean | undefined
  sendLarge?: boolean | undefined
  weight?: number | undefined
  maximumPrefix?: MaximumPrefixDraft | undefined
  senderAsPathLoopDetection?: boolean | undefined
  unsuppressMap?: string | undefined
  readonly in: PolicyNamesDraft
  readonly out: PolicyNamesDraft
}

interface MaximumPrefixDraft {
  readonly limit: number
  readonly warningOnly: boolean
  readonly restartMinutes?: number
  readonly threshold?: number
}

/** Names of a peer's policies in one direction. */
export interface PolicyNamesDraft {
  routeMap?: string | undefined
  prefixList?: string | undefined
  distributeList?: string | undefined
  filterList?: string | undefined
}

/** A BGP instance of which only the AS is known. */
export function createBgpDraft(asn: number, source: SourceRef): BgpDraft {
  return {
    asn,
    source,
    confederationPeers: new Set(),
    isIpv4UnicastDefault: true,
    flags: new Map(),
    networks: new Map(),
    redistribute: new Map(),
    aggregates: new Map(),
    isIbgpEqualClusterLength: false,
    peers: new Map(),
    groups: new Map(),
    listenRanges: new Map(),
  }
}

/** A peer or peer group of which only the name is known. */
export function createPeerDraft(
  key: string,
  kind: PeerDraft['kind'],
  address: Ipv4Address | undefined,
  source: SourceRef,
): PeerDraft {
  return { key, kind, address, source, isV6Only: false, options: {}, family: { in: {}, out: {} } }
}
