import { AddressIndex, type PrefixGroup } from './address-index.ts'
import type { NextHop } from './next-hop.ts'
import type { RouteRequest } from './route-entry.ts'

/** A list of next hops as it was looked at. */
export interface Resolution {
  readonly nextHops: readonly NextHop[]
  /** How many of them can be used. */
  readonly activeCount: number
  /** They are not as they were before. */
  readonly isChanged: boolean
}

/**
 * What lists of gateways resolved to. The routes of a fabric share a handful of lists, and what a list resolves to changes
 * only with a route towards one of its gateways: such a change empties the cache.
 */
export class ResolutionCache {
  readonly #gateways = new AddressIndex()
  readonly #known = new WeakSet<readonly NextHop[]>()
  /** For routes that may resolve recursively. */
  #recursive = emptyCache()
  #direct = emptyCache()

  /** From now on the gateways of a list make prefixes that hold them special. */
  watch(nextHops: readonly NextHop[]): void {
    if (this.#known.has(nextHops)) return
    this.#known.add(nextHops)
    for (const { gateway } of nextHops) if (gateway !== 0) this.#gateways.add(gateway)
  }

  /** Whether any of the prefixes holds a gateway: what its route resolves to depends on the prefix, and others' on its route. */
  concerns(group: PrefixGroup): boolean {
    return this.#gateways.hasWithinAny(group)
  }

  /**
   * The resolution of the list for the route, worked out by `resolve` unless it is known. Only for routes whose outcome does
   * not depend on their prefix: BGP without route-maps, all next hops plain gateways, watched, and none inside the prefixes.
   */
  obtain(request: RouteRequest, nextHops: readonly NextHop[], resolve: () => Resolution): Resolution {
    const { lists } = this.#cacheOf(request)
    const known = lists.get(nextHops)
    if (known !== undefined) return known
    const resolution = resolve()
    if (nextHops.every(isPlainGateway)) lists.set(nextHops, resolution)
    return resolution
  }

  /** The same for one next hop: other lists have it too. */
  obtainHop(request: RouteRequest, hop: NextHop, resolve: () => NextHop): NextHop {
    if (!isPlainGateway(hop)) return resolve()
    const { hops } = this.#cacheOf(request)
    let resolved = hops.get(hop)
    if (resolved === undefined) {
      resolved = resolve()
      hops.set(hop, resolved)
    }
    return resolved
  }

  /** The routes of the prefixes change. */
  onChange(group: PrefixGroup): void {
    if (this.#recursive.hops.size + this.#direct.hops.size === 0 || !this.concerns(group)) return
    this.#recursive = emptyCache()
    this.#direct = emptyCache()
  }

  #cacheOf(request: RouteRequest): Cache {
    return request.allowsRecursion ? this.#recursive : this.#direct
  }
}

interface Cache {
  readonly lists: Map<readonly NextHop[], Resolution>
  readonly hops: Map<NextHop, NextHop>
}

function emptyCache(): Cache {
  return { lists: new Map(), hops: new Map() }
}

function isPlainGateway(hop: NextHop): boolean {
  return hop.type === 'gateway' && !hop.isOnlink
}
