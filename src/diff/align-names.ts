import type { StateRow, StateValue } from '../state/table.ts'
import type { LabState } from './lab-state.ts'

/**
 * The other lab with the names that its cluster and nodes have in the first: a lab that was only renamed shall not differ.
 * Applies when each has one cluster: kind names its nodes after it. Names of topologies are not part of any row.
 */
export function alignNames(before: LabState, after: LabState): LabState {
  const [own] = before.clusters
  const [other] = after.clusters
  if (before.clusters.length !== 1 || after.clusters.length !== 1 || own === other) return after
  const names = new Map([[other!, own!]])
  for (const node of after.nodes) {
    if (!node.startsWith(`${other}-`) || before.nodes.includes(node)) continue
    names.set(node, `${own}${node.slice(other!.length)}`)
  }
  const rename = (value: StateValue): StateValue => {
    if (typeof value === 'string') return names.get(value) ?? value
    return Array.isArray(value) ? value.map(one => names.get(one) ?? one).sort() : value
  }
  const renameRow = (row: StateRow): StateRow =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, rename(value)]))
  return {
    ...after,
    nodes: after.nodes.map(node => names.get(node) ?? node),
    clusters: [own!],
    tables: new Map([...after.tables].map(([table, rows]) => [table, rows.map(renameRow)])),
    notes: [...after.notes, `cluster ${other} is compared as ${own}`],
  }
}
