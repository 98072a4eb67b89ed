import { type Ipv4Address, type Prefix, prefixAddress, prefixLength } from '../wire/address.ts'
import { flattenNextHops, isRecursive, type NextHop, newNextHop } from './next-hop.ts'
import type { RibMatch, RibTable } from './rib-table.ts'
import { isSystemRoute, type RibNode, type RouteEntry, type RouteRequest } from './route-entry.ts'

/** What resolution looks at. */
export interface ResolutionContext {
  readonly table: RibTable
  /** `ip nht resolve-via-default`. */
  readonly resolvesViaDefault: boolean
  /** Administratively up, and with carrier where `withCarrier`. */
  isInterfaceUp(interfaceIndex: number, withCarrier: boolean): boolean
  /** `ip protocol … route-map`: undefined denies, otherwise the source address to set, if any. */
  applyRouteMap(prefix: Prefix, request: RouteRequest, nextHop: NextHop): { readonly source?: Ipv4Address } | undefined
}

/** Looks at one next hop of a route and returns it as it is now (`nexthop_active_check`, zebra/zebra_nhg.c). */
export function resolveNextHop(
  context: ResolutionContext,
  prefix: Prefix,
  request: RouteRequest,
  nextHop: NextHop,
): NextHop {
  if (request.protocol === 'kernel' && context.isInterfaceUp(nextHop.interfaceIndex, false)) {
    return { ...nextHop, isActive: true }
  }
  const resolved = lookUp(context, prefix, request, nextHop)
  if (!resolved.isActive || request.protocol === 'kernel' || request.protocol === 'connected') return resolved
  const permitted = context.applyRouteMap(prefix, request, resolved)
  if (permitted === undefined) return { ...resolved, isActive: false }
  return permitted.source === undefined ? resolved : { ...resolved, preferredSource: permitted.source }
}

/** `nexthop_active`. */
function lookUp(context: ResolutionContext, prefix: Prefix, request: RouteRequest, nextHop: NextHop): NextHop {
  const { preferredSource: _, ...bare } = nextHop
  const fresh: NextHop = {
    ...bare,
    interfaceIndex: nextHop.type === 'gateway' ? 0 : nextHop.interfaceIndex,
    isActive: false,
    resolved: [],
  }
  if (fresh.type === 'blackhole') return { ...fresh, isActive: true }
  if (fresh.type === 'interface' || fresh.isOnlink) {
    return { ...fresh, isActive: context.isInterfaceUp(fresh.interfaceIndex, true) }
  }
  if (prefixLength(prefix) === 32 && prefixAddress(prefix) === fresh.gateway) return fresh
  return throughTable(context, prefix, request, fresh)
}

/** Walks from the longest match up to the first usable route. */
function throughTable(context: ResolutionContext, prefix: Prefix, request: RouteRequest, hop: NextHop): NextHop {
  const { table } = context
  for (
    let found = table.match(hop.gateway);
    found !== undefined;
    found = table.match(hop.gateway, lengthAbove(found))
  ) {
    const { node } = found
    if (isItself(found.prefix, prefix)) return hop
    if (prefixLength(found.prefix) === 0 && !context.resolvesViaDefault) return hop
    const match = node.fibEntry
    if (match === undefined || match.isRemoved) continue
    if (isDirect(match, request)) return overConnected(connectedThrough(node, match, hop), hop)
    if (!request.allowsRecursion || !match.isInstalled) return hop
    return overRoute(match, hop)
  }
  return hop
}

function lengthAbove({ prefix }: RibMatch): number {
  return prefixLength(prefix) - 1
}

/** A route must not resolve through itself; a host route may come across itself and goes on. */
function isItself(found: Prefix, own: Prefix): boolean {
  return found === own && prefixLength(found) !== 32
}

function isDirect(match: RouteEntry, request: RouteRequest): boolean {
  const { protocol } = match.request
  return protocol === 'connected' || (isSystemRoute(match) && request.protocol === 'kernel')
}

/** Of a network on several interfaces the one that the next hop names (`zebra_nhg_connected_ifindex`). */
function connectedThrough(node: RibNode, match: RouteEntry, hop: NextHop): RouteEntry {
  const leadsThere = (entry: RouteEntry): boolean => entry.group.nextHops[0]!.interfaceIndex === hop.interfaceIndex
  if (hop.interfaceIndex === 0 || leadsThere(match)) return match
  const { entries } = node
  return entries.find(entry => entry.request.protocol === 'connected' && !entry.isRemoved && leadsThere(entry)) ?? match
}

function overConnected(match: RouteEntry, hop: NextHop): NextHop {
  const { interfaceIndex } = match.group.nextHops[0]!
  if (hop.type === 'gateway') return { ...hop, interfaceIndex, isActive: true }
  return { ...hop, isActive: hop.interfaceIndex === interfaceIndex }
}

/** Takes over the usable next hops of the route found (`nexthop_set_resolved`). */
function overRoute(match: RouteEntry, hop: NextHop): NextHop {
  const resolved = flattenNextHops(match.group.nextHops)
    .filter(({ nextHop, isDuplicate }) => !isDuplicate && nextHop.isActive && !isRecursive(nextHop))
    .filter(({ nextHop }) => hop.type === 'gateway' || nextHop.interfaceIndex === hop.interfaceIndex)
    .map(({ nextHop }) => resolvedForm(nextHop, hop.gateway))
  return resolved.length === 0 ? hop : { ...hop, isActive: true, resolved }
}

function resolvedForm(found: NextHop, gateway: Ipv4Address): NextHop {
  switch (found.type) {
    case 'blackhole':
      return newNextHop({ type: 'blackhole', blackhole: found.blackhole ?? 'blackhole', isActive: true })
    case 'interface':
      // The gateway is on a link that no connected route covers: the kernel takes it only as onlink.
      return newNextHop({
        type: 'gateway-interface',
        gateway,
        interfaceIndex: found.interfaceIndex,
        isOnlink: true,
        isActive: true,
      })
    default:
      return newNextHop({
        type: found.interfaceIndex === 0 ? found.type : 'gateway-interface',
        gateway: found.gateway,
        interfaceIndex: found.interfaceIndex,
        isOnlink: found.isOnlink,
        isActive: true,
      })
  }
}
