import type { NextHopTracking } from '../bgp/route-manager.ts'
import { type Ipv4Address, type Prefix, prefixLength } from '../wire/address.ts'
import { AddressIndex, type PrefixGroup } from './address-index.ts'
import { flattenNextHops, isRecursive, type NextHop } from './next-hop.ts'
import type { RibTable } from './rib-table.ts'
import type { RouteEntry } from './route-entry.ts'

interface Resolution {
  readonly prefix: Prefix
  readonly entry: RouteEntry
  readonly nextHops: readonly NextHop[]
}

export interface NextHopTrackerOptions {
  readonly table: RibTable
  readonly resolvesViaDefault: boolean
  interfaceName(index: number): string | undefined
}

/**
 * Next-hop tracking for bgpd and staticd (zebra/zebra_rnh.c): says whether an address can be reached, and calls when the
 * answer changes. The answer changes with another resolving prefix, or with its distance, metric or next hops.
 */
export class NextHopTracker {
  readonly #options: NextHopTrackerOptions
  /** By address, in the order in which they began. */
  readonly #tracked = new Map<Ipv4Address, Tracked[]>()
  readonly #addresses = new AddressIndex()
  #count = 0

  constructor(options: NextHopTrackerOptions) {
    this.#options = options
  }

  /**
   * Begins to track; the answer is there at once. `onChange` runs when it changes, never inside this call. `onRepeat` runs when
   * the same answer is told again: the first who asks for connected routes only has everybody told (`zread_rnh_register`,
   * zebra/zapi_msg.c).
   */
  track(
    address: Ipv4Address,
    connectedOnly: boolean,
    onChange: () => void,
    onRepeat?: () => void,
  ): NextHopTracking & { readonly prefix: Prefix | undefined } {
    this.#count += 1
    const tracked = new Tracked(this, { address, order: this.#count, connectedOnly, onChange, onRepeat })
    tracked.resolution = this.#resolve(tracked)
    tracked.state = stateOf(tracked.resolution)
    const others = this.#tracked.get(address) ?? []
    this.#tracked.set(address, [...others, tracked])
    this.#addresses.add(address)
    if (connectedOnly && others.every(other => !other.connectedOnly)) for (const other of others) other.onRepeat?.()
    return tracked
  }

  /** Whether an answer may depend on the routes of any of the prefixes. */
  concerns(group: PrefixGroup): boolean {
    return this.#addresses.hasWithinAny(group)
  }

  /** The routes of a prefix have changed. */
  evaluate(prefix: Prefix): void {
    const addresses = this.#addresses.within(prefix)
    if (addresses.length === 0) return
    const touched = addresses.flatMap(address => this.#tracked.get(address) ?? []).sort((a, b) => a.order - b.order)
    for (const tracked of touched) {
      if (!this.#tracked.get(tracked.address)?.includes(tracked)) continue
      const resolution = this.#resolve(tracked)
      const state = stateOf(resolution)
      tracked.resolution = resolution
      if (state === tracked.state) continue
      tracked.state = state
      tracked.onChange()
    }
  }

  /** `zebra_rnh_resolve_nexthop_entry`. */
  #resolve(tracked: Tracked): Resolution | undefined {
    const { table } = this.#options
    const { address } = tracked
    let longest = 32
    for (let found = table.match(address); found !== undefined; found = table.match(address, longest)) {
      const { prefix, node } = found
      longest = prefixLength(prefix) - 1
      if (longest < 0 && !this.#options.resolvesViaDefault) return undefined
      const entry = node.entries.find(candidate => isCandidate(candidate, tracked.connectedOnly))
      if (entry !== undefined) return { prefix, entry, nextHops: usableNextHops(entry) }
    }
    return undefined
  }

  /** Nobody asks any more. */
  forget(tracked: Tracked): void {
    const { address } = tracked
    const rest = this.#tracked.get(address)?.filter(other => other !== tracked) ?? []
    if (rest.length > 0) this.#tracked.set(address, rest)
    else if (this.#tracked.delete(address)) this.#addresses.delete(address)
  }

  interfaceName(index: number): string | undefined {
    return this.#options.interfaceName(index)
  }
}

/** One address that somebody asks for: a session's peer has one each, so that there are many. */
class Tracked implements NextHopTracking {
  readonly address: Ipv4Address
  /** Those who began earlier hear first. */
  readonly order: number
  readonly connectedOnly: boolean
  readonly onChange: () => void
  readonly onRepeat: (() => void) | undefined
  /** Prefix and state of the resolving route as text: a change of it is what listeners hear of. */
  state = ''
  resolution: Resolution | undefined
  readonly #tracker: NextHopTracker

  constructor(
    tracker: NextHopTracker,
    request: Pick<Tracked, 'address' | 'order' | 'connectedOnly' | 'onChange' | 'onRepeat'>,
  ) {
    this.#tracker = tracker
    this.address = request.address
    this.order = request.order
    this.connectedOnly = request.connectedOnly
    this.onChange = request.onChange
    this.onRepeat = request.onRepeat
  }

  get isValid(): boolean {
    return this.resolution !== undefined
  }

  get metric(): number {
    return this.resolution?.entry.request.metric ?? 0
  }

  get isConnected(): boolean {
    return this.resolution?.entry.request.protocol === 'connected'
  }

  get prefix(): Prefix | undefined {
    return this.resolution?.prefix
  }

  get interface(): string | undefined {
    const protocol = this.resolution?.entry.request.protocol
    const first = this.resolution?.nextHops[0]
    // staticd and bgpd send next hops without an interface, and bgpd shows what was sent.
    const isTold = protocol === 'connected' || protocol === 'local' || protocol === 'kernel'
    return isTold || first?.gateway === 0 ? this.#tracker.interfaceName(first?.interfaceIndex ?? 0) : undefined
  }

  get gateway(): Ipv4Address | undefined {
    const gateway = this.resolution?.nextHops[0]?.gateway
    return gateway === 0 ? undefined : gateway
  }

  stop(): void {
    this.#tracker.forget(this)
  }
}

function isCandidate(entry: RouteEntry, connectedOnly: boolean): boolean {
  if (entry.isRemoved || !entry.isSelected || entry.isQueued || !entry.isInstalled) return false
  if (usableNextHops(entry).length === 0) return false
  const { protocol } = entry.request
  return !connectedOnly || protocol === 'connected' || protocol === 'static'
}

/** Next hops with which a route can carry others (`rnh_nexthop_valid`). */
function usableNextHops(entry: RouteEntry): readonly NextHop[] {
  return flattenNextHops(entry.group.nextHops)
    .filter(({ nextHop, isDuplicate }) => nextHop.isActive && !isRecursive(nextHop) && !isDuplicate)
    .map(({ nextHop }) => nextHop)
}

function stateOf(resolution: Resolution | undefined): string {
  if (resolution === undefined) return ''
  const { distance, metric } = resolution.entry.request
  const hops = resolution.nextHops.map(hop => `${hop.gateway}%${hop.interfaceIndex}`).sort()
  return `${resolution.prefix} ${distance} ${metric} ${hops.join(' ')}`
}
