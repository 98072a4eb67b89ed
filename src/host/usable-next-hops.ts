import type { FibNextHop } from './fib.ts'

/**
 * Upper bounds for the 31-bit hash: bound i is the share of the weights up to i, rounded half up, less one. Dead next hops,
 * and those without carrier on a device that ignores such, get -1 (fib_rebalance, fib_semantics.c).
 */
export function multipathBounds(nextHops: readonly FibNextHop[]): readonly number[] {
  let total = 0
  for (const hop of nextHops) if (isUsable(hop)) total += hop.weight
  let sum = 0
  return nextHops.map(hop => {
    if (!isUsable(hop)) return -1
    sum += hop.weight
    return Math.floor((sum * 2 ** 31) / total + 0.5) - 1
  })
}

/** Whether a next hop may carry packets: its device is up, and has carrier where that is asked for. */
export function isUsable(hop: FibNextHop): boolean {
  if (hop.isDead) return false
  return !hop.isLinkDown || hop.interface === undefined || hop.interface.settings.ignore_routes_with_linkdown === 0
}
