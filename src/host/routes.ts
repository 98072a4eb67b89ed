import type { JournalEntry } from '../sim/journal.ts'
import { formatIpv4, formatPrefix } from '../wire/address.ts'
import type { FibNextHop, FibRoute, RouteMatch, RouteMode } from './fib.ts'
import type { Host } from './host.ts'
import { type Failure, failure, OK, type Result } from './result.ts'
import { checkNextHop } from './route-check.ts'

/**
 * Adds a route as RTM_NEWROUTE does. ENETUNREACH, EINVAL, ENETDOWN, ENODEV for next hops; EEXIST for `add` and `append` of
 * what is there; ENOENT for `change` of what is not; EINVAL "Invalid prefsrc address.", "Nexthop id does not exist.".
 */
export function addRoute(host: Host, route: FibRoute, mode: RouteMode): Result {
  const nextHops = nextHopsFor(host, route)
  if ('errno' in nextHops) return nextHops
  if (route.preferredSource !== undefined && !host.isLocalAddress(route.preferredSource)) {
    return failure('EINVAL', 'Invalid prefsrc address.')
  }
  const result = host.fib.insert(route, mode, typeOf(host, route), nextHops)
  if (!result.ok) return result
  if (result.entry.nextHopId !== undefined) host.nextHopObjects.fillIn(result.entry)
  host.routeExceptions.flush()
  record(host, 'route.add', result.entry)
  host.monitor.notify({ kind: 'route', route: result.entry, added: true, isReplaced: result.replaced !== undefined })
  return OK
}

/** Deletes the first route that matches. ESRCH when there is none. */
export function deleteRoute(host: Host, match: RouteMatch): Result {
  const entry = host.fib.delete(match)
  if (entry === undefined) return failure('ESRCH')
  host.routeExceptions.flush()
  record(host, 'route.delete', entry)
  host.monitor.notify({ kind: 'route', route: entry, added: false, isReplaced: false })
  return OK
}

function nextHopsFor(host: Host, route: FibRoute): readonly FibNextHop[] | Failure {
  if (route.nextHopId !== undefined) {
    return host.nextHopObjects.nextHopsOf(route.nextHopId) ?? failure('EINVAL', 'Nexthop id does not exist.')
  }
  if (route.type === 'local' || route.type === 'broadcast') {
    if (route.nextHops.some(hop => hop.interface === undefined)) return failure('EINVAL')
    return route.nextHops.map(hop => ({ ...hop }))
  }
  if (route.type !== 'unicast') {
    return route.nextHops.length === 0
      ? []
      : failure('EINVAL', 'Gateway, device and multipath can not be specified for this route type.')
  }
  if (route.nextHops.length === 0) return failure('ENODEV')
  const checked: FibNextHop[] = []
  for (const hop of route.nextHops) {
    const result = checkNextHop(host, hop, route.scope, route.table)
    if ('errno' in result) return result
    checked.push(result)
  }
  return checked
}

/** A black hole object makes its routes black holes. */
function typeOf(host: Host, route: FibRoute): FibRoute['type'] {
  return route.nextHopId !== undefined && host.nextHopObjects.isBlackhole(route.nextHopId) ? 'blackhole' : route.type
}

/** What the journal says of a route. */
interface RouteFacts extends Pick<FibRoute, 'prefix' | 'type' | 'nextHops' | 'protocol' | 'metric'> {
  /** The devices as they are called now, where they are named; gateways stay what they are, so their text can wait. */
  readonly devices: string | undefined
}

function record(host: Host, kind: string, route: FibRoute): void {
  const { prefix, type, nextHops, protocol, metric } = route
  const devices = nextHops.some(hop => hop.gateway === undefined) ? viaText(nextHops) : undefined
  host.journal.recordLazily(host.name, kind, { prefix, type, nextHops, protocol, metric, devices }, describeRoute)
}

function describeRoute({ prefix, type, nextHops, protocol, metric, devices }: RouteFacts): JournalEntry['detail'] {
  return { prefix: formatPrefix(prefix), type, via: devices ?? viaText(nextHops), protocol, metric }
}

function viaText(nextHops: readonly FibNextHop[]): string {
  return nextHops
    .map(hop => (hop.gateway === undefined ? (hop.interface?.name ?? '') : formatIpv4(hop.gateway)))
    .join(' ')
}
