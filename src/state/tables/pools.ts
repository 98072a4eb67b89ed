import type { CiliumLoadBalancerIPPool } from '../../kubernetes/api/cilium-resources.ts'
import { formatSelector } from '../../kubernetes/api/selector.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A CiliumLoadBalancerIPPool. */
export interface PoolRow {
  readonly cluster: string
  readonly pool: string
  /** `20.0.0.0/24` or `20.0.0.10-20.0.0.20`. */
  readonly blocks: readonly string[]
  readonly isDisabled: boolean
  readonly isConflicting: boolean
  /** Addresses left, as kubectl prints them. */
  readonly available: string
  /** `<none>`: every service. */
  readonly serviceSelector: string
  readonly age: string
}

export const pools = defineTable<PoolRow>({
  name: 'pools',
  title: 'Address pools',
  scope: 'cluster',
  key: ['cluster', 'pool'],
  volatile: ['age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(({ name, store }) =>
      store.list('CiliumLoadBalancerIPPool').map(pool => poolRow(name, pool, lab.simulator.wallMs)),
    ),
})

function poolRow(cluster: string, pool: CiliumLoadBalancerIPPool, wallMs: number): PoolRow {
  const { blocks = [], cidrs = [], serviceSelector } = pool.spec
  return {
    cluster,
    pool: pool.metadata.name,
    blocks: [...blocks, ...cidrs.map(({ cidr }) => ({ cidr, start: undefined, stop: undefined }))].map(
      ({ cidr, start, stop }) => cidr ?? `${start ?? ''}-${stop ?? start ?? ''}`,
    ),
    isDisabled: kubectlCell(pool, 'DISABLED', wallMs) === 'true',
    isConflicting: kubectlCell(pool, 'CONFLICTING', wallMs) === 'True',
    available: kubectlCell(pool, 'IPS AVAILABLE', wallMs),
    serviceSelector: formatSelector(serviceSelector),
    age: kubectlCell(pool, 'AGE', wallMs),
  }
}
