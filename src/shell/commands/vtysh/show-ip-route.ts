import {
  formatIpv4,
  formatPrefix,
  type Ipv4Address,
  type Prefix,
  parseIpv4,
  parsePrefix,
  prefixContains,
  prefixCovers,
  prefixLength,
} from '../../../wire/address.ts'
import type { RibNextHop, RibProtocol, RibRow } from '../../../zebra/rib-row.ts'
import { type Json, jsonPretty } from './json-c.ts'
import { formatSpan } from './uptime.ts'
import { addressWord, hasWord, type VtyshContext } from './vtysh-context.ts'

const LETTERS: Record<RibProtocol, string> = { kernel: 'K', connected: 'C', local: 'L', static: 'S', bgp: 'B' }

const LEGEND_8 = `Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure
`

const LEGEND_10 = `Codes: K - kernel route, C - connected, L - local, S - static,
       R - RIP, O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric, t - Table-Direct,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure
`

/** A next hop with its depth: resolved ones stand behind their parents. */
interface Line {
  readonly hop: RibNextHop
  readonly level: number
}

/** `show ip route` in all forms without an address (`do_show_route_helper`, zebra/zebra_vty.c). */
export function showIpRoute(context: VtyshContext): number {
  const protocol = (['bgp', 'static', 'connected', 'kernel', 'local'] as const).find(name => hasWord(context, name))
  const longer = hasWord(context, 'longer-prefixes') ? parsePrefix(addressWord(context) ?? '') : undefined
  const isFib = hasWord(context, 'fib')
  const rows = context.router.zebra.snapshotRib(
    row =>
      (protocol === undefined || row.protocol === protocol) &&
      (longer === undefined || prefixCovers(longer, row.prefix)) &&
      (!isFib || row.isInstalled),
  )
  if (hasWord(context, 'json')) context.out(`${jsonPretty(rowsJson(context, rows))}\n`)
  else if (rows.length > 0) {
    context.out(context.version >= 1000 ? LEGEND_10 : LEGEND_8)
    context.out(context.version >= 1003 ? '\nIPv4 unicast VRF default:\n' : '\n')
    const isGroupShown = hasWord(context, 'nexthop-group')
    for (const row of rows) context.out(rowText(context, row, isGroupShown))
  }
  return 0
}

/** `show ip route A.B.C.D[/M] [json]`: one prefix, or the longest match of an address. */
export function showIpRouteAddress(context: VtyshContext): number {
  const word = addressWord(context) ?? ''
  const prefix = word.includes('/') ? parsePrefix(word) : undefined
  const address = parseIpv4(word)
  const rows =
    prefix === undefined
      ? longestMatch(context, address)
      : context.router.zebra.snapshotRib(row => row.prefix === prefix)
  if (hasWord(context, 'json')) {
    if (rows.length > 0) context.out(`${jsonPretty(rowsJson(context, rows))}\n`)
    else context.out(prefix === undefined ? `${jsonPretty({ '0.0.0.0/0': [] })}\n` : `${jsonPretty({})}\n`)
    return 0
  }
  if (rows.length === 0 && prefix !== undefined) {
    context.out('% Network not in table\n')
    return 0
  }
  for (const row of rows) context.out(detailText(context, row))
  return 0
}

/** `show ip route summary [json]`. */
export function showIpRouteSummary(context: VtyshContext): number {
  const rows = context.router.zebra.snapshotRib()
  const isPresent = (type: string): boolean => rows.some(row => typesOf(row).includes(type))
  const types = ['kernel', 'connected', 'local', 'static', 'ebgp', 'ibgp'].filter(isPresent)
  const count = (type: string | undefined, isFib: boolean): number =>
    rows.filter(row => (type === undefined || typeOf(row) === type) && (!isFib || row.isInstalled)).length
  if (hasWord(context, 'json')) {
    const routes = types.map(type => ({
      fib: count(type, true),
      rib: count(type, false),
      fibOffLoaded: 0,
      fibTrapped: 0,
      type,
    }))
    const totals = { routesTotal: count(undefined, false), routesTotalFib: count(undefined, true) }
    context.out(`${jsonPretty({ routes, ...totals })}\n`)
    return 0
  }
  const line = (name: string, type: string | undefined): string =>
    `${name.padEnd(20)} ${String(count(type, false)).padEnd(20)} ${String(count(type, true)).padEnd(20)} \n`
  context.out(`${'Route Source'.padEnd(20)} ${'Routes'.padEnd(20)} FIB  (vrf default)\n`)
  for (const type of types) context.out(line(type, type))
  context.out(`------\n${line('Totals', undefined)}\n`)
  return 0
}

function typeOf(row: RibRow): string {
  return row.protocol === 'bgp' ? (row.bgpKind === 'ebgp' ? 'ebgp' : 'ibgp') : row.protocol
}

/** A bgp route makes both bgp lines appear. */
function typesOf(row: RibRow): readonly string[] {
  return row.protocol === 'bgp' ? ['ebgp', 'ibgp'] : [row.protocol]
}

function longestMatch(context: VtyshContext, address: Ipv4Address | undefined): readonly RibRow[] {
  if (address === undefined) return []
  const matches = context.router.zebra.snapshotRib(row => prefixContains(row.prefix, address))
  const length = Math.max(...matches.map(row => prefixLength(row.prefix)))
  return matches.filter(row => prefixLength(row.prefix) === length)
}

function flatten(hops: readonly RibNextHop[], level = 0): readonly Line[] {
  return hops.flatMap(hop => [{ hop, level }, ...flatten(hop.resolved, level + 1)])
}

/** `vty_show_ip_route`. */
function rowText(context: VtyshContext, row: RibRow, isGroupShown: boolean): string {
  const lines = flatten(row.nextHops)
  const isBare = row.protocol === 'connected' || row.protocol === 'local'
  const numbers = isBare && row.distance === 0 && row.metric === 0 ? '' : ` [${row.distance}/${row.metric}]`
  const mark = row.isSelected ? '>' : ' '
  const group = isGroupShown ? ` (${row.nextHopGroupId})` : ''
  const head = `${LETTERS[row.protocol]}${mark}${statusMark(row, lines[0]?.hop)} ${formatPrefix(row.prefix)}${numbers}${group}`
  const age = formatSpan(context.simulator.nowNs - row.updatedAtNs)
  return lines
    .map(({ hop, level }, index) => {
      const lead = index === 0 ? head : `  ${statusMark(row, hop)}${' '.repeat(head.length - 3 + 2 * level)}`
      return `${lead}${nextHopText(hop)}, ${age}\n`
    })
    .join('')
}

function statusMark(row: RibRow, hop: RibNextHop | undefined): string {
  if (row.isInstalled) return hop !== undefined && !hop.isRecursive && !hop.isDuplicate ? '*' : ' '
  if (row.isQueued) return 'q'
  return row.isRejected ? 'r' : ' '
}

function nextHopText(hop: RibNextHop): string {
  return `${targetText(hop)}${flagsText(hop)}`
}

function targetText(hop: RibNextHop): string {
  switch (hop.type) {
    case 'interface':
      return ` is directly connected, ${hop.interface ?? 'unknown'}`
    case 'gateway':
      return ` via ${formatIpv4(hop.gateway ?? 0)}${hop.interface === undefined ? '' : `, ${hop.interface}`}`
    case 'blackhole':
      return ' unreachable (blackhole)'
    case 'unreachable':
      return ' unreachable (ICMP unreachable)'
  }
}

function flagsText(hop: RibNextHop): string {
  const flags = `${hop.isActive ? '' : ' inactive'}${hop.isOnlink ? ' onlink' : ''}${hop.isRecursive ? ' (recursive)' : ''}`
  const source = hop.preferredSource === undefined ? '' : `, src ${formatIpv4(hop.preferredSource)}`
  return `${flags}${source}${hop.weight > 0 ? `, weight ${hop.weight}` : ''}`
}

/** `vty_show_ip_route_detail`. */
function detailText(context: VtyshContext, row: RibRow): string {
  const tag = row.tag === undefined || row.tag === 0 ? '' : `, tag ${row.tag}`
  const known = `  Known via "${row.protocol}", distance ${row.distance}, metric ${row.metric}${tag}${row.isSelected ? ', best' : ''}\n`
  const age = formatSpan(context.simulator.nowNs - row.updatedAtNs)
  const hops = flatten(row.nextHops).map(
    ({ hop, level }) => `  ${statusMark(row, hop)}${level > 0 ? '  ' : ''}${detailHop(hop)}\n`,
  )
  return `Routing entry for ${formatPrefix(row.prefix)}\n${known}  Last update ${age} ago\n${hops.join('')}\n`
}

function detailHop(hop: RibNextHop): string {
  const duplicate = hop.isDuplicate ? ' (duplicate nexthop removed)' : ''
  switch (hop.type) {
    case 'interface':
      return ` directly connected, ${hop.interface ?? 'unknown'}${duplicate}${flagsText(hop)}`
    case 'gateway':
      return ` ${formatIpv4(hop.gateway ?? 0)}${hop.interface === undefined ? '' : `, via ${hop.interface}`}${duplicate}${flagsText(hop)}`
    default:
      return `${targetText(hop)}${duplicate}${flagsText(hop)}`
  }
}

function rowsJson(context: VtyshContext, rows: readonly RibRow[]): Json {
  const byPrefix = new Map<Prefix, Json[]>()
  for (const row of rows) {
    const list = byPrefix.get(row.prefix)
    if (list === undefined) byPrefix.set(row.prefix, [rowJson(context, row)])
    else list.push(rowJson(context, row))
  }
  return Object.fromEntries([...byPrefix].map(([prefix, list]) => [formatPrefix(prefix), list]))
}

/** Keys and order of 8.4; the internal flags are those of `struct route_entry`. */
function rowJson(context: VtyshContext, row: RibRow): Json {
  const flag = (value: boolean): true | undefined => (value ? true : undefined)
  return {
    prefix: formatPrefix(row.prefix),
    prefixLen: prefixLength(row.prefix),
    protocol: row.protocol,
    vrfId: 0,
    vrfName: 'default',
    selected: flag(row.isSelected),
    destSelected: flag(row.isSelected),
    distance: row.distance,
    metric: row.metric,
    installed: flag(row.isInstalled),
    failed: flag(row.isRejected),
    queued: flag(row.isQueued),
    tag: row.tag === 0 ? undefined : row.tag,
    table: 254,
    internalStatus: (row.isQueued ? 8 : 0) + (row.isInstalled ? 16 : 0) + (row.isRejected ? 32 : 0),
    internalFlags: internalFlags(row),
    internalNextHopNum: flatten(row.nextHops).length,
    internalNextHopActiveNum: row.nextHops.filter(hop => hop.isActive).length,
    nexthopGroupId: row.nextHopGroupId,
    installedNexthopGroupId: row.isInstalled ? (row.installedNextHopGroupId ?? row.nextHopGroupId) : undefined,
    uptime: formatSpan(context.simulator.nowNs - row.updatedAtNs),
    nexthops: flatten(row.nextHops).map(({ hop, level }) => nextHopJson(hop, level)),
  }
}

/** ALLOW_RECURSION 1, IBGP 4, SELECTED 8, RR_USE_DISTANCE 64 (lib/zclient.h). */
function internalFlags(row: RibRow): number {
  const isIbgp = row.protocol === 'bgp' && row.bgpKind !== 'ebgp'
  return (row.allowsRecursion ? 1 : 0) + (isIbgp ? 4 : 0) + (row.isSelected ? 8 : 0) + (row.isKeyedByDistance ? 64 : 0)
}

/** ACTIVE 1, FIB 2, RECURSIVE 4, ONLINK 8, DUPLICATE 16 (lib/nexthop.h). */
function nextHopJson(hop: RibNextHop, level: number): Json {
  const flag = (value: boolean): true | undefined => (value ? true : undefined)
  const bits = [hop.isActive, hop.isInFib, hop.isRecursive, hop.isOnlink, hop.isDuplicate]
  const isReject = hop.type === 'unreachable'
  return {
    flags: bits.reduce((sum, bit, index) => sum + (bit ? 2 ** index : 0), 0),
    duplicate: flag(hop.isDuplicate),
    fib: flag(hop.isInFib),
    ip: hop.gateway === undefined ? undefined : formatIpv4(hop.gateway),
    afi: hop.gateway === undefined ? undefined : 'ipv4',
    directlyConnected: flag(hop.type === 'interface'),
    interfaceIndex: hop.interfaceIndex,
    interfaceName: hop.interface,
    unreachable: flag(hop.type === 'blackhole' || isReject),
    reject: flag(isReject),
    blackhole: flag(hop.type === 'blackhole'),
    resolver: flag(level > 0),
    active: flag(hop.isActive),
    onLink: flag(hop.isOnlink),
    recursive: flag(hop.isRecursive),
    source: hop.preferredSource === undefined ? undefined : formatIpv4(hop.preferredSource),
    weight: hop.weight === 0 ? undefined : hop.weight,
  }
}
