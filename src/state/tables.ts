import type { StateTableName } from './table-names.ts'
import { announcements } from './tables/announcements.ts'
import { bgpPaths } from './tables/bgp-paths.ts'
import { bgpPolicies } from './tables/bgp-policies.ts'
import { bgpSessions } from './tables/bgp-sessions.ts'
import { interfaces } from './tables/interfaces.ts'
import { l2Policies } from './tables/l2-policies.ts'
import { leases } from './tables/leases.ts'
import { macTable } from './tables/mac-table.ts'
import { neighbors } from './tables/neighbors.ts'
import { nextHopGroups } from './tables/next-hop-groups.ts'
import { nodes } from './tables/nodes.ts'
import { pods } from './tables/pods.ts'
import { pools } from './tables/pools.ts'
import { ribs } from './tables/ribs.ts'
import { routes } from './tables/routes.ts'
import { services } from './tables/services.ts'

/** Every table of a lab's state, by name. */
export const STATE_TABLES = {
  nodes,
  routes,
  ribs,
  neighbors,
  interfaces,
  bgpSessions,
  bgpPaths,
  nextHopGroups,
  macTable,
  announcements,
  services,
  pools,
  leases,
  pods,
  bgpPolicies,
  l2Policies,
} as const satisfies Readonly<Record<StateTableName, object>>
