import { type Ipv4Address, isMulticast, LIMITED_BROADCAST } from '../wire/address.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { FibNextHop, RouteFacts, RouteScope } from './fib.ts'
import { scopeNumber } from './fib.ts'
import type { Host } from './host.ts'
import { type Interface, isInSubnet } from './interface.ts'
import { selectNextHop } from './path-select.ts'
import type { Errno } from './result.ts'
import type { RouteException } from './route-exceptions.ts'

/** What routing may look at besides addresses. */
export interface TransportFlow {
  readonly tos?: number | undefined
  readonly protocol?: number | undefined
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
}

/** What a packet of the host's own is routed by. */
export interface Flow extends TransportFlow {
  readonly destination: Ipv4Address
  readonly source?: Ipv4Address | undefined
  /** SO_BINDTODEVICE: only routes that leave by it; without one the destination counts as on-link. */
  readonly interface?: Interface | undefined
  /** IP_TRANSPARENT: the source need not be an address of this host. */
  readonly isTransparent?: boolean | undefined
  /** An ICMP error takes the path of the packet that it is about. */
  readonly about?: Ipv4Packet | undefined
}

/** A route for a packet of the host's own. */
export interface OutputRoute {
  readonly ok: true
  /** The route found; undefined for on-link delivery out of a bound device. */
  readonly route: RouteFacts | undefined
  /** `local`: loopback delivery; `broadcast`, `multicast`: no neighbour resolution. */
  readonly type: 'unicast' | 'local' | 'broadcast' | 'multicast'
  readonly interface: Interface
  /** The gateway; undefined when the destination is on the link. */
  readonly gateway: Ipv4Address | undefined
  readonly source: Ipv4Address
  /** What may leave at once: a learnt path MTU, the route's or the device's. */
  readonly mtuBytes: number
  /** Learnt facts, as `ip route get` prints behind `cache`. */
  readonly pathMtu?: { readonly mtuBytes: number; readonly expiresAtNs: number }
  readonly redirected?: { readonly expiresAtNs: number }
}

export type RouteLookup = OutputRoute | { readonly ok: false; readonly errno: Errno }

/**
 * Routes a packet of the host's own and chooses its source address. ENETUNREACH: no route; EHOSTUNREACH, EACCES, EINVAL:
 * unreachable, prohibit, blackhole routes; EINVAL also for a source that is not ours.
 * Source: ip_route_output_key_hash_rcu, Linux net/ipv4/route.c.
 */
export function routeFor(host: Host, flow: Flow): RouteLookup {
  const { destination, source } = flow
  if (source !== undefined && source !== 0 && !flow.isTransparent && !host.isLocalAddress(source)) {
    return { ok: false, errno: host.sysctl.ipv4.ip_nonlocal_bind === 0 ? 'EINVAL' : 'EHOSTUNREACH' }
  }
  if (flow.interface !== undefined && (isMulticast(destination) || destination === LIMITED_BROADCAST)) {
    return groupRoute(host, flow, flow.interface)
  }
  const entry = host.fib.lookup(destination, flow.tos ?? 0, flow.interface)
  if (entry === undefined) {
    return flow.interface === undefined ? { ok: false, errno: 'ENETUNREACH' } : onLinkRoute(host, flow, flow.interface)
  }
  const refused = refusal(entry.type)
  if (refused !== undefined) return { ok: false, errno: refused }
  if (entry.type === 'local') {
    return {
      ok: true,
      route: entry,
      type: 'local',
      interface: host.loopback,
      gateway: undefined,
      source: source || entry.preferredSource || destination,
      mtuBytes: host.loopback.mtuBytes,
    }
  }
  const hop = selectNextHop(host, entry, flow)
  const type = entry.type === 'broadcast' ? 'broadcast' : isMulticast(destination) ? 'multicast' : 'unicast'
  return finish(host, flow, entry, hop, type)
}

/** Errno of a route that refuses packets; undefined for one that carries them. */
function refusal(type: RouteFacts['type']): Errno | undefined {
  switch (type) {
    case 'blackhole':
      return 'EINVAL'
    case 'unreachable':
      return 'EHOSTUNREACH'
    case 'prohibit':
      return 'EACCES'
    default:
      return undefined
  }
}

/**
 * The address that a device offers for a destination: its first primary whose subnet holds it, else its first primary, of
 * at most the scope; else a suitable address of another device, oldest first (inet_select_addr, net/ipv4/devinet.c).
 * 0 when there is none.
 */
export function selectSource(
  host: Host,
  device: Interface,
  destination: Ipv4Address | undefined,
  scope: RouteScope,
): Ipv4Address {
  const limit = scopeNumber(scope)
  let first: Ipv4Address | undefined
  for (const own of device.addresses) {
    if (own.isSecondary || scopeNumber(own.scope) > limit) continue
    if (destination === undefined || isInSubnet(own, destination)) return own.address
    first ??= own.address
  }
  if (first !== undefined) return first
  for (const other of host.interfaces) {
    for (const own of other.addresses) {
      if (!own.isSecondary && own.scope !== 'link' && scopeNumber(own.scope) <= limit) return own.address
    }
  }
  return 0 as Ipv4Address
}

/** Source address of a route by one of its next hops. */
function sourceOf(host: Host, route: RouteFacts, hop: FibNextHop, destination: Ipv4Address): Ipv4Address {
  if (route.preferredSource !== undefined) return route.preferredSource
  return selectSource(host, hop.interface ?? host.loopback, hop.gateway ?? destination, route.scope)
}

function finish(host: Host, flow: Flow, route: RouteFacts, hop: FibNextHop, type: OutputRoute['type']): OutputRoute {
  const device = hop.interface ?? host.loopback
  const way: OutputRoute = {
    ok: true,
    route,
    type,
    interface: device,
    gateway: hop.gateway,
    source: flow.source || sourceOf(host, route, hop, flow.destination),
    mtuBytes: route.mtuBytes ?? device.mtuBytes,
  }
  const exception = host.routeExceptions.get(flow.destination)
  return exception === undefined ? way : withException(way, exception)
}

function withException(way: OutputRoute, exception: RouteException): OutputRoute {
  const { mtuBytes, gateway } = exception
  return {
    ...way,
    ...(gateway === undefined ? {} : { gateway, redirected: { expiresAtNs: exception.redirectExpiresAtNs } }),
    ...(mtuBytes === undefined
      ? {}
      : {
          mtuBytes: Math.min(mtuBytes, way.mtuBytes),
          pathMtu: { mtuBytes, expiresAtNs: exception.mtuExpiresAtNs },
        }),
  }
}

function groupRoute(host: Host, flow: Flow, device: Interface): OutputRoute {
  return {
    ok: true,
    route: undefined,
    type: flow.destination === LIMITED_BROADCAST ? 'broadcast' : 'multicast',
    interface: device,
    gateway: undefined,
    source: flow.source || selectSource(host, device, undefined, 'link'),
    mtuBytes: device.mtuBytes,
  }
}

function onLinkRoute(host: Host, flow: Flow, device: Interface): RouteLookup {
  if (!device.isUp) return { ok: false, errno: 'ENETUNREACH' }
  return {
    ok: true,
    route: undefined,
    type: 'unicast',
    interface: device,
    gateway: undefined,
    source: flow.source || selectSource(host, device, undefined, 'link'),
    mtuBytes: device.mtuBytes,
  }
}
