import { formatAsPath } from '../../../bgp/as-path.ts'
import type { PeerRouteRow, PeerRow } from '../../../bgp/snapshot.ts'
import type { Speaker } from '../../../bgp/speaker.ts'
import { formatIpv4, formatPrefix, prefixAddress, prefixLength } from '../../../wire/address.ts'
import { ORIGIN_LETTERS, peerAddress } from './bgp-names.ts'
import { type Json, jsonPretty } from './json-c.ts'
import { countPaths, printTable } from './show-bgp.ts'
import { neighborTableBody, tableHead } from './show-bgp-table.ts'
import { hasWord, requireSpeaker, type VtyshContext } from './vtysh-context.ts'

const STATUS_CODES: Json = {
  suppressed: 's',
  damped: 'd',
  history: 'h',
  valid: '*',
  best: '>',
  multipath: '=',
  internal: 'i',
  ribFailure: 'r',
  stale: 'S',
  removed: 'R',
}
const ORIGIN_CODES: Json = { igp: 'i', egp: 'e', incomplete: '?' }

/** `show ip bgp neighbors X advertised-routes|received-routes|routes [json]` (`peer_adj_routes`, bgpd/bgp_route.c). */
export function showBgpNeighborRoutes(context: VtyshContext): number {
  const speaker = requireSpeaker(context, '% BGP instance not found\n')
  if (speaker === undefined) return 1
  const name = context.words[context.words.findIndex(word => word.startsWith('neighbor')) + 1] ?? ''
  const peer = speaker.snapshotPeers().peers.find(candidate => peerAddress(candidate) === name)
  if (peer === undefined || !peer.isFamilyActive) {
    const warning = 'No such neighbor or address family'
    context.out(hasWord(context, 'json') ? `${jsonPretty({ warning })}\n` : `% ${warning}\n`)
    return 1
  }
  if (hasWord(context, 'routes')) return acceptedRoutes(context, speaker, peer)
  return adjacentRoutes(context, speaker, peer)
}

/** Paths of this peer; the footer counts all paths of the table. */
function acceptedRoutes(context: VtyshContext, speaker: Speaker, peer: PeerRow): number {
  const table = speaker.snapshotTable()
  const prefixes = table.prefixes.flatMap(row => {
    const paths = row.paths.filter(path => path.peer !== undefined && peerAddress(path.peer) === peerAddress(peer))
    return paths.length === 0 ? [] : [{ ...row, paths }]
  })
  if (prefixes.length > 0 || hasWord(context, 'json')) printTable(context, table, prefixes, countPaths(table.prefixes))
  return 0
}

function adjacentRoutes(context: VtyshContext, speaker: Speaker, peer: PeerRow): number {
  const isAdvertised = hasWord(context, 'advertised-routes')
  const isJson = hasWord(context, 'json')
  if (!isAdvertised && peer.model.ipv4Unicast?.softReconfigurationInbound !== true) {
    const warning = 'Inbound soft reconfiguration not enabled'
    context.out(isJson ? `${jsonPretty({ warning })}\n` : `% ${warning}\n`)
    return 1
  }
  const routes = isAdvertised ? speaker.snapshotAdvertised(peer.address) : speaker.snapshotReceived(peer.address)
  const table = speaker.snapshotTable()
  const rows = routes?.rows ?? []
  if (isJson) {
    const list = Object.fromEntries(rows.map(row => [formatPrefix(row.prefix), routeJson(row)]))
    const head: Json = {
      bgpTableVersion: table.tableVersion,
      bgpLocalRouterId: formatIpv4(table.routerId),
      defaultLocPrf: table.defaultLocalPreference,
      localAS: table.asn,
      bgpStatusCodes: STATUS_CODES,
      bgpOriginCodes: ORIGIN_CODES,
      [isAdvertised ? 'advertisedRoutes' : 'receivedRoutes']: list,
      totalPrefixCounter: rows.length,
      filteredPrefixCounter: routes?.filtered ?? 0,
    }
    context.out(`${jsonPretty(head)}\n`)
    return 0
  }
  if (routes?.isDefaultOriginated === true) {
    context.out(originatedDefaultText(context, table))
  }
  if (rows.length === 0) return 0
  const layout = { version: context.version, isWide: hasWord(context, 'wide') }
  context.out(tableHead(table, layout))
  context.out(neighborTableBody(rows, layout))
  context.out(`\nTotal number of prefixes ${rows.length}\n`)
  return 0
}

function originatedDefaultText(context: VtyshContext, table: ReturnType<Speaker['snapshotTable']>): string {
  const head = tableHead(table, { version: context.version, isWide: false })
  return `${head.slice(0, head.indexOf('\n\n') + 1)}\nOriginating default network 0.0.0.0/0\n\n`
}

function routeJson(row: PeerRouteRow): Json {
  const { attributes } = row
  return {
    addrPrefix: formatIpv4(prefixAddress(row.prefix)),
    prefixLen: prefixLength(row.prefix),
    network: formatPrefix(row.prefix),
    nextHop: formatIpv4(attributes.nextHop),
    metric: attributes.med,
    locPrf: attributes.localPreference,
    weight: row.weight,
    path: formatAsPath(attributes.asPath),
    bgpOriginCode: ORIGIN_LETTERS[attributes.origin],
    appliedStatusSymbols: { '*': true, '>': true },
  }
}
