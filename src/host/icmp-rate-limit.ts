import type { Ipv4Address } from '../wire/address.ts'
import type { Host } from './host.ts'

/** What is remembered about one address that ICMP messages went to (`struct inet_peer`). */
interface Peer {
  /** Nanoseconds' worth of tokens. */
  tokensNs: number
  lastNs: number
  redirects: number
}

/** HZ=250 */
const JIFFY_NS = 4e6
/** ip_rt_error_cost and ip_rt_error_burst: one answer a second, five at once. */
const ROUTE_ERROR_COST_NS = 1e9
const ROUTE_ERROR_BURST_NS = 5e9
/** XRLIM_BURST_FACTOR */
const BURST_FACTOR = 6
const REDIRECT_LOAD_NS = 20e6
const REDIRECT_NUMBER = 9
/** ip_rt_redirect_silence: 20 ms × 2^10. */
const REDIRECT_SILENCE_NS = 20.48e9

/**
 * The three limits of ICMP messages: per namespace, per destination, and for answers of refusing routes.
 * Sources: Linux net/ipv4/icmp.c (icmp_global_allow, icmpv4_xrlim_allow), net/ipv4/inetpeer.c (inet_peer_xrlim_allow),
 * net/ipv4/route.c (ip_error, ip_rt_send_redirect).
 *
 * Differs from Linux: peers are not forgotten after 2 to 10 minutes; by then their tokens are full again anyway.
 */
export class IcmpRateLimit {
  readonly #host: Host
  readonly #peers = new Map<Ipv4Address, Peer>()
  #globalTokens: number
  #globalLastNs = 0

  constructor(host: Host) {
    this.#host = host
    this.#globalTokens = host.sysctl.ipv4.icmp_msgs_burst
  }

  /** Whether a message may go to the destination now; takes a token. "Fragmentation needed" is never limited. */
  allows(destination: Ipv4Address, type: number, code: number, isLoopback: boolean): boolean {
    const { icmp_ratemask: mask, icmp_ratelimit: limitMs } = this.#host.sysctl.ipv4
    if ((type === 3 && code === 4) || ((mask >>> type) & 1) === 0) return true
    if (!this.#takeGlobal()) return false
    if (isLoopback || limitMs === 0) return true
    const costNs = limitMs * 1e6
    return this.#take(this.#peer(destination), costNs, BURST_FACTOR * costNs)
  }

  /** The extra token that "no route", unreachable and prohibit answers cost, from the same bucket. */
  allowsRouteError(destination: Ipv4Address): boolean {
    return this.#take(this.#peer(destination), ROUTE_ERROR_COST_NS, ROUTE_ERROR_BURST_NS)
  }

  /** Whether a redirect is due: the first at once, then at doubling intervals, nine in all until 20.48 s of silence. */
  allowsRedirect(destination: Ipv4Address): boolean {
    const peer = this.#peer(destination)
    const nowNs = this.#tickNs
    if (nowNs > peer.lastNs + REDIRECT_SILENCE_NS) {
      peer.tokensNs = 0
      peer.redirects = 0
    }
    if (peer.redirects >= REDIRECT_NUMBER) {
      peer.lastNs = nowNs
      return false
    }
    if (peer.redirects > 0 && nowNs <= peer.lastNs + REDIRECT_LOAD_NS * 2 ** peer.redirects) return false
    peer.lastNs = nowNs
    peer.redirects += 1
    return true
  }

  /** The limits count in jiffies: packets a second apart are so although the first one waited for ARP. */
  get #tickNs(): number {
    const { nowNs } = this.#host.simulator
    return nowNs - (nowNs % JIFFY_NS)
  }

  /** icmp_msgs_per_sec with icmp_msgs_burst. */
  #takeGlobal(): boolean {
    const { icmp_msgs_per_sec: perSecond, icmp_msgs_burst: burst } = this.#host.sysctl.ipv4
    const nowNs = this.#tickNs
    this.#globalTokens = Math.min(burst, this.#globalTokens + ((nowNs - this.#globalLastNs) * perSecond) / 1e9)
    this.#globalLastNs = nowNs
    if (this.#globalTokens < 1) return false
    this.#globalTokens -= 1
    return true
  }

  #take(peer: Peer, costNs: number, burstNs: number): boolean {
    const nowNs = this.#tickNs
    peer.tokensNs = Math.min(burstNs, peer.tokensNs + nowNs - peer.lastNs)
    peer.lastNs = nowNs
    if (peer.tokensNs < costNs) return false
    peer.tokensNs -= costNs
    return true
  }

  #peer(address: Ipv4Address): Peer {
    let peer = this.#peers.get(address)
    if (peer === undefined) {
      peer = { tokensNs: 0, lastNs: this.#tickNs - 60e9, redirects: 0 }
      this.#peers.set(address, peer)
    }
    return peer
  }
}
