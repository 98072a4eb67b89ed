import type { Ipv4Address, Prefix } from '../wire/address.ts'
import { RouteDraft } from './attributes.ts'
import type { DestinationSet } from './destination-set.ts'
import type { BgpBehaviour } from './implementation.ts'
import type { Path } from './path.ts'
import type { BgpRoute } from './route-manager.ts'
import type { RouteTable } from './route-table.ts'
import type { Session } from './session.ts'

/**
 * Hands the best path of prefixes and its multipaths to the route manager, or takes the routes back (FRR bgp_zebra_announce),
 * in the order in which they come; neighbours of one set go together. Own `network` and redistributed routes are not installed;
 * an aggregate becomes a blackhole.
 */
export class Installer {
  readonly #table: RouteTable
  readonly #behaviour: BgpBehaviour
  /** `table-map` and `network … backdoor` look at the single prefix. */
  readonly #dependsOnPrefix: boolean
  readonly #touched = new Set<DestinationSet>()
  #destinations: DestinationSet | undefined
  #prefixes: Prefix[] = []

  constructor(table: RouteTable, behaviour: BgpBehaviour) {
    this.#table = table
    this.#behaviour = behaviour
    const { tableMap, networks } = table.model
    this.#dependsOnPrefix = tableMap !== undefined || networks.some(network => network.backdoor)
  }

  /** The decision that runs has another route for a prefix. */
  add(destinations: DestinationSet, number: number): void {
    if (this.#behaviour.rejectsImports) return
    if (destinations !== this.#destinations) this.#flush()
    this.#destinations = destinations
    this.#prefixes.push(this.#table.rib.numbers.prefixOf(number))
  }

  /** Nothing more is added in this run. */
  finish(): void {
    this.#flush()
    for (const destinations of this.#touched) destinations.isInstalled = isForZebra(destinations.best)
  }

  /** Hands over what has been added. */
  #flush(): void {
    const destinations = this.#destinations
    if (destinations === undefined) return
    const prefixes = this.#prefixes
    this.#destinations = undefined
    this.#prefixes = []
    this.#touched.add(destinations)
    if (!isForZebra(destinations.best)) this.#remove(destinations, prefixes)
    else if (this.#dependsOnPrefix) {
      for (const prefix of prefixes) this.#install([prefix], routeOf(this.#table, destinations, prefix))
    } else {
      destinations.route ??= routeOf(this.#table, destinations, prefixes[0]!)
      this.#install(prefixes, destinations.route)
    }
  }

  #install(prefixes: readonly Prefix[], route: BgpRoute): void {
    this.#table.work.installations += prefixes.length
    if (route.nextHops.length === 0 && route.blackhole !== true) this.#table.routes.withdraw(prefixes)
    else this.#table.routes.install(prefixes, route)
  }

  #remove(destinations: DestinationSet, prefixes: readonly Prefix[]): void {
    if (!destinations.isInstalled) return
    this.#table.work.installations += prefixes.length
    this.#table.routes.withdraw(prefixes)
  }
}

function isForZebra(best: Path | undefined): boolean {
  return best?.kind === 'learned' || best?.kind === 'aggregate'
}

function routeOf(table: RouteTable, destinations: DestinationSet, prefix: Prefix): BgpRoute {
  const best = destinations.best!
  const { multipath } = destinations.outcome!
  const isAggregate = best.kind === 'aggregate'
  const mapped = table.model.tableMap === undefined ? undefined : applyTableMap(table, multipath, prefix)
  const { metric, tag } = mapped?.best ?? { metric: best.attributes.med ?? 0, tag: best.tag }
  const gateways = mapped?.gateways ?? multipath.map(path => path.nextHop)
  return {
    kind: isAggregate ? 'aggregate' : best.peer.type === 'ebgp' ? 'ebgp' : 'ibgp',
    distance: distanceOf(table, best, prefix),
    metric,
    tag,
    nextHops: table.nextHopLists.intern(isAggregate ? [] : gateways),
    blackhole: isAggregate && mapped?.isDenied !== true,
    isRecursive: isAggregate || multipath.some(path => mayRecurse(table, path, best)),
  }
}

interface MappedPaths {
  /** Of the paths that the map permits. */
  readonly gateways: readonly Ipv4Address[]
  /** What it makes of the best one; undefined when it denies that. */
  readonly best: { readonly metric: number; readonly tag: number | undefined } | undefined
  readonly isDenied: boolean
}

/** `table-map`: each next hop for itself. */
function applyTableMap(table: RouteTable, multipath: readonly Path[], prefix: Prefix): MappedPaths {
  const drafts = multipath.map(path => {
    const draft = new RouteDraft(path.attributes, path.nextHop, path.weight, path.tag)
    const peerAddress = path.peer.address
    const isPermitted = table.policy.applyRouteMap(table.model.tableMap!, prefix, draft, {
      direction: 'in',
      peerAddress,
    })
    return isPermitted ? draft : undefined
  })
  const [best] = drafts
  return {
    gateways: drafts.flatMap(draft => draft?.nextHop ?? []),
    best: best === undefined ? undefined : { metric: best.med ?? 0, tag: best.tag },
    isDenied: best === undefined,
  }
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
function distanceOf(table: RouteTable, best: Path, prefix: Prefix): number {
  if (best.distance !== undefined) return best.distance
  const { distance, networks } = table.model
  if (best.peer.type === 'ebgp') {
    const isBackdoor = networks.some(each => each.backdoor && each.prefix === prefix)
    return isBackdoor ? distance.local : distance.external
  }
  return best.peer.type === 'self' ? distance.local : distance.internal
}
