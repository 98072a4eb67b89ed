import type { PathRow, PrefixRow, TableSnapshot } from '../../../bgp/snapshot.ts'
import { parseIpv4, parsePrefix, prefixContains, prefixCovers } from '../../../wire/address.ts'
import { type Json, jsonPretty } from './json-c.ts'
import { detailHeader, pathDetail } from './show-bgp-detail.ts'
import { detailHeaderJson, pathDetailJson } from './show-bgp-detail-json.ts'
import { tableJson } from './show-bgp-json.ts'
import { tableBody, tableFoot, tableHead } from './show-bgp-table.ts'
import { addressWord, hasWord, requireSpeaker, type VtyshContext } from './vtysh-context.ts'

const NO_INSTANCE = 'Default BGP instance not found\n'
const NO_INSTANCE_JSON = `${jsonPretty({ warning: 'Default BGP instance not found' })}\n`

/** `show ip bgp`, with json, detail, wide and longer-prefixes (`bgp_show_table`, bgpd/bgp_route.c). */
export function showBgp(context: VtyshContext): number {
  const speaker = requireSpeaker(context, hasWord(context, 'json') ? NO_INSTANCE_JSON : NO_INSTANCE)
  if (speaker === undefined) return 1
  const table = speaker.snapshotTable()
  const longer = hasWord(context, 'longer-prefixes') ? parsePrefix(addressWord(context) ?? '') : undefined
  const prefixes = table.prefixes.filter(row => longer === undefined || prefixCovers(longer, row.prefix))
  printTable(context, table, prefixes)
  return 0
}

/** Prints a selection of the table; the footer counts all its paths. */
export function printTable(
  context: VtyshContext,
  table: TableSnapshot,
  prefixes: readonly PrefixRow[],
  totalPaths = countPaths(prefixes),
): void {
  const isDetailed = hasWord(context, 'detail')
  if (hasWord(context, 'json')) {
    context.out(tableJson(context, table, prefixes, isDetailed))
    return
  }
  if (prefixes.length === 0) {
    context.out(`No BGP prefixes displayed, ${table.prefixes.length} exist\n`)
    return
  }
  const layout = { version: context.version, isWide: hasWord(context, 'wide') }
  context.out(tableHead(table, layout))
  if (isDetailed) {
    for (const row of prefixes) for (const path of row.paths) context.out(pathDetail(context, table, row, path))
  } else context.out(tableBody(prefixes, table, layout))
  context.out(tableFoot(prefixes.length, totalPaths, context.version))
}

export function countPaths(prefixes: readonly PrefixRow[]): number {
  return prefixes.reduce((sum, row) => sum + row.paths.length, 0)
}

/** `show ip bgp A.B.C.D[/M] [bestpath|multipath] [json]` (`bgp_show_route_in_table`). */
export function showBgpPrefix(context: VtyshContext): number {
  const isJson = hasWord(context, 'json')
  const speaker = requireSpeaker(context, isJson ? NO_INSTANCE_JSON : NO_INSTANCE)
  if (speaker === undefined) return 1
  const table = speaker.snapshotTable()
  const row = findPrefix(table, addressWord(context) ?? '')
  if (row === undefined) {
    context.out(isJson ? `${jsonPretty({})}\n` : '% Network not in table\n')
    return isJson ? 0 : 1
  }
  const paths = row.paths.filter(path => isWanted(context, path))
  if (isJson) {
    const json: Json = { ...detailHeaderJson(row), paths: paths.map(path => pathDetailJson(context, table, row, path)) }
    context.out(`${jsonPretty(json)}\n`)
    return 0
  }
  context.out(detailHeader(context, table, row))
  for (const path of paths) context.out(pathDetail(context, table, row, path))
  return 0
}

function isWanted(context: VtyshContext, path: PathRow): boolean {
  if (hasWord(context, 'bestpath')) return path.isBest
  return !hasWord(context, 'multipath') || path.isBest || path.isMultipath
}

/** An exact prefix, or the longest match of an address. */
function findPrefix(table: TableSnapshot, word: string): PrefixRow | undefined {
  const address = parseIpv4(word)
  if (address === undefined) {
    const prefix = parsePrefix(word)
    return table.prefixes.find(row => row.prefix === prefix && row.paths.length > 0)
  }
  let found: PrefixRow | undefined
  // Ordered by address, then length: of the prefixes that hold an address the longest comes last.
  for (const row of table.prefixes) if (row.paths.length > 0 && prefixContains(row.prefix, address)) found = row
  return found
}
