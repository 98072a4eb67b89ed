import { type FibNextHop, type FibRoute, TABLE_MAIN } from '../host/fib.ts'
import { type NextHop, newNextHop } from './next-hop.ts'
import type { RouteRequest } from './route-entry.ts'

/** Protocols under which zebra installs routes of its daemons (rt_netlink.h, `RTPROT_*`). */
const OWN_PROTOCOLS: ReadonlySet<unknown> = new Set(['bgp', 'frr-static', 'zebra'])

/** Whether a route in the kernel was put there by FRR itself. */
export function isOwnRoute(route: FibRoute): boolean {
  return route.table === TABLE_MAIN && OWN_PROTOCOLS.has(route.protocol)
}

/**
 * A route that somebody else put into the kernel, as zebra takes it over (`netlink_route_change_read_unicast`,
 * zebra/rt_netlink.c). Undefined for those it leaves alone: other tables, protocol kernel (zebra makes connected routes
 * itself), throw routes.
 */
export function kernelRouteRequest(route: FibRoute): RouteRequest | undefined {
  if (route.table !== TABLE_MAIN || route.protocol === 'kernel' || route.protocol === 'redirect') return undefined
  const nextHops = kernelNextHops(route)
  if (nextHops.length === 0) return undefined
  return {
    protocol: 'kernel',
    ...kernelPreference(route.metric),
    allowsRecursion: false,
    isKeyedByDistance: false,
    nextHops,
    ...(route.preferredSource === undefined ? {} : { preferredSource: route.preferredSource }),
  }
}

/** The highest byte of a kernel route's metric is its distance for zebra, so that others can be preferred to it. */
export function kernelPreference(kernelMetric: number): { readonly distance: number; readonly metric: number } {
  return { distance: kernelMetric >>> 24, metric: kernelMetric & 0xffffff }
}

function kernelNextHops(route: FibRoute): readonly NextHop[] {
  switch (route.type) {
    case 'blackhole':
      return [newNextHop({ type: 'blackhole', blackhole: 'blackhole', weight: 0 })]
    case 'unreachable':
    case 'prohibit':
      return [newNextHop({ type: 'blackhole', blackhole: 'unreachable', weight: 0 })]
    case 'unicast': {
      const isSingle = route.nextHops.length === 1
      return route.nextHops.flatMap(hop => kernelNextHop(hop, isSingle ? 0 : hop.weight) ?? [])
    }
    default:
      return []
  }
}

function kernelNextHop(hop: FibNextHop, weight: number): NextHop | undefined {
  if (hop.interface === undefined) return undefined
  const common = { interfaceIndex: hop.interface.index, weight, isOnlink: hop.onlink }
  if (hop.gateway === undefined) return newNextHop({ type: 'interface', ...common })
  return newNextHop({ type: 'gateway-interface', gateway: hop.gateway, ...common })
}
