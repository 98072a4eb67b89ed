import type { Prefix } from '../wire/address.ts'
import type { PrefixGroup } from './address-index.ts'
import { areSameNextHops, type NextHop } from './next-hop.ts'
import type { NextHopGroupEntry, NextHopGroups } from './next-hop-group.ts'
import { type Resolution, ResolutionCache } from './resolution-cache.ts'
import { type ResolutionContext, resolveNextHop } from './resolve-next-hop.ts'
import type { RouteEntry, RouteRequest } from './route-entry.ts'

/** Next hops of one route at most (`MULTIPATH_NUM` of the Debian build). */
const MULTIPATH_LIMIT = 256

export interface EntryResolverOptions {
  readonly groups: NextHopGroups
  readonly resolution: ResolutionContext
  /** Whether `ip protocol bgp … route-map` looks at prefixes. */
  readonly hasBgpRouteMap: boolean
}

/** Finds out where entries lead now, and gives them the next-hop group for it. */
export class EntryResolver {
  readonly #options: EntryResolverOptions
  readonly #cache = new ResolutionCache()

  constructor(options: EntryResolverOptions) {
    this.#options = options
  }

  /** From now on the gateways of the list make prefixes that hold them special. */
  watch(nextHops: readonly NextHop[]): void {
    this.#cache.watch(nextHops)
  }

  /** Whether any of the prefixes holds a gateway: what its route resolves to depends on the prefix, and others' on its route. */
  concerns(group: PrefixGroup): boolean {
    return this.#cache.concerns(group)
  }

  /** The routes of the prefixes change. */
  onChange(group: PrefixGroup): void {
    this.#cache.onChange(group)
  }

  /** Looks at an entry that all these prefixes have; returns the number of usable next hops (`nexthop_active_update`). */
  update(group: PrefixGroup, entry: RouteEntry): number {
    const { groups, hasBgpRouteMap } = this.#options
    const { request } = entry
    const [first] = group.prefixes
    const before = entry.group.nextHops
    const isShared = request.protocol === 'bgp' && !hasBgpRouteMap && !this.#cache.concerns(group)
    const { nextHops, activeCount, isChanged } = isShared
      ? this.#cache.obtain(request, before, () => this.#resolve(first!, request, before, true))
      : this.#resolve(first!, request, before, false)
    entry.isChanged = isChanged
    if (isChanged) this.#attach(entry, groups.find(nextHops))
    if (activeCount > 0) groups.validate(entry.group)
    return activeCount
  }

  #resolve(prefix: Prefix, request: RouteRequest, before: readonly NextHop[], isShared: boolean): Resolution {
    let count = 0
    const nextHops = before.map(hop => {
      const resolve = (): NextHop => resolveNextHop(this.#options.resolution, prefix, request, hop)
      const resolved = isShared ? this.#cache.obtainHop(request, hop, resolve) : resolve()
      if (resolved.isActive) count += 1
      return count > MULTIPATH_LIMIT ? { ...resolved, isActive: false } : resolved
    })
    return { nextHops, activeCount: Math.min(count, MULTIPATH_LIMIT), isChanged: !areSameNextHops(nextHops, before) }
  }

  #attach(entry: RouteEntry, group: NextHopGroupEntry): void {
    if (group === entry.group) return
    const old = entry.group
    entry.group = group
    this.#options.groups.acquire(group)
    this.#options.groups.release(old)
  }
}
