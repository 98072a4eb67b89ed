import { protocolName, scopeName, tableName } from '../../../config/iproute/names.ts'
import { type FibNextHop, type FibRoute, TABLE_MAIN } from '../../../host/fib.ts'
import { ROUTE_PROTOCOL_NUMBERS, type RouteProtocol } from '../../../host/route-protocol.ts'
import { formatIpv4, formatPrefix, type Prefix, prefixAddress, prefixLength } from '../../../wire/address.ts'
import type { Json } from './output.ts'

/** What a listing leaves out because the user filtered by it, and what `-d` and `-N` add. */
export interface RouteStyle {
  readonly hidesDevice: boolean
  readonly hidesGateway: boolean
  readonly hidesProtocol: boolean
  readonly hidesScope: boolean
  readonly hidesSource: boolean
  readonly hidesMetric: boolean
  readonly hidesTos: boolean
  readonly hidesTable: boolean
  readonly details: boolean
  readonly numeric: boolean
  readonly oneline: boolean
}

export const PLAIN_STYLE: RouteStyle = {
  hidesDevice: false,
  hidesGateway: false,
  hidesProtocol: false,
  hidesScope: false,
  hidesSource: false,
  hidesMetric: false,
  hidesTos: false,
  hidesTable: false,
  details: false,
  numeric: false,
  oneline: false,
}

/** The kernel's number of a protocol. */
export function protocolNumberOf(protocol: RouteProtocol): number {
  return typeof protocol === 'number' ? protocol : ROUTE_PROTOCOL_NUMBERS[protocol]
}

/** A protocol number as `FibRoute` wants it: its name where there is one. */
export function routeProtocol(number: number): RouteProtocol {
  for (const [name, value] of Object.entries(ROUTE_PROTOCOL_NUMBERS)) {
    if (value === number) return name as RouteProtocol
  }
  return number
}

/** `default`, `10.0.0.1` for a /32, else `10.0.0.0/24`. */
export function destinationText(prefix: Prefix): string {
  if (prefixLength(prefix) === 0 && prefixAddress(prefix) === 0) return 'default'
  return prefixLength(prefix) === 32 ? formatIpv4(prefixAddress(prefix)) : formatPrefix(prefix)
}

/** The facts of a route in the order in which both text and JSON give them (print_route, ip/iproute.c). */
interface RouteItem {
  /** JSON key; empty: text only. */
  readonly key: string
  readonly value: Json
  /** With its trailing space. */
  readonly text: string
}

function items(route: FibRoute, style: RouteStyle): readonly RouteItem[] {
  const list: RouteItem[] = []
  const add = (key: string, value: Json, text: string): void => void list.push({ key, value, text })
  if (route.type !== 'unicast' || style.details) add('type', route.type, `${route.type} `)
  const destination = destinationText(route.prefix)
  add('dst', destination, `${destination} `)
  if (route.nextHopId !== undefined) add('nhid', route.nextHopId, `nhid ${route.nextHopId} `)
  if (route.tos !== 0 && !style.hidesTos) {
    const tos = `0x${route.tos.toString(16).padStart(2, '0')}`
    add('tos', tos, `tos ${tos} `)
  }
  const single = route.nextHops.length === 1 ? route.nextHops[0] : undefined
  if (single?.gateway !== undefined && !style.hidesGateway) {
    add('gateway', formatIpv4(single.gateway), `via ${formatIpv4(single.gateway)} `)
  }
  if (single?.interface !== undefined && !style.hidesDevice)
    add('dev', single.interface.name, `dev ${single.interface.name} `)
  if ((route.table !== TABLE_MAIN || style.details) && !style.hidesTable) {
    add('table', tableText(route.table, style), `table ${tableText(route.table, style)} `)
  }
  addAttributes(route, style, add)
  return list
}

function addAttributes(
  route: FibRoute,
  style: RouteStyle,
  add: (key: string, value: Json, text: string) => void,
): void {
  const protocol = protocolNumberOf(route.protocol)
  if ((protocol !== ROUTE_PROTOCOL_NUMBERS.boot || style.details) && !style.hidesProtocol) {
    const name = style.numeric ? String(protocol) : protocolName(protocol)
    add('protocol', name, `proto ${name} `)
  }
  if ((route.scope !== 'global' || style.details) && !style.hidesScope) {
    const scope = style.numeric ? String(SCOPE_NUMBERS[route.scope]) : scopeName(SCOPE_NUMBERS[route.scope])
    add('scope', scope, `scope ${scope} `)
  }
  if (route.preferredSource !== undefined && !style.hidesSource) {
    add('prefsrc', formatIpv4(route.preferredSource), `src ${formatIpv4(route.preferredSource)} `)
  }
  if (route.metric !== 0 && !style.hidesMetric) add('metric', route.metric, `metric ${route.metric} `)
}

const SCOPE_NUMBERS = { global: 0, link: 253, host: 254, nowhere: 255 } as const

function tableText(table: number, style: RouteStyle): string {
  return style.numeric ? String(table) : tableName(table)
}

/** Metrics by kernel number (RTAX_*). */
function metrics(route: FibRoute): readonly (readonly [string, number])[] {
  const list: [string, number][] = []
  if (route.mtuBytes !== undefined) list.push(['mtu', route.mtuBytes])
  if (route.advertisedMssBytes !== undefined) list.push(['advmss', route.advertisedMssBytes])
  for (const [name, value] of route.otherMetrics ?? []) list.push([name, value])
  return list.sort(([a], [b]) => METRIC_ORDER.indexOf(a) - METRIC_ORDER.indexOf(b))
}

const METRIC_ORDER =
  'mtu window rtt rttvar ssthresh cwnd advmss reordering hoplimit initcwnd features rto_min initrwnd quickack'.split(
    ' ',
  )

/** One route as `ip route` prints it: every item followed by a space, next hops of a multipath route on their own lines. */
export function routeText(route: FibRoute, style: RouteStyle): string {
  const end = style.oneline ? '\\' : '\n'
  const flags = routeFlags(route).map(flag => `${flag} `)
  const shown = metrics(route).map(
    ([name, value]) => `${name} ${route.isMtuLocked && name === 'mtu' ? 'lock ' : ''}${value} `,
  )
  const hops = route.nextHops.length > 1 ? route.nextHops.map(hop => end + nextHopText(hop)) : []
  return `${items(route, style)
    .map(item => item.text)
    .join('')}${flags.join('')}${shown.join('')}${hops.join('')}\n`
}

function nextHopText(hop: FibNextHop): string {
  const gateway = hop.gateway === undefined ? '' : `via ${formatIpv4(hop.gateway)} `
  const device = hop.interface === undefined ? '' : `dev ${hop.interface.name} `
  return `\tnexthop ${gateway}${device}weight ${hop.weight} ${hopFlags(hop)
    .map(flag => `${flag} `)
    .join('')}`
}

function routeFlags(route: FibRoute): readonly string[] {
  return route.nextHops.length === 1 ? hopFlags(route.nextHops[0]!) : []
}

/** `dead`, `onlink`, `linkdown`. */
export function hopFlags(hop: FibNextHop): readonly string[] {
  return [...(hop.isDead ? ['dead'] : []), ...(hop.onlink ? ['onlink'] : []), ...(hop.isLinkDown ? ['linkdown'] : [])]
}

/** One route as `ip -j route` prints it. */
export function routeJson(route: FibRoute, style: RouteStyle): Json {
  const json: { [key: string]: Json } = {}
  for (const item of items(route, style)) json[item.key] = item.value
  json.flags = routeFlags(route)
  const shown = metrics(route)
  if (shown.length > 0) json.metrics = [Object.fromEntries(shown)]
  if (route.nextHops.length > 1) json.nexthops = route.nextHops.map(nextHopJson)
  return json
}

function nextHopJson(hop: FibNextHop): Json {
  return {
    ...(hop.gateway === undefined ? {} : { gateway: formatIpv4(hop.gateway) }),
    ...(hop.interface === undefined ? {} : { dev: hop.interface.name }),
    weight: hop.weight,
    flags: hopFlags(hop),
  }
}
