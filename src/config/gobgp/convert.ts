import type { BgpModel, BgpPeerModel, PeerFamilyModel } from '../../model/bgp.ts'
import type { SourceRef } from '../../model/source.ts'
import { parseIpv4 } from '../../wire/address.ts'
import type { GobgpFile, GobgpNeighbor } from './schema.ts'

/** GoBGP's defaults (pkg/config/oc/default.go). */
const TIMERS = { keepaliveSeconds: 30, holdSeconds: 90, connectRetrySeconds: 120 }

/** The configuration as the speaker's model. gobgpd asks for no policy: what is received is taken. */
export function convertGobgp(file: GobgpFile, source: SourceRef): BgpModel {
  const { as: asn, 'router-id': routerId } = file.global.config
  return {
    asn,
    routerId: parseIpv4(routerId)!,
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
    timers: TIMERS,
    distance: { external: 20, internal: 200, local: 200 },
    gracefulRestart: { mode: 'disabled', restartSeconds: 120, stalePathSeconds: 360 },
    networks: [],
    redistribute: [],
    aggregates: [],
    maximumPaths: { ebgp: 1, ibgp: 1, ibgpEqualClusterLength: false },
    peers: (file.neighbors ?? []).map(neighbor => convertNeighbor(neighbor, source)),
    peerGroups: [],
    listenRanges: [],
    listenLimit: 0,
    source,
  }
}

function convertNeighbor(neighbor: GobgpNeighbor, source: SourceRef): BgpPeerModel {
  const { config } = neighbor
  const transport = neighbor.transport?.config
  const multihop = neighbor['ebgp-multihop']?.config
  const holdSeconds = neighbor.timers?.config?.['hold-time'] ?? TIMERS.holdSeconds
  const families = neighbor['afi-safis']?.map(family => family.config['afi-safi-name'])
  return {
    address: parseIpv4(config['neighbor-address'])!,
    remoteAs: config['peer-as'],
    ...(config.description === undefined ? {} : { description: config.description }),
    shutdown: config['admin-down'] ?? false,
    passive: transport?.['passive-mode'] ?? false,
    ...(config['auth-password'] === undefined ? {} : { password: config['auth-password'] }),
    port: transport?.['remote-port'] ?? 179,
    ...(transport?.['local-address'] === undefined ? {} : { updateSource: parseIpv4(transport['local-address'])! }),
    ebgpMultihopTtl: multihop?.enabled === true ? (multihop['multihop-ttl'] ?? 255) : 1,
    disableConnectedCheck: true,
    solo: false,
    enforceFirstAs: false,
    timers: {
      holdSeconds,
      keepaliveSeconds: neighbor.timers?.config?.['keepalive-interval'] ?? Math.floor(holdSeconds / 3),
      connectRetrySeconds: neighbor.timers?.config?.['connect-retry'] ?? TIMERS.connectRetrySeconds,
    },
    advertisementIntervalSeconds: 0,
    bfd: false,
    capabilities: { dynamic: false, extendedNextHop: true, softwareVersion: false },
    dontCapabilityNegotiate: false,
    overrideCapability: false,
    strictCapabilityMatch: false,
    ...(families === undefined || families.includes('ipv4-unicast') ? { ipv4Unicast: convertFamily(neighbor) } : {}),
    source,
  }
}

function convertFamily(neighbor: GobgpNeighbor): PeerFamilyModel {
  return {
    routeReflectorClient: neighbor['route-reflector']?.config?.['route-reflector-client'] ?? false,
    routeServerClient: false,
    nextHopSelf: 'off',
    softReconfigurationInbound: true,
    asOverride: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    sendCommunity: { standard: true, extended: true, large: true },
    senderAsPathLoopDetection: false,
    in: {},
    out: {},
  }
}
