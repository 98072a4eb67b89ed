/** Names of every table, without loading what makes their rows: for help and completion. */
export const STATE_TABLE_NAMES = [
  'nodes',
  'routes',
  'ribs',
  'neighbors',
  'interfaces',
  'bgpSessions',
  'bgpPaths',
  'nextHopGroups',
  'macTable',
  'announcements',
  'services',
  'pools',
  'leases',
  'pods',
  'bgpPolicies',
  'l2Policies',
] as const

/** `routes`, `bgpPaths`, … */
export type StateTableName = (typeof STATE_TABLE_NAMES)[number]
