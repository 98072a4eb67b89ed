import { formatAsPath } from '../../../bgp/as-path.ts'
import type { PathRow, PrefixRow, TableSnapshot } from '../../../bgp/snapshot.ts'
import { formatIpv4, formatPrefix, prefixAddress, prefixLength } from '../../../wire/address.ts'
import { nextHopAddress, ORIGIN_NAMES, peerAddress } from './bgp-names.ts'
import { type Json, jsonPlain } from './json-c.ts'
import { detailHeaderJson, pathDetailJson } from './show-bgp-detail-json.ts'
import type { VtyshContext } from './vtysh-context.ts'

/** `show ip bgp json [detail]`: the layout that bgpd writes by hand around each prefix (`bgp_show_table`). */
export function tableJson(
  context: VtyshContext,
  table: TableSnapshot,
  prefixes: readonly PrefixRow[],
  isDetailed: boolean,
): string {
  const head = [
    '{',
    ' "vrfId": 0,',
    ' "vrfName": "default",',
    ` "tableVersion": ${table.tableVersion},`,
    ` "routerId": "${formatIpv4(table.routerId)}",`,
    ` "defaultLocPrf": ${table.defaultLocalPreference},`,
    ` "localAS": ${table.asn},`,
    ' "routes": { ',
  ].join('\n')
  const routes = prefixes
    .filter(row => row.paths.length > 0)
    .map(row => {
      const paths = isDetailed
        ? [detailHeaderJson(row), ...row.paths.map(path => pathDetailJson(context, table, row, path))]
        : row.paths.map(path => pathJson(context, row, path))
      return `"${formatPrefix(row.prefix)}": ${jsonPlain(paths)}\n`
    })
  return `${head}${routes.join(',')} }  } \n`
}

/** `route_vty_out` with JSON. */
function pathJson(context: VtyshContext, row: PrefixRow, path: PathRow): Json {
  const { attributes } = path
  const flag = (value: boolean): true | undefined => (value ? true : undefined)
  const isInternal = path.peerType === 'internal' || path.peerType === 'confed-internal'
  const hostname = path.peer === undefined ? context.node.hostName : path.peer.hostName
  const isAggregate = path.kind === 'aggregate'
  return {
    stale: flag(path.isStale),
    suppressed: flag(row.isSuppressed && path.isBest),
    valid: flag(path.isValid),
    bestpath: flag(path.isBest),
    selectionReason: path.isBest ? row.selectionReason : undefined,
    multipath: flag(path.isMultipath && !path.isBest),
    pathFrom: isInternal ? 'internal' : 'external',
    prefix: formatIpv4(prefixAddress(row.prefix)),
    prefixLen: prefixLength(row.prefix),
    network: formatPrefix(row.prefix),
    version: row.version,
    metric: attributes.med,
    locPrf: attributes.localPreference,
    weight: path.weight,
    peerId: path.peer === undefined ? '(unspec)' : peerAddress(path.peer),
    path: formatAsPath(attributes.asPath),
    origin: ORIGIN_NAMES[attributes.origin],
    nexthops: [
      {
        ip: nextHopAddress(path),
        hostname,
        afi: isAggregate ? 'ipv6' : 'ipv4',
        scope: isAggregate ? 'global' : undefined,
        used: true,
      },
    ],
  }
}
