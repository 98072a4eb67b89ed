import type { StateRow } from '../state/table.ts'
import { STATE_TABLES } from '../state/tables.ts'
import { announcementSets } from './announcement-sets.ts'
import { type ChangedRow, type ComparedTable, isPodDevice, ofStateTable } from './compared-table.ts'
import { REACHABILITY } from './reachability.ts'
import { routeSets } from './route-sets.ts'

/**
 * Every table that can be compared, by name, in the order of a report. Not here: next-hop groups, whose numbers follow the
 * order of events, and MAC tables, whose addresses follow the lab's name.
 */
export const COMPARED_TABLES = {
  nodes: {
    ...ofStateTable(STATE_TABLES.nodes, ['sessions', 'sessionsUp', 'routes']),
    // a node that only one lab has is the news itself
    nodeColumns: [],
  },
  interfaces: withoutPods(ofStateTable(STATE_TABLES.interfaces)),
  neighbors: withoutPods(ofStateTable(STATE_TABLES.neighbors)),
  bgpSessions: {
    ...ofStateTable(STATE_TABLES.bgpSessions, ['isUp', 'summary', 'hostName']),
    key: ['node', 'peer', 'interface'],
  },
  bgpPaths: {
    ...ofStateTable(STATE_TABLES.bgpPaths, [
      'isValid',
      'isBest',
      'isMultipath',
      'reason',
      'lostAt',
      'ownValue',
      'winnerValue',
    ]),
    key: ['node', 'prefix', 'peer', 'kind'],
    isLuck: wasOlder,
  },
  ribs: ofStateTable(STATE_TABLES.ribs, ['isQueued']),
  routes: routeSets,
  announcements: announcementSets,
  services: ofStateTable(STATE_TABLES.services),
  pools: ofStateTable(STATE_TABLES.pools),
  leases: {
    ...ofStateTable(STATE_TABLES.leases),
    // who asks first gets the lease
    isLuck: ({ columns }) => columns.every(({ name }) => name === 'holder'),
  },
  pods: ofStateTable(STATE_TABLES.pods),
  bgpPolicies: ofStateTable(STATE_TABLES.bgpPolicies),
  l2Policies: ofStateTable(STATE_TABLES.l2Policies),
  reachability: REACHABILITY,
} as const satisfies Readonly<Record<string, ComparedTable>>

/** `routes`, `reachability`, … */
export type ComparedTableName = keyof typeof COMPARED_TABLES

/**
 * What is compared unless something else is asked for: what the network does. Left out are what traffic leaves behind
 * (neighbours), what only says the same again (zebra's tables), and what was put in (policies, pools).
 */
export const DEFAULT_TABLES: readonly ComparedTableName[] = [
  'nodes',
  'bgpSessions',
  'bgpPaths',
  'routes',
  'announcements',
  'services',
  'leases',
  'reachability',
]

/** Between paths that are equal up to their age the one that came first is best: another order of events, another best path. */
function wasOlder({ before, after, columns }: ChangedRow): boolean {
  const isByAge = ({ lostAt, reason }: StateRow): boolean => lostAt === 'older-path' || reason === 'Older Path'
  return columns.every(({ name }) => name === 'status') && (isByAge(before) || isByAge(after))
}

/** Names of the devices that lead to pods are drawn: who compares pods takes the table of pods. */
function withoutPods(table: ComparedTable): ComparedTable {
  return {
    ...table,
    take(lab) {
      const { rows, notes } = table.take(lab)
      return { rows: rows.filter(row => !isPodDevice(row.interface as string)), notes }
    },
  }
}
