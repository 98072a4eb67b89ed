import { type BgpModel, type BgpPeerModel, type PeerFamilyModel, PLAIN_FAMILY } from '../../model/bgp.ts'
import { GOBGP_INSTANCE, GOBGP_PEER, GOBGP_TIMERS } from '../../model/gobgp-defaults.ts'
import type { SourceRef } from '../../model/source.ts'
import { parseIpv4 } from '../../wire/address.ts'
import type { GobgpFile, GobgpNeighbor } from './schema.ts'

/** The configuration as the speaker's model. */
export function convertGobgp(file: GobgpFile, source: SourceRef): BgpModel {
  const { as: asn, 'router-id': routerId } = file.global.config
  return {
    ...GOBGP_INSTANCE,
    asn,
    routerId: parseIpv4(routerId)!,
    peers: (file.neighbors ?? []).map(neighbor => convertNeighbor(neighbor, source)),
    source,
  }
}

function convertNeighbor(neighbor: GobgpNeighbor, source: SourceRef): BgpPeerModel {
  const { config } = neighbor
  const transport = neighbor.transport?.config
  const multihop = neighbor['ebgp-multihop']?.config
  const holdSeconds = neighbor.timers?.config?.['hold-time'] ?? GOBGP_TIMERS.holdSeconds
  const families = neighbor['afi-safis']?.map(family => family.config['afi-safi-name'])
  return {
    ...GOBGP_PEER,
    address: parseIpv4(config['neighbor-address'])!,
    remoteAs: config['peer-as'],
    ...(config.description === undefined ? {} : { description: config.description }),
    shutdown: config['admin-down'] ?? false,
    passive: transport?.['passive-mode'] ?? false,
    ...(config['auth-password'] === undefined ? {} : { password: config['auth-password'] }),
    port: transport?.['remote-port'] ?? 179,
    ...(transport?.['local-address'] === undefined ? {} : { updateSource: parseIpv4(transport['local-address'])! }),
    ebgpMultihopTtl: multihop?.enabled === true ? (multihop['multihop-ttl'] ?? 255) : 1,
    timers: {
      holdSeconds,
      keepaliveSeconds: neighbor.timers?.config?.['keepalive-interval'] ?? Math.floor(holdSeconds / 3),
      connectRetrySeconds: neighbor.timers?.config?.['connect-retry'] ?? GOBGP_TIMERS.connectRetrySeconds,
    },
    capabilities: { dynamic: false, extendedNextHop: true, softwareVersion: false },
    ...(families === undefined || families.includes('ipv4-unicast') ? { ipv4Unicast: convertFamily(neighbor) } : {}),
    source,
  }
}

function convertFamily(neighbor: GobgpNeighbor): PeerFamilyModel {
  return {
    ...PLAIN_FAMILY,
    routeReflectorClient: neighbor['route-reflector']?.config?.['route-reflector-client'] ?? false,
    softReconfigurationInbound: true,
  }
}
