import { type DecisionOptions, selectPaths } from './decision.ts'
import type { DecisionOutcome, DestinationSet } from './destination-set.ts'
import type { Path } from './path.ts'

/** Chooses anew among the paths of a set and marks them. What that means for each of its prefixes (FRR bgp_process_main_one). */
export function decide(destinations: DestinationSet, options: DecisionOptions): DecisionOutcome {
  const old = destinations.best
  const { best, multipath, reason } = selectPaths(destinations, options)
  destinations.reason = reason
  const hasRouteChanged = markMultipath(destinations.paths, multipath)
  if (best !== undefined && best === old && !best.hasChangedAttributes) {
    return { isNewBest: false, isNewRoute: hasRouteChanged, multipath }
  }
  const isOther = best !== undefined || old !== undefined
  if (old !== undefined) old.isSelected = false
  if (best !== undefined) best.isSelected = true
  destinations.best = best
  return { isNewBest: isOther, isNewRoute: isOther, multipath }
}

/**
 * Marks the paths in use, none where there is but one. Whether the route is another one even with the same best path (FRR
 * bgp_zebra_has_route_changed): members, their next hops or the way to them.
 */
function markMultipath(paths: readonly Path[], multipath: readonly Path[]): boolean {
  let hasChanged = multipath[0]?.hasChangedMetric === true || multipath[0]?.hasChangedAttributes === true
  if (multipath.length > 1) for (const path of multipath) path.choose()
  for (const path of paths) if (path.adoptChoice()) hasChanged = true
  return hasChanged
}

/** Forgets what has changed since the run before, and the paths that are gone. Returns how many these were. */
export function tidy(destinations: DestinationSet): number {
  const before = destinations.paths.length
  for (const path of destinations.paths) path.forgetChanges()
  if (destinations.hasShrunk) {
    destinations.hasShrunk = false
    destinations.paths = destinations.paths.filter(path => !path.isRemoved)
  }
  if (destinations.hasGrown) {
    destinations.hasGrown = false
    destinations.paths = destinations.paths.slice()
  }
  return before - destinations.paths.length
}
