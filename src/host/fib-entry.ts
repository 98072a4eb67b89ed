import type { FibNextHop, FibRoute } from './fib.ts'

/** What a route is apart from where it leads: the same for nearly all routes of a table, so they share one. */
type RouteKind = Omit<FibRoute, 'prefix' | 'nextHops' | 'nextHopId'>

/** A route inside the table: there are as many as routes in the whole lab. Mutable for the kernel's own events only. */
export class FibEntry implements FibRoute {
  readonly prefix: FibRoute['prefix']
  readonly nextHopId: number | undefined
  nextHops: readonly FibNextHop[]
  /** Upper bounds of the multipath hash, one per next hop; -1 is never chosen. */
  bounds: readonly number[]
  readonly #kind: RouteKind

  constructor(route: FibRoute, kind: RouteKind, nextHops: readonly FibNextHop[], bounds: readonly number[]) {
    this.prefix = route.prefix
    this.nextHopId = route.nextHopId
    this.nextHops = nextHops
    this.bounds = bounds
    this.#kind = kind
  }

  get type(): FibRoute['type'] {
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

  get protocol(): FibRoute['protocol'] {
    return this.#kind.protocol
  }

  get scope(): FibRoute['scope'] {
    return this.#kind.scope
  }

  get preferredSource(): FibRoute['preferredSource'] {
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
}

/** The kind of a route with this type: the same object again when it is that of the route before. */
export class RouteKinds {
  #last: RouteKind | undefined

  of(route: FibRoute, type: FibRoute['type']): RouteKind {
    const last = this.#last
    if (last !== undefined && last.type === type && isSameBut(last, route)) return last
    this.#last = kindOf(route, type)
    return this.#last
  }
}

/** The same route with other next hops; an entry of the table cannot be copied by its fields. */
export function withNextHops(route: FibRoute, nextHops: readonly FibNextHop[]): FibRoute {
  return { ...kindOf(route, route.type), prefix: route.prefix, nextHopId: route.nextHopId, nextHops }
}

function isSameBut(kind: RouteKind, route: FibRoute): boolean {
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

function kindOf(route: FibRoute, type: FibRoute['type']): RouteKind {
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
