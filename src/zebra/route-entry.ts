import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { NextHop } from './next-hop.ts'
import type { NextHopGroupEntry } from './next-hop-group.ts'
import type { RibProtocol } from './rib-row.ts'

/** What a protocol hands to the routing table. */
export interface RouteRequest {
  readonly prefix: Prefix
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

/** One candidate for a prefix (`struct route_entry`). Only the routing table changes it. */
export interface RouteEntry {
  readonly request: RouteRequest
  /** Undefined once it has been taken out. */
  group: NextHopGroupEntry
  /** Its next hops must be looked at (again). */
  isChanged: boolean
  /** Goes when its prefix is processed. */
  isRemoved: boolean
  isSelected: boolean
  isInstalled: boolean
  isQueued: boolean
  isRejected: boolean
  installedGroupId: number | undefined
  updatedAtNs: number
}

/** A prefix of the routing table. */
export interface RibNode {
  readonly prefix: Prefix
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
