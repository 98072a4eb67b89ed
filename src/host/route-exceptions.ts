import type { Ipv4Address } from '../wire/address.ts'
import type { Host } from './host.ts'

/** What this host has learnt about one destination. */
export interface RouteException {
  readonly mtuBytes?: number
  readonly mtuExpiresAtNs: number
  readonly gateway?: Ipv4Address
  readonly redirectExpiresAtNs: number
}

/** ip_rt_redirect: how long a redirect is obeyed, 300 s. */
const REDIRECT_NS = 300e9

/**
 * Path MTUs from "fragmentation needed" and gateways from redirects, per destination, as the kernel keeps them at next hops
 * (fib_nh_exception, net/ipv4/route.c). They are forgotten when the routing table changes in a way that flushes the cache.
 *
 * Differs from Linux: kept per destination and not per next hop and destination.
 */
export class RouteExceptions {
  readonly #host: Host
  readonly #byDestination = new Map<Ipv4Address, RouteException>()

  constructor(host: Host) {
    this.#host = host
  }

  /** What is known and has not expired; undefined mostly. */
  get(destination: Ipv4Address): RouteException | undefined {
    if (this.#byDestination.size === 0) return undefined
    const known = this.#byDestination.get(destination)
    if (known === undefined) return undefined
    const { nowNs } = this.#host.simulator
    const hasMtu = known.mtuBytes !== undefined && nowNs < known.mtuExpiresAtNs
    const hasGateway = known.gateway !== undefined && nowNs < known.redirectExpiresAtNs
    if (hasMtu && hasGateway) return known
    if (!hasMtu && !hasGateway) {
      this.#byDestination.delete(destination)
      return undefined
    }
    const { mtuBytes, gateway, mtuExpiresAtNs, redirectExpiresAtNs } = known
    if (hasMtu) return { mtuBytes: mtuBytes!, mtuExpiresAtNs, redirectExpiresAtNs: 0 }
    return { gateway: gateway!, redirectExpiresAtNs, mtuExpiresAtNs: 0 }
  }

  /** Fragmentation needed; values under route.min_pmtu are raised to it. */
  learnMtu(destination: Ipv4Address, mtuBytes: number): void {
    const { 'route.min_pmtu': lowest, 'route.mtu_expires': seconds } = this.#host.sysctl.ipv4
    const known = this.#byDestination.get(destination)
    this.#host.fib.version += 1
    this.#byDestination.set(destination, {
      ...known,
      redirectExpiresAtNs: known?.redirectExpiresAtNs ?? 0,
      mtuBytes: Math.max(mtuBytes, lowest),
      mtuExpiresAtNs: this.#host.simulator.nowNs + seconds * 1e9,
    })
  }

  learnGateway(destination: Ipv4Address, gateway: Ipv4Address): void {
    const known = this.#byDestination.get(destination)
    this.#host.fib.version += 1
    this.#byDestination.set(destination, {
      ...known,
      mtuExpiresAtNs: known?.mtuExpiresAtNs ?? 0,
      gateway,
      redirectExpiresAtNs: this.#host.simulator.nowNs + REDIRECT_NS,
    })
  }

  /** `ip route flush cache`, and what address and route changes do. */
  flush(): void {
    if (this.#byDestination.size === 0) return
    this.#host.fib.version += 1
    this.#byDestination.clear()
  }
}
