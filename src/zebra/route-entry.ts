import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { PrefixGroup } from './address-index.ts'
import type { NextHop } from './next-hop.ts'
import type { NextHopGroupEntry } from './next-hop-group.ts'
import type { RibProtocol } from './rib-row.ts'

/** What a protocol hands to the routing table for a prefix. Routes that differ in nothing else share one. */
export interface RouteRequest {
  readonly protocol: RibProtocol
  readonly bgpKind?: 'ebgp' | 'ibgp' | 'aggregate'
  readonly distance: number
  readonly metric: number
  readonly tag?: number | undefined
  readonly allowsRecursion: boolean
  /** Entries of one protocol with other distances are kept beside this one (static backup routes). */
  readonly isKeyedByDistance: boolean
  readonly nextHops: readonly NextHop[]
  readonly preferredSource?: Ipv4Address | undefined
}

/** Bits of an entry's marks: there are as many entries as routes in the whole lab, and a field takes eight bytes. */
const CHANGED = 1
const REMOVED = 2
const SELECTED = 4
const INSTALLED = 8
const QUEUED = 16
const REJECTED = 32

/** One candidate for a prefix (`struct route_entry`). Only the routing table changes it. */
export class RouteEntry {
  readonly request: RouteRequest
  group: NextHopGroupEntry
  installedGroupId: number | undefined = undefined
  readonly updatedAtNs: number
  #marks = CHANGED

  constructor(request: RouteRequest, group: NextHopGroupEntry, updatedAtNs: number) {
    this.request = request
    this.group = group
    this.updatedAtNs = updatedAtNs
  }

  /** The entry that a prefix has after it has parted from those it was together with. */
  copy(): RouteEntry {
    const copy = new RouteEntry(this.request, this.group, this.updatedAtNs)
    copy.installedGroupId = this.installedGroupId
    copy.#marks = this.#marks
    return copy
  }

  /** Its next hops must be looked at (again). */
  get isChanged(): boolean {
    return (this.#marks & CHANGED) !== 0
  }

  set isChanged(isSet: boolean) {
    this.#mark(CHANGED, isSet)
  }

  /** Goes when its prefix is processed. */
  get isRemoved(): boolean {
    return (this.#marks & REMOVED) !== 0
  }

  set isRemoved(isSet: boolean) {
    this.#mark(REMOVED, isSet)
  }

  get isSelected(): boolean {
    return (this.#marks & SELECTED) !== 0
  }

  set isSelected(isSet: boolean) {
    this.#mark(SELECTED, isSet)
  }

  get isInstalled(): boolean {
    return (this.#marks & INSTALLED) !== 0
  }

  set isInstalled(isSet: boolean) {
    this.#mark(INSTALLED, isSet)
  }

  get isQueued(): boolean {
    return (this.#marks & QUEUED) !== 0
  }

  set isQueued(isSet: boolean) {
    this.#mark(QUEUED, isSet)
  }

  get isRejected(): boolean {
    return (this.#marks & REJECTED) !== 0
  }

  set isRejected(isSet: boolean) {
    this.#mark(REJECTED, isSet)
  }

  #mark(bit: number, isSet: boolean): void {
    this.#marks = isSet ? this.#marks | bit : this.#marks & ~bit
  }
}

/**
 * Prefixes of the routing table to which the same has happened so far: they came in one burst of bgp's, which gives them one
 * route. Prefixes with routes of other protocols are alone.
 */
export interface RibNode extends PrefixGroup {
  /** In the order in which they are processed. */
  prefixes: readonly Prefix[]
  firstAddress: number
  lastAddress: number
  /** Newest first. */
  entries: RouteEntry[]
  /** The entry that the kernel has, or is being given. */
  fibEntry: RouteEntry | undefined
  isQueued: boolean
}

/** connected and kernel routes: the kernel has them, zebra does not install them (`RIB_SYSTEM_ROUTE`). */
export function isSystemRoute(entry: RouteEntry): boolean {
  const { protocol } = entry.request
  return protocol === 'kernel' || protocol === 'connected' || protocol === 'local'
}

/** Whether a new entry takes the other's place (`rib_compare_routes`, zebra/zebra_rib.c). */
export function replacesEntry(request: RouteRequest, other: RouteRequest): boolean {
  if (request.protocol !== other.protocol) return false
  if (request.protocol === 'kernel' && request.metric !== other.metric) return false
  if (request.isKeyedByDistance && request.distance !== other.distance) return false
  return request.protocol !== 'connected' && request.protocol !== 'local'
}
