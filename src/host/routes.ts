import type { JournalEntry } from '../sim/journal.ts'
import { formatIpv4, formatPrefix, type Prefix } from '../wire/address.ts'
import type { FibNextHop, RouteFacts, RouteFilter, RouteMode } from './fib.ts'
import type { FibEntry } from './fib-entry.ts'
import type { Host } from './host.ts'
import { type Failure, failure, OK, type Result } from './result.ts'
import { checkNextHop } from './route-check.ts'

/**
 * Adds a route for some prefixes as RTM_NEWROUTE does, one after the other. ENETUNREACH, EINVAL, ENETDOWN, ENODEV for next hops;
 * EEXIST for `add` and `append` of what is there; ENOENT for `change` of what is not; EINVAL "Invalid prefsrc address.",
 * "Nexthop id does not exist.". A failure leaves everything as it was.
 */
export function addRoutes(host: Host, prefixes: readonly Prefix[], route: RouteFacts, mode: RouteMode): Result {
  const nextHops = nextHopsFor(host, route)
  if ('errno' in nextHops) return nextHops
  if (route.preferredSource !== undefined && !host.isLocalAddress(route.preferredSource)) {
    return failure('EINVAL', 'Invalid prefsrc address.')
  }
  const result = host.fib.insert(prefixes, route, mode, typeOf(host, route), nextHops)
  if (!result.ok) return result
  const { entry, changes } = result
  if (entry.nextHopId !== undefined) host.nextHopObjects.fillIn(entry)
  host.routeExceptions.flush()
  record(host, 'route.add', prefixes, entry)
  if (!host.monitor.hasListeners) return OK
  prefixes.forEach((prefix, index) => {
    const isReplaced = changes[index]!.replaced !== undefined
    host.monitor.notify({ kind: 'route', route: entry.routeOf(prefix), added: true, isReplaced })
  })
  return OK
}

/** Deletes the first route of each prefix that fits. ESRCH when there is none for one of them. */
export function deleteRoutes(host: Host, prefixes: readonly Prefix[], filter: RouteFilter): Result {
  const gone = host.fib.delete(prefixes, filter)
  const [first] = gone
  if (first !== undefined) host.routeExceptions.flush()
  if (first !== undefined && gone.every(entry => entry === first)) record(host, 'route.delete', prefixes, first)
  else {
    gone.forEach((entry, index) => {
      if (entry !== undefined) record(host, 'route.delete', [prefixes[index]!], entry)
    })
  }
  if (host.monitor.hasListeners) {
    gone.forEach((entry, index) => {
      const route = entry?.routeOf(prefixes[index]!)
      if (route !== undefined) host.monitor.notify({ kind: 'route', route, added: false, isReplaced: false })
    })
  }
  return gone.every(entry => entry !== undefined) ? OK : failure('ESRCH')
}

function nextHopsFor(host: Host, route: RouteFacts): readonly FibNextHop[] | Failure {
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
function typeOf(host: Host, route: RouteFacts): RouteFacts['type'] {
  return route.nextHopId !== undefined && host.nextHopObjects.isBlackhole(route.nextHopId) ? 'blackhole' : route.type
}

/** What the journal says of a route. */
interface JournalFacts extends Pick<RouteFacts, 'type' | 'nextHops' | 'protocol' | 'metric'> {
  /** The devices as they are called now, where they are named; gateways stay what they are, so their text can wait. */
  readonly devices: string | undefined
}

/** What was last said of an entry. */
const FACTS = new WeakMap<FibEntry, JournalFacts>()

function record(host: Host, kind: string, prefixes: readonly Prefix[], entry: FibEntry): void {
  host.journal.recordEach(host.name, kind, prefixes, factsOf(entry), describeRoute)
}

function factsOf(entry: FibEntry): JournalFacts {
  const { type, nextHops, protocol, metric } = entry
  const known = FACTS.get(entry)
  if (known?.nextHops === nextHops && known.devices === undefined) return known
  const devices = nextHops.some(hop => hop.gateway === undefined) ? viaText(nextHops) : undefined
  const facts = { type, nextHops, protocol, metric, devices }
  if (entry.nextHopId !== undefined) FACTS.set(entry, facts)
  return facts
}

function describeRoute(prefix: Prefix, facts: JournalFacts): JournalEntry['detail'] {
  const { type, nextHops, protocol, metric, devices } = facts
  return { prefix: formatPrefix(prefix), type, via: devices ?? viaText(nextHops), protocol, metric }
}

function viaText(nextHops: readonly FibNextHop[]): string {
  return nextHops
    .map(hop => (hop.gateway === undefined ? (hop.interface?.name ?? '') : formatIpv4(hop.gateway)))
    .join(' ')
}
