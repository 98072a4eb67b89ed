import type { FrrVersion } from '../model/frr-version.ts'
import type { RouteEntry } from './route-entry.ts'

/**
 * The better of two candidates for a prefix (`rib_choose_best`, zebra/zebra_rib.c): connected over others (local over
 * connected since 10.0), lower distance, lower metric, and for equal ones the later in the list, which is the one least
 * recently updated. Between connected routes the one on a loopback, then lower metric, then the oldest.
 */
export function chooseBest(
  current: RouteEntry | undefined,
  challenger: RouteEntry,
  isOnLoopback: (entry: RouteEntry) => boolean,
  version: FrrVersion,
): RouteEntry {
  if (current === undefined) return challenger
  const rank = systemRank(current, version) - systemRank(challenger, version)
  if (rank !== 0) return rank > 0 ? current : challenger
  if (challenger.request.protocol === 'connected') {
    if (isOnLoopback(challenger)) return challenger
    if (isOnLoopback(current)) return current
    return challenger.request.metric <= current.request.metric ? challenger : current
  }
  const distance = challenger.request.distance - current.request.distance
  if (distance !== 0) return distance < 0 ? challenger : current
  return challenger.request.metric <= current.request.metric ? challenger : current
}

function systemRank(entry: RouteEntry, version: FrrVersion): number {
  if (entry.request.protocol === 'local') return version >= 1000 ? 2 : 0
  return entry.request.protocol === 'connected' ? 1 : 0
}
