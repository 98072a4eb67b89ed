import type { BgpRoute } from '../bgp/route-manager.ts'
import type { Ipv4Address } from '../wire/address.ts'
import { type NextHop, newNextHop } from './next-hop.ts'
import type { RouteRequest } from './route-entry.ts'

const BLACKHOLE: readonly NextHop[] = [newNextHop({ type: 'blackhole', blackhole: 'blackhole' })]

/**
 * What bgpd hands over, as requests to the routing table. A fabric has many routes and few ways: routes of one kind through
 * the same next hops are one request, as bgpd gives equal lists of next hops as one object.
 */
export class BgpRequests {
  readonly #nextHops = new WeakMap<BgpRoute['nextHops'], readonly NextHop[]>()
  /** The next hops of weight 1, which are nearly all: lists have them in common. */
  readonly #hops = new Map<Ipv4Address, NextHop>()
  /** The last request through a list. */
  readonly #requests = new WeakMap<readonly NextHop[], RouteRequest>()

  request(route: BgpRoute): RouteRequest {
    const nextHops = route.blackhole === true ? BLACKHOLE : this.#receive(route.nextHops)
    const last = this.#requests.get(nextHops)
    if (last !== undefined && isOfKind(last, route)) return last
    const request: RouteRequest = {
      protocol: 'bgp',
      bgpKind: route.kind,
      distance: route.distance,
      metric: route.metric,
      tag: route.tag,
      allowsRecursion: allowsRecursion(route),
      isKeyedByDistance: false,
      nextHops,
      preferredSource: route.sourceAddress,
    }
    this.#requests.set(nextHops, request)
    return request
  }

  /** The next hops of a list from bgpd; equal lists are one object there, and become one here. */
  #receive(list: BgpRoute['nextHops']): readonly NextHop[] {
    let nextHops = this.#nextHops.get(list)
    if (nextHops === undefined) {
      nextHops =
        list.length === 0 ? BLACKHOLE : list.map(({ gateway, weight }) => this.#hopOf(gateway, Math.max(1, weight)))
      this.#nextHops.set(list, nextHops)
    }
    return nextHops
  }

  #hopOf(gateway: Ipv4Address, weight: number): NextHop {
    const known = weight === 1 ? this.#hops.get(gateway) : undefined
    if (known !== undefined) return known
    const hop = newNextHop({ type: 'gateway', gateway, weight })
    if (weight === 1) this.#hops.set(gateway, hop)
    return hop
  }
}

function isOfKind(request: RouteRequest, route: BgpRoute): boolean {
  return (
    request.bgpKind === route.kind &&
    request.distance === route.distance &&
    request.metric === route.metric &&
    request.tag === route.tag &&
    request.allowsRecursion === allowsRecursion(route) &&
    request.preferredSource === route.sourceAddress
  )
}

function allowsRecursion({ isRecursive, kind }: BgpRoute): boolean {
  return isRecursive || kind === 'aggregate'
}
