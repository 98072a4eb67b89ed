import type { Cluster } from '../kubernetes/cluster.ts'
import type { ClusterNode } from '../kubernetes/cluster-node.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'

/** The clusters of a lab by name; with a node those that it belongs to. */
export function stateClusters(lab: Lab, node?: LabNode): readonly Cluster[] {
  return [...lab.clusters.values()]
    .filter(cluster => node === undefined || clusterNode(cluster, node) !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The node of a cluster that lives in this container's network namespace: `network-mode: container:X` shares it. */
export function clusterNode(cluster: Cluster, node: LabNode): ClusterNode | undefined {
  return cluster.nodes.find(({ host }) => host === node.host)
}
