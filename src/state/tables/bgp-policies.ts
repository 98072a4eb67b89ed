import type { BgpVirtualRouter, CiliumBGPPeeringPolicy } from '../../kubernetes/api/cilium-resources.ts'
import { formatSelector, matchesSelector } from '../../kubernetes/api/selector.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { clusterNode, stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A virtual router of a CiliumBGPPeeringPolicy. */
export interface BgpPolicyRow {
  readonly cluster: string
  readonly policy: string
  readonly localAsn: number
  /** Nodes that the policy selects. */
  readonly nodes: readonly string[]
  /** `10.0.1.1 AS 65001` */
  readonly neighbors: readonly string[]
  /** `<none>`: services are not announced. */
  readonly serviceSelector: string
  readonly exportsPodPrefixes: boolean
  readonly nodeSelector: string
  readonly age: string
}

/** With a node: the policies that select it. */
export const bgpPolicies = defineTable<BgpPolicyRow>({
  name: 'bgpPolicies',
  title: 'BGP peering policies',
  scope: 'cluster',
  key: ['cluster', 'policy', 'localAsn'],
  volatile: ['age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(cluster => {
      const wanted = node === undefined ? undefined : clusterNode(cluster, node)?.name
      return cluster.store
        .list('CiliumBGPPeeringPolicy')
        .flatMap(policy =>
          policy.spec.virtualRouters.map(router => policyRow(cluster, policy, router, lab.simulator.wallMs)),
        )
        .filter(({ nodes }) => wanted === undefined || nodes.includes(wanted))
    }),
})

function policyRow(
  { name, store }: Cluster,
  policy: CiliumBGPPeeringPolicy,
  router: BgpVirtualRouter,
  wallMs: number,
): BgpPolicyRow {
  const { nodeSelector } = policy.spec
  return {
    cluster: name,
    policy: policy.metadata.name,
    localAsn: router.localASN,
    nodes: store
      .list('Node')
      .filter(({ metadata }) => nodeSelector === undefined || matchesSelector(nodeSelector, metadata.labels))
      .map(({ metadata }) => metadata.name),
    neighbors: router.neighbors.map(({ peerAddress, peerASN }) => `${peerAddress.replace(/\/32$/, '')} AS ${peerASN}`),
    serviceSelector: formatSelector(router.serviceSelector),
    exportsPodPrefixes: router.exportPodCIDR ?? false,
    nodeSelector: formatSelector(nodeSelector),
    age: kubectlCell(policy, 'AGE', wallMs),
  }
}
