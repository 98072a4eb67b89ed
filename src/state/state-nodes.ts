import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'

/** A node with what its rows call it. */
export interface NamedNode {
  readonly node: LabNode
  /** Its name in the topology file; docker's name when several labs of the machine use that one. */
  readonly name: string
}

/** One node, or all: containers by docker's name, then the machine. */
export function stateNodes(lab: Lab, node?: LabNode): readonly NamedNode[] {
  const containers = lab.nodes()
  const uses = new Map<string, number>([[lab.machine.name, 1]])
  for (const { name } of containers) uses.set(name, (uses.get(name) ?? 0) + 1)
  const named = (one: LabNode): NamedNode => ({
    node: one,
    name: one === lab.machine || uses.get(one.name) === 1 ? one.name : one.containerName,
  })
  return node === undefined ? [...containers.map(named), named(lab.machine)] : [named(node)]
}

/**
 * Which container a network namespace is counted for where several share it (`network-mode: container:X`): the cluster's
 * node, else the first by name.
 */
export function ownerOf(lab: Lab, node: LabNode): LabNode {
  const sharing = lab.nodes().filter(({ host }) => host === node.host)
  return sharing.find(({ kind }) => kind === 'kind-node') ?? sharing[0] ?? node
}
