import type { Lease } from '../../kubernetes/api/configuration.ts'
import { parseTimestamp } from '../../kubernetes/api/timestamp.ts'
import { l2LeaseName } from '../../kubernetes/cilium/l2/lease-name.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A Lease with the time it has left. */
export interface LeaseRow {
  readonly cluster: string
  readonly namespace: string
  readonly lease: string
  /** Empty when nobody holds it. */
  readonly holder: string
  /** `namespace/name` of the service whose addresses the holder announces on the link; null for other leases. */
  readonly service: string | null
  readonly durationSeconds: number | null
  /** Until others may take it, unless it is renewed; below 0 when it has run out. Null when nobody holds it. */
  readonly remainingSeconds: number | null
  readonly renewedSeconds: number | null
  readonly transitions: number
  readonly age: string
}

export const leases = defineTable<LeaseRow>({
  name: 'leases',
  title: 'Leases',
  scope: 'cluster',
  key: ['cluster', 'namespace', 'lease'],
  volatile: ['remainingSeconds', 'renewedSeconds', 'transitions', 'age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(cluster => {
      const services = leaseServices(cluster)
      return cluster.store.list('Lease').map(lease => leaseRow(cluster.name, lease, services, lab.simulator.wallMs))
    }),
})

function leaseServices({ store }: Cluster): ReadonlyMap<string, string> {
  return new Map(
    store
      .list('Service')
      .map(({ metadata: { namespace = 'default', name } }) => [l2LeaseName(namespace, name), `${namespace}/${name}`]),
  )
}

function leaseRow(cluster: string, lease: Lease, services: ReadonlyMap<string, string>, wallMs: number): LeaseRow {
  const { namespace = '', name } = lease.metadata
  const { leaseDurationSeconds, renewTime, leaseTransitions = 0 } = lease.spec
  const holder = kubectlCell(lease, 'HOLDER', wallMs)
  const renewed = renewTime === undefined ? undefined : (wallMs - parseTimestamp(renewTime)) / 1e3
  const isHeld = holder !== '' && leaseDurationSeconds !== undefined && renewed !== undefined
  return {
    cluster,
    namespace,
    lease: name,
    holder,
    service: services.get(name) ?? null,
    durationSeconds: leaseDurationSeconds ?? null,
    remainingSeconds: isHeld ? rounded(leaseDurationSeconds - renewed) : null,
    renewedSeconds: renewed === undefined ? null : rounded(renewed),
    transitions: leaseTransitions,
    age: kubectlCell(lease, 'AGE', wallMs),
  }
}

/** To the millisecond. */
function rounded(value: number): number {
  return Math.round(value * 1e3) / 1e3
}
