import { formatAsPath } from '../../../bgp/as-path.ts'
import type { PathRow, PrefixRow, TableSnapshot } from '../../../bgp/snapshot.ts'
import { formatIpv4, formatPrefix } from '../../../wire/address.ts'
import { COMMUNITY } from '../../../wire/bgp/attributes.ts'
import { communityNames, nextHopText, ORIGIN_NAMES, peerText } from './bgp-names.ts'
import { formatClock } from './uptime.ts'
import type { VtyshContext } from './vtysh-context.ts'

/** What the header says about a best path's well-known communities, in order of precedence. */
const COMMUNITY_NOTES: readonly (readonly [number, string])[] = [
  [COMMUNITY.acceptOwn, 'accept own local route exported and imported in different VRF'],
  [
    COMMUNITY.llgrStale,
    'mark routes to be retained for a longer time. Requires support for Long-lived BGP Graceful Restart',
  ],
  [COMMUNITY.noLlgr, 'mark routes to not be treated according to Long-lived BGP Graceful Restart operations'],
  [COMMUNITY.blackhole, 'inform peer to blackhole prefix'],
  [COMMUNITY.noExport, 'not advertised to EBGP peer'],
  [COMMUNITY.noAdvertise, 'not advertised to any peer'],
  [COMMUNITY.noExportSubconfed, 'not advertised outside local AS'],
  [COMMUNITY.noPeer, 'inform EBGP peer not to advertise to their EBGP peers'],
]

/** Lines in front of the paths of a prefix (`route_vty_out_detail_header`). */
export function detailHeader(context: VtyshContext, table: TableSnapshot, row: PrefixRow): string {
  const best = row.paths.findIndex(path => path.isBest)
  const communities = row.paths[best]?.attributes.communities ?? []
  const note = COMMUNITY_NOTES.find(([community]) => communities.includes(community))
  const parts = [
    `Paths: (${row.paths.length} available`,
    best < 0 ? ', no best path' : `, best #${best + 1}, table default`,
    note === undefined ? '' : `, ${note[1]}`,
    row.isSuppressed ? ', Advertisements suppressed by an aggregate.' : '',
    ')\n',
  ]
  const title = context.version >= 1004 ? 'peers' : 'non peer-group peers'
  const peers = row.advertisedTo.map(peer => ` ${peerText(peer, table.showHostname)}`).join('')
  const advertised = peers === '' ? '  Not advertised to any peer' : `  Advertised to ${title}:\n ${peers}`
  return `BGP routing table entry for ${formatPrefix(row.prefix)}, version ${row.version}\n${parts.join('')}${advertised}\n`
}

/** One path (`route_vty_out_detail`). */
export function pathDetail(context: VtyshContext, table: TableSnapshot, row: PrefixRow, path: PathRow): string {
  const wallMs = context.simulator.epochMs + path.updatedAtNs / 1e6
  return [
    `  ${asPathLine(path)}\n`,
    `    ${nextHopLine(context, table, path)}\n`,
    `      ${attributeLine(row, path)}\n`,
    ...listLines(path),
    `      Last update: ${formatClock(wallMs)}\n`,
  ].join('')
}

function asPathLine(path: PathRow): string {
  const { asPath, aggregator } = path.attributes
  return [
    asPath.length === 0 ? 'Local' : formatAsPath(asPath),
    path.isStale ? ', (stale)' : '',
    aggregator === undefined ? '' : `, (aggregated by ${aggregator.asn} ${formatIpv4(aggregator.address)})`,
    path.isFromReflectorClient ? ', (Received from a RR-client)' : '',
    path.isFromRouteServerClient ? ', (Received from a RS-client)' : '',
  ].join('')
}

function nextHopLine(context: VtyshContext, table: TableSnapshot, path: PathRow): string {
  const isUncheckedNetwork = path.kind === 'network' && context.version >= 805
  const inaccessible = isUncheckedNetwork ? ' (inaccessible, import-check enabled)' : ' (inaccessible)'
  const reach = path.isValid ? (path.igpMetric === 0 ? '' : ` (metric ${path.igpMetric})`) : inaccessible
  if (path.peer === undefined) {
    const from = path.kind === 'aggregate' ? '::' : '0.0.0.0'
    return `${nextHopText(path, table.showHostname)}${reach} from ${from} (${formatIpv4(table.routerId)})`
  }
  const routerId = path.attributes.originatorId ?? path.peer.routerId
  const peer = peerText(path.peer, table.showHostname)
  return `${nextHopText(path, table.showHostname)}${reach} from ${peer} (${formatIpv4(routerId)})`
}

function attributeLine(row: PrefixRow, path: PathRow): string {
  const { attributes } = path
  const fromAs = path.bestFromAs === 'local' ? 'Local' : path.bestFromAs
  return [
    `Origin ${ORIGIN_NAMES[attributes.origin]}`,
    attributes.med === undefined ? '' : `metric ${attributes.med}`,
    attributes.localPreference === undefined ? '' : `localpref ${attributes.localPreference}`,
    path.weight === 0 ? '' : `weight ${path.weight}`,
    path.tag === undefined || path.tag === 0 ? '' : `tag ${path.tag}`,
    path.isValid ? 'valid' : 'invalid',
    kindText(path),
    attributes.atomicAggregate ? 'atomic-aggregate' : '',
    path.isMultipath ? 'multipath' : '',
    fromAs === undefined ? '' : `bestpath-from-AS ${fromAs}`,
    path.isBest ? `best (${row.selectionReason})` : '',
  ]
    .filter(part => part !== '')
    .join(', ')
}

function kindText(path: PathRow): string {
  if (path.peer !== undefined) return path.peerType
  if (path.kind === 'aggregate') return 'aggregated, local'
  return path.kind === 'redistributed' ? 'sourced' : 'sourced, local'
}

function listLines(path: PathRow): readonly string[] {
  const { communities, largeCommunities, originatorId, clusterList } = path.attributes
  const lines: string[] = []
  if (communities.length > 0) lines.push(`      Community: ${communityNames(communities).join(' ')}\n`)
  if (largeCommunities.length > 0) lines.push(`      Large Community: ${largeCommunities.join(' ')}\n`)
  if (originatorId === undefined && clusterList.length === 0) return lines
  const originator = originatorId === undefined ? '' : `      Originator: ${formatIpv4(originatorId)}`
  const clusters = clusterList.map(cluster => `${formatIpv4(cluster)} `).join('')
  lines.push(`${originator}${clusters === '' ? '' : `, Cluster list: ${clusters}`}\n`)
  return lines
}
