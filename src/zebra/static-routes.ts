import type { NextHopTracking } from '../bgp/route-manager.ts'
import type { Host } from '../host/host.ts'
import type { StaticRouteModel } from '../model/router.ts'
import type { Prefix } from '../wire/address.ts'
import { type NextHop, newNextHop } from './next-hop.ts'
import type { NextHopTracker } from './next-hop-tracker.ts'
import type { Rib } from './rib.ts'

export interface StaticRoutesOptions {
  readonly host: Host
  readonly rib: Rib
  readonly tracker: NextHopTracker
  isInterfaceUp(interfaceIndex: number): boolean
}

/** Lines of one prefix with one distance: they make one route, with one tag (`struct static_path`). */
interface StaticPath {
  readonly prefix: Prefix
  readonly distance: number
  readonly tag: number | undefined
  readonly lines: readonly StaticLine[]
  isSent: boolean
}

interface StaticLine {
  readonly model: StaticRouteModel
  /** Of its gateway, also where an interface is given: every change of the answer sends the route again. */
  tracking: NextHopTracking | undefined
}

/**
 * staticd: asks next-hop tracking for every gateway and hands zebra only what can be reached, so a route with an
 * unreachable gateway is not in `show ip route` at all. A gateway with an interface is handed over as soon as that
 * interface is up; zebra then finds it inactive if it does not fit. Each answer of next-hop tracking, also about a gateway
 * with an interface, sends the route again, and a route sent again is for a moment not installed: another static route that
 * resolves over it just then stays inactive (seen in three of four runs of FRR 8.4.4 where the interface's address comes from
 * frr.conf; in the fourth the two did not meet).
 *
 * Source: FRR 8.4.4 staticd/static_zebra.c (`static_zebra_route_add`), staticd/static_nht.c.
 */
export class StaticRoutes {
  readonly #options: StaticRoutesOptions
  #paths: StaticPath[] = []

  constructor(options: StaticRoutesOptions) {
    this.#options = options
  }

  /** Replaces all static routes. */
  apply(models: readonly StaticRouteModel[]): void {
    for (const path of this.#paths) this.#stop(path)
    this.#paths = groupByDistance(models)
    for (const path of this.#paths) {
      for (const line of path.lines) this.#track(path, line)
      this.#send(path)
    }
  }

  /** An interface came up or went down: routes through it by name follow. */
  interfaceChanged(name: string): void {
    for (const path of this.#paths) {
      if (path.lines.some(({ model }) => model.interface === name)) this.#send(path)
    }
  }

  #track(path: StaticPath, line: StaticLine): void {
    const { gateway } = line.model
    if (gateway === undefined) return
    line.tracking = this.#options.tracker.track(gateway, false, () => this.#send(path))
  }

  #stop(path: StaticPath): void {
    for (const line of path.lines) line.tracking?.stop()
    this.#withdraw(path)
  }

  #send(path: StaticPath): void {
    const nextHops = path.lines.flatMap(line => this.#nextHop(line) ?? [])
    if (nextHops.length === 0) {
      this.#withdraw(path)
      return
    }
    path.isSent = true
    this.#options.rib.add({
      prefix: path.prefix,
      protocol: 'static',
      distance: path.distance,
      metric: 0,
      ...(path.tag === undefined ? {} : { tag: path.tag }),
      allowsRecursion: true,
      isKeyedByDistance: true,
      nextHops,
    })
  }

  #withdraw(path: StaticPath): void {
    if (!path.isSent) return
    path.isSent = false
    this.#options.rib.remove(
      path.prefix,
      entry => entry.request.protocol === 'static' && entry.request.distance === path.distance,
    )
  }

  #nextHop(line: StaticLine): NextHop | undefined {
    const { model, tracking } = line
    if (model.type !== 'unicast') return newNextHop({ type: 'blackhole', blackhole: model.type })
    if (model.interface === undefined) {
      if (model.gateway === undefined || tracking?.isValid !== true) return undefined
      // One's own address is no gateway (`static_nexthop_is_local`).
      if (tracking.isConnected && this.#options.host.isLocalAddress(model.gateway)) return undefined
      return newNextHop({ type: 'gateway', gateway: model.gateway })
    }
    const device = this.#options.host.interfaces.get(model.interface)
    if (device === undefined || !this.#options.isInterfaceUp(device.index)) return undefined
    const common = { interfaceIndex: device.index, isOnlink: model.onlink }
    if (model.gateway === undefined) return newNextHop({ type: 'interface', ...common })
    return newNextHop({ type: 'gateway-interface', gateway: model.gateway, ...common })
  }
}

function groupByDistance(models: readonly StaticRouteModel[]): StaticPath[] {
  const paths = new Map<string, StaticPath & { lines: StaticLine[] }>()
  for (const model of models) {
    const { prefix, distance, tag } = model
    const key = `${prefix} ${distance}`
    const lines = paths.get(key)?.lines ?? []
    lines.push({ model, tracking: undefined })
    paths.set(key, { prefix, distance, tag, lines, isSent: false }) // the last line's tag is everyone's
  }
  return [...paths.values()].sort((a, b) => a.prefix - b.prefix)
}
