/**
 * A neighbor of a peering policy as the speaker's configuration, defaults of the CRD filled in.
 * Source: pkg/k8s/apis/cilium.io/v2alpha1/bgpp_types.go (SetDefaults), pkg/bgpv1/gobgp/peer.go.
 */
import type { BgpModel, BgpPeerModel, PeerFamilyModel } from '../../../model/bgp.ts'
import type { SourceRef } from '../../../model/source.ts'
import { type Ipv4Address, parseAddressWithLength } from '../../../wire/address.ts'
import type { BgpNeighbor } from '../../api/cilium-resources.ts'

const CONNECT_RETRY_SECONDS = 120
const HOLD_SECONDS = 90
const KEEPALIVE_SECONDS = 30

/** Names of the policy that sets a neighbor's attributes; empty names mean none. */
export interface PeerModelOptions {
  readonly routeMap: string | undefined
  /** Undefined: no secret is named, or it was not found. */
  readonly password: string | undefined
  /** `peering policy rack0`. */
  readonly source: SourceRef
}

/** The address of a neighbor: `peerAddress` is a CIDR of which only the address counts. Undefined when it is no IPv4. */
export function neighborAddress(neighbor: BgpNeighbor): Ipv4Address | undefined {
  return parseAddressWithLength(neighbor.peerAddress)?.address
}

export function peerModel(neighbor: BgpNeighbor, address: Ipv4Address, options: PeerModelOptions): BgpPeerModel {
  const hasIpv4 = neighbor.families === undefined || neighbor.families.some(isIpv4Unicast)
  return {
    address,
    remoteAs: neighbor.peerASN,
    shutdown: false,
    passive: false,
    ...(options.password === undefined ? {} : { password: options.password }),
    port: neighbor.peerPort ?? 179,
    ebgpMultihopTtl: neighbor.eBGPMultihopTTL ?? 1,
    disableConnectedCheck: true,
    solo: false,
    enforceFirstAs: false,
    timers: {
      keepaliveSeconds: neighbor.keepAliveTimeSeconds ?? KEEPALIVE_SECONDS,
      holdSeconds: neighbor.holdTimeSeconds ?? HOLD_SECONDS,
      connectRetrySeconds: neighbor.connectRetryTimeSeconds ?? CONNECT_RETRY_SECONDS,
    },
    advertisementIntervalSeconds: 0,
    bfd: false,
    capabilities: { dynamic: false, extendedNextHop: false, softwareVersion: true },
    dontCapabilityNegotiate: false,
    overrideCapability: false,
    strictCapabilityMatch: false,
    ...(hasIpv4 ? { ipv4Unicast: family(options.routeMap) } : {}),
    source: options.source,
  }
}

/** The instance of a virtual router, without peers. */
export function instanceModel(
  localAsn: number,
  routerId: Ipv4Address,
  gracefulRestart: BgpNeighbor['gracefulRestart'],
  source: SourceRef,
): BgpModel {
  return {
    asn: localAsn,
    routerId,
    defaultLocalPreference: 100,
    ebgpRequiresPolicy: false,
    networkImportCheck: false,
    fastExternalFailover: true,
    enforceFirstAs: false,
    rejectAsSets: false,
    suppressDuplicates: true,
    alwaysCompareMed: false,
    deterministicMed: false,
    clientToClientReflection: true,
    allowOutboundPolicyOnReflected: false,
    hardAdministrativeReset: false,
    showHostname: false,
    gracefulShutdown: false,
    bestPath: {
      asPathMultipathRelax: 'off',
      asPathIgnore: false,
      asPathConfed: false,
      compareRouterId: false,
      medConfed: false,
      medMissingAsWorst: false,
      peerTypeMultipathRelax: false,
    },
    timers: {
      keepaliveSeconds: KEEPALIVE_SECONDS,
      holdSeconds: HOLD_SECONDS,
      connectRetrySeconds: CONNECT_RETRY_SECONDS,
    },
    distance: { external: 20, internal: 200, local: 200 },
    gracefulRestart: {
      mode: gracefulRestart?.enabled === true ? 'restarting' : 'disabled',
      restartSeconds: gracefulRestart?.restartTimeSeconds ?? 120,
      stalePathSeconds: 360,
    },
    networks: [],
    redistribute: [],
    aggregates: [],
    maximumPaths: { ebgp: 1, ibgp: 1, ibgpEqualClusterLength: false },
    peers: [],
    peerGroups: [],
    listenRanges: [],
    listenLimit: 0,
    source,
  }
}

function isIpv4Unicast(candidate: { readonly afi: string; readonly safi: string }): boolean {
  return candidate.afi === 'ipv4' && candidate.safi === 'unicast'
}

function family(routeMap: string | undefined): PeerFamilyModel {
  return {
    routeReflectorClient: false,
    routeServerClient: false,
    nextHopSelf: 'off',
    softReconfigurationInbound: false,
    asOverride: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    sendCommunity: { standard: true, extended: true, large: true },
    senderAsPathLoopDetection: false,
    in: {},
    out: routeMap === undefined ? {} : { routeMap },
  }
}
