import type { CiliumL2AnnouncementPolicy } from '../../kubernetes/api/cilium-resources.ts'
import { formatSelector, matchesSelector } from '../../kubernetes/api/selector.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { clusterNode, stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A CiliumL2AnnouncementPolicy. */
export interface L2PolicyRow {
  readonly cluster: string
  readonly policy: string
  /** Nodes that it selects. */
  readonly nodes: readonly string[]
  readonly nodeSelector: string
  /** `<none>`: every service. */
  readonly serviceSelector: string
  /** Expressions for devices; none: all that Cilium works on. */
  readonly interfaces: readonly string[]
  readonly loadBalancerIps: boolean
  readonly externalIps: boolean
  /** What is wrong with it, by its conditions. */
  readonly mistakes: readonly string[]
  readonly age: string
}

/** With a node: the policies that select it. */
export const l2Policies = defineTable<L2PolicyRow>({
  name: 'l2Policies',
  title: 'L2 announcement policies',
  scope: 'cluster',
  key: ['cluster', 'policy'],
  volatile: ['age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(cluster => {
      const wanted = node === undefined ? undefined : clusterNode(cluster, node)?.name
      return cluster.store
        .list('CiliumL2AnnouncementPolicy')
        .map(policy => policyRow(cluster, policy, lab.simulator.wallMs))
        .filter(({ nodes }) => wanted === undefined || nodes.includes(wanted))
    }),
})

function policyRow({ name, store }: Cluster, policy: CiliumL2AnnouncementPolicy, wallMs: number): L2PolicyRow {
  const { nodeSelector, serviceSelector, interfaces = [], loadBalancerIPs, externalIPs } = policy.spec
  return {
    cluster: name,
    policy: policy.metadata.name,
    nodes: store
      .list('CiliumNode')
      .filter(({ metadata }) => nodeSelector === undefined || matchesSelector(nodeSelector, metadata.labels))
      .map(({ metadata }) => metadata.name),
    nodeSelector: formatSelector(nodeSelector),
    serviceSelector: formatSelector(serviceSelector),
    interfaces,
    loadBalancerIps: loadBalancerIPs ?? false,
    externalIps: externalIPs ?? false,
    mistakes: (policy.status.conditions ?? [])
      .filter(({ status }) => status === 'True')
      .map(({ type, message }) => `${type}: ${message ?? ''}`),
    age: kubectlCell(policy, 'AGE', wallMs),
  }
}
