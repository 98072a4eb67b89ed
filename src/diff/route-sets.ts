import type { RouteRow } from '../state/tables/routes.ts'
import { STATE_TABLES } from '../state/tables.ts'
import { type ComparedTable, isPodDevice, ofStateTable } from './compared-table.ts'

/**
 * Routes, one row for all next hops of each: their order says nothing about the network. Routes of a cluster's node to its own
 * pods are left out: their devices are named by chance, and the table of pods has the addresses.
 */
export const routeSets: ComparedTable = {
  ...ofStateTable(STATE_TABLES.routes),
  key: ['node', 'destination', 'metric', 'tos'],
  ignored: [],
  take(lab) {
    const sets: { readonly first: RouteRow; readonly hops: string[] }[] = []
    for (const row of STATE_TABLES.routes.rows(lab)) {
      if (row.device !== null && isPodDevice(row.device)) continue
      if (row.isHidden) sets.at(-1)!.hops.push(wayOf(row))
      else sets.push({ first: row, hops: [wayOf(row)] })
    }
    const rows = sets.map(({ first, hops }) => ({
      node: first.node,
      destination: first.destination,
      metric: first.metric,
      tos: first.tos,
      via: [...hops].sort(),
      type: first.type,
      protocol: first.protocol,
      scope: first.scope,
      source: first.source,
    }))
    return { rows, notes: [] }
  },
}

/** `10.0.0.1 eth1`, `eth1`, `10.0.0.1 eth1 weight 2`, `10.0.0.1 eth1 linkdown`. */
function wayOf({ gateway, device, weight, flags }: RouteRow): string {
  const words = [...(gateway === null ? [] : [gateway]), ...(device === null ? [] : [device])]
  if (weight !== 1) words.push(`weight ${weight}`)
  return [...words, ...flags].join(' ')
}
