import type { NextHopTracking } from '../bgp/route-manager.ts'
import type { Host } from '../host/host.ts'
import type { StaticRouteModel } from '../model/router.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
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
  /** In staticd's order, see `insertLine`. */
  readonly lines: readonly StaticLine[]
  /** What next-hop tracking says of the gateways. */
  readonly trackings: Map<Ipv4Address, NextHopTracking>
  isSent: boolean
  /** Number of next hops last handed over. */
  sentCount: number
}

interface StaticLine {
  readonly model: StaticRouteModel
  /** As staticd knows it (`nh_valid`): an answer reaches the lines of a route one after the other. */
  isValid: boolean
  /** Not handed over since the last answer about its gateway (`STATIC_START`). */
  isPending: boolean
}

/**
 * staticd: asks next-hop tracking for every gateway and hands zebra only what can be reached, so a route with an
 * unreachable gateway is not in `show ip route` at all. A gateway with an interface is handed over as soon as that
 * interface is up; zebra then finds it inactive if it does not fit. Each answer of next-hop tracking, also about a gateway
 * with an interface, sends the route again, and a route sent again is for a moment not installed: another static route that
 * resolves over it just then stays inactive (seen in three of four runs of FRR 8.4.4 where the interface's address comes from
 * frr.conf; in the fourth the two did not meet).
 *
 * Where one route names a gateway both with and without an interface, the first answer makes it leave at the first of the
 * two lines, before the other has heard of the answer: a bare gateway behind its twin is left out until the next answer (which is
 * also given, unchanged, when bgpd asks for the same address as a neighbour on a connected network).
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
      this.#track(path)
      let nextHops = this.#nextHops(path)
      for (const gateway of path.trackings.keys()) nextHops = this.#answer(path, gateway) ?? nextHops
      this.#send(path, nextHops)
    }
  }

  /** An interface came up or went down: routes through it by name follow (`static_install_path`). */
  interfaceChanged(name: string): void {
    for (const path of this.#paths) {
      if (!path.lines.some(({ model }) => model.interface === name)) continue
      for (const line of path.lines) line.isValid = this.#isReachable(path, line)
      this.#send(path, this.#nextHops(path))
    }
  }

  #track(path: StaticPath): void {
    for (const { gateway } of path.lines.map(line => line.model)) {
      if (gateway === undefined || path.trackings.has(gateway)) continue
      const onChange = (): void => {
        const nextHops = this.#answer(path, gateway)
        if (nextHops !== undefined) this.#send(path, nextHops)
      }
      const onRepeat = (): void => {
        const nextHops = this.#answer(path, gateway) ?? []
        // Differs from FRR: a route that stays as it is does not go to zebra again here.
        if (nextHops.length !== path.sentCount) this.#send(path, nextHops)
      }
      path.trackings.set(gateway, this.#options.tracker.track(gateway, false, onChange, onRepeat))
    }
  }

  /** `static_nht_reset_start` and `static_nht_update_path`. Returns the next hops as last handed over, if they were. */
  #answer(path: StaticPath, gateway: Ipv4Address): readonly NextHop[] | undefined {
    let sent: readonly NextHop[] | undefined
    for (const line of path.lines) if (line.model.gateway === gateway) line.isPending = true
    for (const line of path.lines) {
      if (line.model.gateway === undefined) continue
      if (line.model.gateway === gateway) line.isValid = this.#isReachable(path, line)
      if (!line.isPending) continue
      sent = this.#nextHops(path)
      for (const each of path.lines) each.isPending = false
    }
    return sent
  }

  #stop(path: StaticPath): void {
    for (const tracking of path.trackings.values()) tracking.stop()
    this.#withdraw(path)
  }

  #nextHops(path: StaticPath): readonly NextHop[] {
    return path.lines.flatMap(line => this.#nextHop(line) ?? [])
  }

  #send(path: StaticPath, nextHops: readonly NextHop[]): void {
    path.sentCount = nextHops.length
    if (nextHops.length === 0) {
      this.#withdraw(path)
      return
    }
    path.isSent = true
    this.#options.rib.add([path.prefix], {
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
      [path.prefix],
      entry => entry.request.protocol === 'static' && entry.request.distance === path.distance,
    )
  }

  #isReachable(path: StaticPath, { model: { gateway } }: StaticLine): boolean {
    const tracking = gateway === undefined ? undefined : path.trackings.get(gateway)
    if (gateway === undefined || tracking?.isValid !== true) return false
    // One's own address is no gateway (`static_nexthop_is_local`).
    return !(tracking.isConnected && this.#options.host.isLocalAddress(gateway))
  }

  #nextHop({ model, isValid }: StaticLine): NextHop | undefined {
    if (model.type !== 'unicast') return newNextHop({ type: 'blackhole', blackhole: model.type })
    if (model.interface === undefined) {
      if (model.gateway === undefined || !isValid) return undefined
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
    insertLine(lines, { model, isValid: false, isPending: true })
    // the last line's tag is everyone's
    paths.set(key, { prefix, distance, tag, lines, trackings: new Map(), isSent: false, sentCount: 0 })
  }
  return [...paths.values()].sort((a, b) => a.prefix - b.prefix)
}

/** Behind the first bare gateway with a higher address if it is one itself, else in front (`static_add_nexthop`). */
function insertLine(lines: StaticLine[], line: StaticLine): void {
  const bareGateway = ({ model }: StaticLine): Ipv4Address | undefined =>
    model.interface === undefined ? model.gateway : undefined
  const own = bareGateway(line)
  const higher = lines.findIndex(other => own !== undefined && (bareGateway(other) ?? 0) > own)
  lines.splice(higher + 1, 0, line)
}
