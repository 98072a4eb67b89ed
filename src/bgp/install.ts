import type { Ipv4Address } from '../wire/address.ts'
import { RouteDraft } from './attributes.ts'
import type { BgpBehaviour } from './implementation.ts'
import type { Path } from './path.ts'
import type { Destination } from './rib.ts'
import type { BgpRoute } from './route-manager.ts'
import type { RouteTable } from './route-table.ts'
import type { Session } from './session.ts'

/**
 * Hands the best path and its multipaths to the route manager, or takes the route back (FRR bgp_zebra_announce). Own
 * `network` and redistributed routes are not installed; an aggregate becomes a blackhole.
 */
export function installBest(
  table: RouteTable,
  destination: Destination,
  multipath: readonly Path[],
  behaviour: BgpBehaviour,
): void {
  if (behaviour.rejectsImports) return
  const { best } = destination
  if (best === undefined || (best.kind !== 'learned' && best.kind !== 'aggregate')) {
    if (destination.isInstalled) {
      destination.isInstalled = false
      table.work.installations += 1
      table.routes.withdraw([destination.prefix])
    }
    return
  }
  const route = routeOf(table, multipath, best)
  destination.isInstalled = true
  table.work.installations += 1
  if (route.nextHops.length === 0 && route.blackhole !== true) table.routes.withdraw([destination.prefix])
  else table.routes.install([destination.prefix], route)
}

function routeOf(table: RouteTable, multipath: readonly Path[], best: Path): BgpRoute {
  const isAggregate = best.kind === 'aggregate'
  const gateways: Ipv4Address[] = []
  let metric = best.attributes.med ?? 0
  let { tag } = best
  let isDenied = false
  for (const path of multipath) {
    const draft = table.model.tableMap === undefined ? path.attributes : applyTableMap(table, path)
    if (draft === undefined) {
      isDenied ||= path === best
      continue
    }
    if (path === best && draft instanceof RouteDraft) {
      metric = draft.med ?? 0
      tag = draft.tag
    }
    if (!isAggregate) gateways.push(draft.nextHop)
  }
  return {
    kind: isAggregate ? 'aggregate' : best.peer.type === 'ebgp' ? 'ebgp' : 'ibgp',
    distance: distanceOf(table, best),
    metric,
    tag,
    nextHops: table.nextHopLists.intern(gateways),
    blackhole: isAggregate && !isDenied,
    isRecursive: isAggregate || multipath.some(path => mayRecurse(table, path, best)),
  }
}

/** `table-map`: undefined when it denies this next hop. */
function applyTableMap(table: RouteTable, path: Path): RouteDraft | undefined {
  const draft = new RouteDraft(path.attributes, path.weight, path.tag)
  const isPermitted = table.policy.applyRouteMap(table.model.tableMap!, path.destination.prefix, draft, {
    direction: 'in',
    peerAddress: path.peer.address,
  })
  return isPermitted ? draft : undefined
}

function mayRecurse(table: RouteTable, path: Path, best: Path): boolean {
  if (path !== best) {
    return table.model.bestPath.peerTypeMultipathRelax && path.peer.type !== 'ebgp'
  }
  if (path.peer.type !== 'ebgp') return true
  const session = path.peer as Session
  return session.ttl !== 1 || session.model.disableConnectedCheck
}

/** FRR bgp_distance_apply. */
function distanceOf(table: RouteTable, best: Path): number {
  if (best.distance !== undefined) return best.distance
  const { distance, networks } = table.model
  if (best.peer.type === 'ebgp') {
    const isBackdoor = networks.some(each => each.backdoor && each.prefix === best.destination.prefix)
    return isBackdoor ? distance.local : distance.external
  }
  return best.peer.type === 'self' ? distance.local : distance.internal
}
