import type { Lab } from '../lab/lab.ts'
import { ownerOf, stateNodes } from '../state/state-nodes.ts'
import type { StateRow } from '../state/table.ts'
import { COMPARED_TABLES, type ComparedTableName } from './compared-tables.ts'

/** What one lab shows at an instant: plain data, so that the lab itself can go. */
export interface LabState {
  /** What a report calls the lab. */
  readonly name: string
  /** Containers that run. */
  readonly nodes: readonly string[]
  readonly clusters: readonly string[]
  /** containerlab's labs in the order in which they were deployed, with their containers by name in the topology file. */
  readonly labs: readonly { readonly name: string; readonly containers: ReadonlyMap<string, string> }[]
  readonly tables: ReadonlyMap<ComparedTableName, readonly StateRow[]>
  /** What should be known about the rows. */
  readonly notes: readonly string[]
}

/**
 * Takes these tables of a lab. Reachability comes last, since asking changes what neighbours know. Left out are the machine,
 * its bridges and containers that only share another one's network.
 */
export function takeLabState(lab: Lab, name: string, names: readonly ComparedTableName[]): LabState {
  const containers = stateNodes(lab).filter(({ node }) => node.host !== lab.machine.host)
  const owners = new Set(containers.filter(({ node }) => ownerOf(lab, node) === node).map(one => one.name))
  const notes: string[] = []
  const ordered = [...names].sort((a, b) => Number(a === 'reachability') - Number(b === 'reachability'))
  const tables = new Map(
    ordered.map(table => {
      const taken = COMPARED_TABLES[table].take(lab)
      notes.push(...taken.notes)
      return [table, taken.rows.filter(row => row.node === undefined || owners.has(String(row.node)))]
    }),
  )
  const labs = [...lab.topologies.values()].map(({ model, nodes }) => ({
    name: model.name,
    containers: new Map([...nodes].map(([node, { containerName }]) => [node, containerName])),
  }))
  return {
    name,
    labs,
    nodes: containers.filter(({ node }) => node.isRunning).map(one => one.name),
    clusters: [...lab.clusters.keys()].sort(),
    tables,
    notes,
  }
}
