import { asPathHops, formatAsPath } from '../../../bgp/as-path.ts'
import type { PathRow, PrefixRow, TableSnapshot } from '../../../bgp/snapshot.ts'
import { formatIpv4, formatPrefix } from '../../../wire/address.ts'
import type { AsPathSegment } from '../../../wire/bgp/attributes.ts'
import { communityNames, nextHopAddress, ORIGIN_NAMES, peerAddress } from './bgp-names.ts'
import type { Json } from './json-c.ts'
import { formatClock } from './uptime.ts'
import type { VtyshContext } from './vtysh-context.ts'

const SEGMENT_NAMES: Record<AsPathSegment['type'], string> = {
  sequence: 'as-sequence',
  set: 'as-set',
  'confed-sequence': 'as-confed-sequence',
  'confed-set': 'as-confed-set',
}

/** `route_vty_out_detail_header` with JSON. */
export function detailHeaderJson(row: PrefixRow): { readonly [key: string]: Json | undefined } {
  const advertised = row.advertisedTo.map(peer => [peerAddress(peer), { hostname: peer.hostName }] as const)
  return {
    prefix: formatPrefix(row.prefix),
    version: row.version,
    advertisedTo: advertised.length === 0 ? undefined : Object.fromEntries(advertised),
  }
}

/** `route_vty_out_detail` with JSON: keys in bgpd's order. */
export function pathDetailJson(context: VtyshContext, table: TableSnapshot, row: PrefixRow, path: PathRow): Json {
  return {
    ...headKeys(path),
    ...attributeKeys(row, path),
    ...kindKeys(path),
    atomicAggregate: path.attributes.atomicAggregate || undefined,
    multipath: path.isMultipath || undefined,
    bestpath: bestPathJson(row, path),
    ...listKeys(path),
    ...lastKeys(context, table, path),
  }
}

function headKeys(path: PathRow): { readonly [key: string]: Json | undefined } {
  const { asPath, aggregator } = path.attributes
  return {
    aspath: {
      string: asPath.length === 0 ? 'Local' : formatAsPath(asPath),
      segments: asPath.map(({ type, asns }) => ({ type: SEGMENT_NAMES[type], list: asns })),
      length: asPathHops(asPath),
    },
    stale: path.isStale || undefined,
    aggregatorAs: aggregator?.asn,
    aggregatorId: aggregator === undefined ? undefined : formatIpv4(aggregator.address),
    rxedFromRrClient: path.isFromReflectorClient || undefined,
    rxedFromRsClient: path.isFromRouteServerClient || undefined,
  }
}

function attributeKeys(row: PrefixRow, path: PathRow): { readonly [key: string]: Json | undefined } {
  const { attributes } = path
  return {
    origin: ORIGIN_NAMES[attributes.origin],
    metric: attributes.med,
    locPrf: attributes.localPreference,
    weight: path.weight === 0 ? undefined : path.weight,
    tag: path.tag === 0 ? undefined : path.tag,
    valid: path.isValid,
    version: row.version,
  }
}

function kindKeys(path: PathRow): { readonly [key: string]: Json | undefined } {
  if (path.peer !== undefined) return {}
  if (path.kind === 'aggregate') return { aggregated: true, local: true }
  return path.kind === 'redistributed' ? { sourced: true } : { sourced: true, local: true }
}

function bestPathJson(row: PrefixRow, path: PathRow): Json | undefined {
  if (!path.isBest && path.bestFromAs === undefined) return undefined
  return {
    bestpathFromAs: path.bestFromAs === 'local' ? 0 : path.bestFromAs,
    overall: path.isBest || undefined,
    selectionReason: path.isBest ? row.selectionReason : undefined,
  }
}

function listKeys(path: PathRow): { readonly [key: string]: Json | undefined } {
  const { communities, largeCommunities, originatorId, clusterList } = path.attributes
  const names = communityNames(communities)
  return {
    community: names.length === 0 ? undefined : { string: names.join(' '), list: names.map(jsonCommunity) },
    largeCommunity:
      largeCommunities.length === 0 ? undefined : { string: largeCommunities.join(' '), list: largeCommunities },
    originatorId: originatorId === undefined ? undefined : formatIpv4(originatorId),
    clusterList: clusterList.length === 0 ? undefined : { list: clusterList.map(formatIpv4) },
  }
}

/** The list spells well-known communities in camel case, with slips (`set_community_string`, bgpd/bgp_community.c). */
function jsonCommunity(name: string): string {
  if (name === 'local-AS') return 'localAs'
  if (name === 'accept-own') return 'acceptown'
  return /^\d+:\d+$/.test(name) ? name : name.replace(/-([a-z])/gi, (_, letter: string) => letter.toUpperCase())
}

function lastKeys(
  context: VtyshContext,
  table: TableSnapshot,
  path: PathRow,
): { readonly [key: string]: Json | undefined } {
  const wallMs = context.simulator.epochMs + path.updatedAtNs / 1e6
  const { peer } = path
  const isAggregate = path.kind === 'aggregate'
  return {
    lastUpdate: { epoch: Math.floor(wallMs / 1000), string: `${formatClock(wallMs)}\n` },
    nexthops: [
      {
        ip: nextHopAddress(path),
        hostname: peer === undefined ? context.node.hostName : peer.hostName,
        afi: isAggregate ? 'ipv6' : 'ipv4',
        scope: isAggregate ? 'global' : undefined,
        metric: path.isValid ? path.igpMetric : undefined,
        accessible: path.isValid,
        used: true,
      },
    ],
    peer:
      peer === undefined
        ? { peerId: isAggregate ? '::' : '0.0.0.0', routerId: formatIpv4(table.routerId) }
        : {
            peerId: formatIpv4(peer.address),
            routerId: formatIpv4(peer.routerId),
            hostname: peer.hostName,
            interface: peer.interface,
            type: path.peerType,
          },
  }
}
