import { type RouteFacts, TABLE_MAIN } from '../host/fib.ts'
import type { Host } from '../host/host.ts'
import type { Prefix } from '../wire/address.ts'
import type { NextHop } from './next-hop.ts'
import type { NextHopObjectSink } from './next-hop-group.ts'
import type { RouteEntry } from './route-entry.ts'

/** Metric of every route that zebra installs, whatever its own metric (`NL_DEFAULT_ROUTE_METRIC`). */
const KERNEL_METRIC = 20

const NONE: RouteFacts['nextHops'] = []

/** zebra's hands in the kernel: nexthop objects and routes. */
export class Kernel implements NextHopObjectSink {
  readonly #host: Host
  #isWriting = false
  /** What the last route was made of. */
  #last: (Pick<RouteEntry, 'request' | 'group'> & { readonly groupId: number; readonly route: RouteFacts }) | undefined

  constructor(host: Host) {
    this.#host = host
  }

  /** Whether the notification that is arriving is an echo of an own change. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  installSingle(id: number, nextHop: NextHop): boolean {
    if (nextHop.type === 'blackhole') {
      return this.#write(() => this.#host.nextHopObjects.replace({ id, protocol: 'zebra', blackhole: true }).ok)
    }
    const device = this.#host.interfaces.at(nextHop.interfaceIndex)
    if (device === undefined) return false
    const gateway = nextHop.gateway === 0 ? {} : { gateway: nextHop.gateway }
    const onlink = nextHop.isOnlink ? { onlink: true } : {}
    const object = { id, protocol: 'zebra' as const, interface: device, ...gateway, ...onlink }
    return this.#write(() => this.#host.nextHopObjects.replace(object).ok)
  }

  installGroup(id: number, members: readonly { readonly id: number; readonly weight: number }[]): boolean {
    return this.#write(() => this.#host.nextHopObjects.replace({ id, protocol: 'zebra', group: members }).ok)
  }

  remove(id: number): void {
    this.#write(() => this.#host.nextHopObjects.delete(id).ok)
  }

  /**
   * Puts a route in for each prefix, or in place of the one that zebra has there. False when the kernel refused, be it one prefix
   * only: somebody has put the very same route beside zebra's.
   */
  installRoute(prefixes: readonly Prefix[], entry: RouteEntry, groupId: number): boolean {
    const route = this.#routeOf(entry, groupId)
    return this.#write(() => {
      const result = this.#host.addRoutes(prefixes, route, 'replace')
      if (result.ok || result.errno !== 'EEXIST') return result.ok
      for (const prefix of prefixes) this.#host.addRoutes([prefix], route, 'replace')
      return false
    })
  }

  /** The routes of a burst are one. */
  #routeOf(entry: RouteEntry, groupId: number): RouteFacts {
    const { request, group } = entry
    const last = this.#last
    if (last?.request === request && last.group === group && last.groupId === groupId) return last.route
    this.#last = { request, group, groupId, route: kernelRoute(entry, groupId) }
    return this.#last.route
  }

  removeRoute(prefixes: readonly Prefix[], entry: RouteEntry): boolean {
    const protocol = kernelProtocol(entry)
    return this.#write(() => this.#host.deleteRoutes(prefixes, { metric: KERNEL_METRIC, protocol }).ok)
  }

  #write<Value>(action: () => Value): Value {
    const outer = this.#isWriting
    this.#isWriting = true
    try {
      return action()
    } finally {
      this.#isWriting = outer
    }
  }
}

/** Blackhole routes go without a nexthop object. */
function kernelRoute(entry: RouteEntry, groupId: number): RouteFacts {
  const { preferredSource } = entry.request
  const first = entry.group.nextHops.find(hop => hop.isActive)
  const source = first?.preferredSource ?? preferredSource
  const leaf = leafOf(first)
  const isBlackhole = leaf?.type === 'blackhole'
  return {
    type: isBlackhole ? (leaf.blackhole ?? 'blackhole') : 'unicast',
    table: TABLE_MAIN,
    tos: 0,
    metric: KERNEL_METRIC,
    protocol: kernelProtocol(entry),
    scope: 'global',
    nextHops: NONE,
    nextHopId: isBlackhole ? undefined : groupId,
    preferredSource: source,
  }
}

function leafOf(nextHop: NextHop | undefined): NextHop | undefined {
  return nextHop !== undefined && nextHop.resolved.length > 0 ? leafOf(nextHop.resolved[0]) : nextHop
}

function kernelProtocol(entry: RouteEntry): 'bgp' | 'frr-static' {
  return entry.request.protocol === 'bgp' ? 'bgp' : 'frr-static'
}
