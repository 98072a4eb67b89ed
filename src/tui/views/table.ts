import type { View } from '../view.ts'
import { announcements } from './announcements.ts'
import { bgpPaths } from './bgp-paths.ts'
import { bgpPolicies } from './bgp-policies.ts'
import { bgpSessions } from './bgp-sessions.ts'
import { interfaces } from './interfaces.ts'
import { l2Policies } from './l2-policies.ts'
import { leases } from './leases.ts'
import { macTable } from './mac-table.ts'
import { neighbors } from './neighbors.ts'
import { nextHopGroups } from './next-hop-groups.ts'
import { nodes } from './nodes.ts'
import { pods } from './pods.ts'
import { pools } from './pools.ts'
import { ribs } from './ribs.ts'
import { routes } from './routes.ts'
import { services } from './services.ts'

/** Every table of the program, in the order of the help and of `v`. */
export const VIEWS: readonly View[] = [
  nodes,
  routes,
  neighbors,
  interfaces,
  bgpSessions,
  bgpPaths,
  nextHopGroups,
  services,
  ribs,
  macTable,
  announcements,
  pools,
  leases,
  pods,
  bgpPolicies,
  l2Policies,
]

/** The drawing: it is a view by name and number, but has no rows. */
export const TOPOLOGY = {
  name: 'topology',
  aliases: ['topo', 't', 'map'],
  title: 'Topology',
  description: 'the fabric in tiers, with carrier and sessions',
} as const

/** What the number keys show, by name. */
export const DIGITS: Readonly<Record<string, string>> = {
  '1': 'nodes',
  '2': 'routes',
  '3': 'neighbors',
  '4': 'interfaces',
  '5': 'bgp',
  '6': 'paths',
  '7': 'groups',
  '8': 'services',
  '9': 'topology',
  '0': 'mac',
}

/** A view by its name, an alias, or the start of its name that only it has. */
export function findView(word: string): string | undefined {
  const all = [...VIEWS, TOPOLOGY]
  const exact = all.find(({ name, aliases }) => name === word || aliases.some(alias => alias === word))
  if (exact !== undefined) return exact.name
  const begun = word === '' ? [] : all.filter(({ name }) => name.startsWith(word))
  return begun.length === 1 ? begun[0]!.name : undefined
}
