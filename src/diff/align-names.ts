import type { StateRow, StateValue } from '../state/table.ts'
import type { LabState } from './lab-state.ts'

/**
 * What the labs, containers, clusters and cluster nodes of the other lab are called in the first, when it is a renamed one: as
 * many labs and clusters, other names. Undefined when no name differs. Built anew with these names in place of its own for
 * every choice by chance (`SimulatorOptions.rename`), the other lab has the same order of events as the first.
 */
export function renaming(before: LabState, after: LabState): ((label: string) => string) | undefined {
  const names = clusterNames(before, after)
  if (before.labs.length === after.labs.length) {
    for (const [index, { name, containers }] of after.labs.entries()) {
      const own = before.labs[index]!
      if (own.name !== name) names.set(name, own.name)
      for (const [node, container] of containers) {
        const ownContainer = own.containers.get(node)
        if (ownContainer !== undefined && ownContainer !== container) names.set(container, ownContainer)
      }
    }
  }
  if (names.size === 0) return undefined
  return label => label.replace(/[^\s:/]+/g, word => names.get(word) ?? word)
}

/** Names of the other's cluster and its nodes by those of the first; empty unless each has one cluster with another name. */
function clusterNames(before: LabState, after: LabState): Map<string, string> {
  const [own] = before.clusters
  const [other] = after.clusters
  if (before.clusters.length !== 1 || after.clusters.length !== 1 || own === other) return new Map()
  const names = new Map([[other!, own!]])
  for (const node of after.nodes) {
    if (!node.startsWith(`${other}-`) || before.nodes.includes(node)) continue
    names.set(node, `${own}${node.slice(other!.length)}`)
  }
  return names
}

/**
 * The other lab with the names that its cluster and nodes have in the first: a lab that was only renamed shall not differ.
 * Applies when each has one cluster: kind names its nodes after it. Names of topologies are not part of any row.
 */
export function alignNames(before: LabState, after: LabState): LabState {
  const names = clusterNames(before, after)
  if (names.size === 0) return after
  const [own, other] = [before.clusters[0]!, after.clusters[0]!]
  const rename = (value: StateValue): StateValue => {
    if (typeof value === 'string') return names.get(value) ?? value
    return Array.isArray(value) ? value.map(one => names.get(one) ?? one).sort() : value
  }
  const renameRow = (row: StateRow): StateRow =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, rename(value)]))
  return {
    ...after,
    nodes: after.nodes.map(node => names.get(node) ?? node),
    clusters: [own],
    tables: new Map([...after.tables].map(([table, rows]) => [table, rows.map(renameRow)])),
    notes: [...after.notes, `cluster ${other} is compared as ${own}`],
  }
}
