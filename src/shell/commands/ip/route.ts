import { PROTOCOL_BOOT, scopeName, TABLE_LOCAL, TABLE_MAIN } from '../../../config/iproute/names.ts'
import type { RouteChange, RouteList, RouteMetrics } from '../../../config/iproute/operation.ts'
import type { PrefixWord } from '../../../config/iproute/word-reader.ts'
import type { FibNextHop, FibRoute, RouteMatch, RouteScope } from '../../../host/fib.ts'
import { failure } from '../../../host/result.ts'
import { type Prefix, prefixAddress, prefixCovers, prefixLength, prefixOf } from '../../../wire/address.ts'
import { answer, type IpContext, noDevice, notModelled, printJson } from './output.ts'
import { PLAIN_STYLE, protocolNumberOf, type RouteStyle, routeJson, routeProtocol, routeText } from './route-text.ts'

/** `ip route add|replace|change|append|prepend|delete`. Returns the exit code. */
export function changeRoute(context: IpContext, change: RouteChange): number {
  const { prefix } = change
  if (change.type === 'multicast') return notModelled(context, 'route type "multicast"')
  if (change.command === 'test') return notModelled(context, '"ip route test"')
  for (const name of [change.device, ...change.nextHops.map(hop => hop.device)]) {
    if (name !== undefined && context.host.interfaces.get(name) === undefined) return noDevice(context, name)
  }
  if (prefixAddress(prefixOf(prefix.address, prefix.length)) !== prefix.address) {
    return answer(context, failure('EINVAL', 'Invalid prefix for given prefix length.'))
  }
  if (change.command === 'delete') return answer(context, context.host.deleteRoute(routeMatch(context, change)))
  if (change.nextHopId !== undefined && (change.gateway !== undefined || change.nextHops.length > 0)) {
    return answer(context, failure('EINVAL', 'Nexthop specification and nexthop id are mutually exclusive.'))
  }
  const scope = scopeOf(change)
  if (scope === undefined) return notModelled(context, `route scope ${scopeName(change.scope ?? 0)}`)
  return answer(context, context.host.addRoute(newRoute(context, change, scope), change.command))
}

function newRoute(context: IpContext, change: RouteChange, scope: RouteScope): FibRoute {
  const type = change.type === 'multicast' ? 'unicast' : (change.type ?? 'unicast')
  const isLocal = type === 'local' || type === 'broadcast'
  return {
    prefix: prefixOf(change.prefix.address, change.prefix.length),
    type,
    table: change.table ?? (isLocal ? TABLE_LOCAL : TABLE_MAIN),
    tos: change.tos,
    metric: change.metric ?? 0,
    protocol: routeProtocol(change.protocol ?? PROTOCOL_BOOT),
    scope,
    nextHops: nextHops(context, change),
    ...(change.source === undefined ? {} : { preferredSource: change.source }),
    ...(change.nextHopId === undefined ? {} : { nextHopId: change.nextHopId }),
    ...metricFields(change.metrics),
  }
}

function metricFields(metrics: RouteMetrics): Partial<FibRoute> {
  return {
    ...(metrics.mtuBytes === undefined ? {} : { mtuBytes: metrics.mtuBytes }),
    ...(metrics.advertisedMssBytes === undefined ? {} : { advertisedMssBytes: metrics.advertisedMssBytes }),
    ...(metrics.others.size === 0 ? {} : { otherMetrics: metrics.others }),
  }
}

/** Next hops as written; devices that are left out are the kernel's to find. */
function nextHops(context: IpContext, change: RouteChange): readonly FibNextHop[] {
  const single = change.gateway === undefined && change.device === undefined ? [] : [{ ...change, weight: 1 }]
  const hops = change.nextHops.length > 0 ? change.nextHops : single
  return hops.map(hop => {
    const device = hop.device === undefined ? undefined : context.host.interfaces.get(hop.device)
    return {
      ...(hop.gateway === undefined ? {} : { gateway: hop.gateway }),
      ...(device === undefined ? {} : { interface: device }),
      weight: hop.weight,
      onlink: hop.onlink,
      isDead: false,
      isLinkDown: false,
    }
  })
}

/** The scope that iproute_modify sets when none is given; undefined for scopes that are not modelled. */
function scopeOf(change: RouteChange): RouteScope | undefined {
  if (change.scope !== undefined) {
    const name = scopeName(change.scope)
    return name === 'global' || name === 'link' || name === 'host' || name === 'nowhere' ? name : undefined
  }
  const type = change.type ?? 'unicast'
  if (type === 'local') return 'host'
  if (type === 'broadcast') return 'link'
  const hasPath = change.gateway !== undefined || change.nextHops.length > 0 || change.nextHopId !== undefined
  return type === 'unicast' && !hasPath ? 'link' : 'global'
}

/** What the kernel compares: only what was written. */
function routeMatch(context: IpContext, change: RouteChange): RouteMatch {
  const isLocal = change.type === 'local' || change.type === 'broadcast'
  const hops = nextHops(context, change)
  const scope = change.scope === undefined ? undefined : scopeOf(change)
  return {
    prefix: prefixOf(change.prefix.address, change.prefix.length),
    table: change.table ?? (isLocal ? TABLE_LOCAL : TABLE_MAIN),
    tos: change.tos,
    ...(change.metric === undefined ? {} : { metric: change.metric }),
    ...(change.type === undefined || change.type === 'multicast' ? {} : { type: change.type }),
    ...(change.protocol === undefined ? {} : { protocol: routeProtocol(change.protocol) }),
    ...(scope === undefined ? {} : { scope }),
    ...(change.source === undefined ? {} : { preferredSource: change.source }),
    ...(change.nextHopId === undefined ? {} : { nextHopId: change.nextHopId }),
    ...(hops.length === 0 ? {} : { nextHops: hops }),
  }
}

/** `ip route show` and `flush`. */
export function listRoutes(context: IpContext, list: RouteList): number {
  const { host } = context
  if (list.device !== undefined && host.interfaces.get(list.device) === undefined) return noDevice(context, list.device)
  if (list.cached) return 0
  const table = list.table ?? TABLE_MAIN
  const numbers = host.fib.tables()
  const isBuiltIn = table === TABLE_MAIN || table === TABLE_LOCAL
  if (table !== 0 && !isBuiltIn && !numbers.includes(table)) return noTable(context, list)
  const tables = table === 0 ? numbers : [table]
  const routes = tables.flatMap(number => host.fib.routes(number)).filter(route => isWanted(route, list))
  if (list.flush) {
    for (const route of routes) host.deleteRoute(exactMatch(route))
    return 0
  }
  const style = styleOf(context, list)
  if (context.options.json)
    printJson(
      context,
      routes.map(route => routeJson(route, style)),
    )
  else for (const route of routes) context.out(routeText(route, style))
  return 0
}

function noTable(context: IpContext, list: RouteList): number {
  if (list.flush) return 0
  context.error('Error: ipv4: FIB table does not exist.\nDump terminated\n')
  return 2
}

function styleOf(context: IpContext, list: RouteList): RouteStyle {
  const { details, numeric, oneline } = context.options
  return {
    ...PLAIN_STYLE,
    details,
    numeric,
    oneline,
    hidesDevice: list.device !== undefined,
    hidesGateway: list.via?.length === 32,
    hidesProtocol: list.protocol !== undefined,
    hidesScope: list.scope !== undefined,
    hidesSource: list.source?.length === 32,
    hidesMetric: list.metric !== undefined,
    hidesTos: list.tos !== undefined,
    hidesTable: list.table !== 0,
  }
}

function exactMatch(route: FibRoute): RouteMatch {
  const { prefix, table, tos, metric, type, protocol, scope, nextHops: hops } = route
  return { prefix, table, tos, metric, type, protocol, scope, nextHops: hops }
}

/** filter_nlmsg of ip/iproute.c. */
function isWanted(route: FibRoute, list: RouteList): boolean {
  const hop = route.nextHops.length === 1 ? route.nextHops[0] : undefined
  if (list.type !== undefined && list.type !== route.type) return false
  if (list.protocol !== undefined && list.protocol !== protocolNumberOf(route.protocol)) return false
  if (list.scope !== undefined && scopeName(list.scope) !== route.scope) return false
  if (list.tos !== undefined && list.tos !== route.tos) return false
  if (list.metric !== undefined && list.metric !== route.metric) return false
  if (list.device !== undefined && list.device !== hop?.interface?.name) return false
  if (list.via !== undefined && (hop?.gateway === undefined || !holds(list.via, hop.gateway))) return false
  if (list.source !== undefined && (route.preferredSource === undefined || !holds(list.source, route.preferredSource)))
    return false
  return list.destination === undefined || isInside(route.prefix, list.destination)
}

function holds(word: PrefixWord, address: number): boolean {
  return prefixCovers(prefixOf(word.address, word.length), prefixOf(address, 32))
}

function isInside(prefix: Prefix, filter: NonNullable<RouteList['destination']>): boolean {
  const wanted = prefixOf(filter.prefix.address, filter.prefix.length)
  if (filter.mode === 'root') return prefixCovers(wanted, prefix)
  if (filter.mode === 'match') return prefixCovers(prefix, wanted)
  return prefixLength(prefix) === prefixLength(wanted) && prefixAddress(prefix) === prefixAddress(wanted)
}
