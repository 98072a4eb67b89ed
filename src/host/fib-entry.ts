import type { Prefix } from '../wire/address.ts'
import type { FibNextHop, FibRoute, RouteFacts } from './fib.ts'

/** What routes have in common apart from where they lead: the same for nearly all routes of a table, so they share one. */
type RouteKind = Omit<RouteFacts, 'nextHops' | 'nextHopId'>

/**
 * What a route is apart from its prefix (`struct fib_info`, net/ipv4/fib_semantics.c). The prefixes of a table stand for
 * nearly everything that there is in a lab; the entries that they share are few. Mutable for the kernel's own events only.
 */
export class FibEntry implements RouteFacts {
  readonly nextHopId: number | undefined
  nextHops: readonly FibNextHop[]
  /** Upper bounds of the multipath hash, one per next hop; -1 is never chosen. */
  bounds: readonly number[]
  /** How many prefixes have a route with it (`fib_treeref`). Only the table counts. */
  references = 0
  /** The list of a prefix that has no other route. */
  readonly alone: readonly FibEntry[] = [this]
  readonly #kind: RouteKind

  constructor(
    nextHopId: number | undefined,
    kind: RouteKind,
    nextHops: readonly FibNextHop[],
    bounds: readonly number[],
  ) {
    this.nextHopId = nextHopId
    this.nextHops = nextHops
    this.bounds = bounds
    this.#kind = kind
  }

  get type(): RouteFacts['type'] {
    return this.#kind.type
  }

  get table(): number {
    return this.#kind.table
  }

  get tos(): number {
    return this.#kind.tos
  }

  get metric(): number {
    return this.#kind.metric
  }

  get protocol(): RouteFacts['protocol'] {
    return this.#kind.protocol
  }

  get scope(): RouteFacts['scope'] {
    return this.#kind.scope
  }

  get preferredSource(): RouteFacts['preferredSource'] {
    return this.#kind.preferredSource
  }

  get mtuBytes(): number | undefined {
    return this.#kind.mtuBytes
  }

  get isMtuLocked(): boolean | undefined {
    return this.#kind.isMtuLocked
  }

  get advertisedMssBytes(): number | undefined {
    return this.#kind.advertisedMssBytes
  }

  get otherMetrics(): ReadonlyMap<string, number> | undefined {
    return this.#kind.otherMetrics
  }

  /** Whether a route of this type differs in nothing but where it leads. */
  isLike(route: RouteFacts, type: RouteFacts['type']): boolean {
    return this.#kind.type === type && isSameBut(this.#kind, route)
  }

  /** The route of a prefix that has this entry, as it is now. */
  routeOf(prefix: Prefix): FibRoute {
    const { type, table, tos, metric, protocol, scope, preferredSource } = this.#kind
    const { mtuBytes, isMtuLocked, advertisedMssBytes, otherMetrics } = this.#kind
    const { nextHopId, nextHops } = this
    // field by field: spreading an object into another takes ten times as long
    return {
      prefix,
      type,
      table,
      tos,
      metric,
      protocol,
      scope,
      preferredSource,
      nextHops,
      nextHopId,
      mtuBytes,
      isMtuLocked,
      advertisedMssBytes,
      otherMetrics,
    }
  }
}

/** The kind of a route with this type: the same object again when it is that of the route before. */
export class RouteKinds {
  #last: RouteKind | undefined

  of(route: RouteFacts, type: RouteFacts['type']): RouteKind {
    const last = this.#last
    if (last !== undefined && last.type === type && isSameBut(last, route)) return last
    this.#last = kindOf(route, type)
    return this.#last
  }
}

function isSameBut(kind: RouteKind, route: RouteFacts): boolean {
  return (
    kind.table === route.table &&
    kind.tos === route.tos &&
    kind.metric === route.metric &&
    kind.protocol === route.protocol &&
    kind.scope === route.scope &&
    kind.preferredSource === route.preferredSource &&
    kind.mtuBytes === route.mtuBytes &&
    kind.isMtuLocked === route.isMtuLocked &&
    kind.advertisedMssBytes === route.advertisedMssBytes &&
    kind.otherMetrics === route.otherMetrics
  )
}

function kindOf(route: RouteFacts, type: RouteFacts['type']): RouteKind {
  return {
    type,
    table: route.table,
    tos: route.tos,
    metric: route.metric,
    protocol: route.protocol,
    scope: route.scope,
    preferredSource: route.preferredSource,
    mtuBytes: route.mtuBytes,
    isMtuLocked: route.isMtuLocked,
    advertisedMssBytes: route.advertisedMssBytes,
    otherMetrics: route.otherMetrics,
  }
}
