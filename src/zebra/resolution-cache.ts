import type { Prefix } from '../wire/address.ts'
import { AddressIndex } from './address-index.ts'
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
  readonly #recursive = new Map<readonly NextHop[], Resolution>()
  readonly #direct = new Map<readonly NextHop[], Resolution>()

  /**
   * The resolution of the list for the route, worked out by `resolve` unless it is known. Only for routes whose outcome does
   * not depend on their prefix: BGP without route-maps, all next hops plain gateways and none inside the prefix itself.
   */
  obtain(prefix: Prefix, request: RouteRequest, nextHops: readonly NextHop[], resolve: () => Resolution): Resolution {
    const cache = request.allowsRecursion ? this.#recursive : this.#direct
    const known = cache.get(nextHops)
    if (known !== undefined && !this.#gateways.hasWithin(prefix)) return known
    const resolution = resolve()
    if (!nextHops.every(hop => hop.type === 'gateway' && !hop.isOnlink)) return resolution
    for (const { gateway } of nextHops) this.#gateways.add(gateway)
    if (!this.#gateways.hasWithin(prefix)) cache.set(nextHops, resolution)
    return resolution
  }

  /** The routes of the prefix change. */
  onChange(prefix: Prefix): void {
    if (this.#recursive.size + this.#direct.size === 0 || !this.#gateways.hasWithin(prefix)) return
    this.#recursive.clear()
    this.#direct.clear()
  }
}
