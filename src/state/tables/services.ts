import type { Service } from '../../kubernetes/api/service.ts'
import { kubectlCell } from '../kubectl-cell.ts'
import { stateClusters } from '../state-clusters.ts'
import { defineTable } from '../table.ts'

/** A service as `kubectl get services -A -o wide` lists it. */
export interface ServiceRow {
  readonly cluster: string
  readonly namespace: string
  readonly service: string
  readonly type: string
  readonly clusterIp: string
  /** `<pending>`, `<none>`, or the addresses with commas. */
  readonly externalIp: string
  readonly ports: string
  readonly selector: string
  /** `Cluster` or `Local`; null where the type has none. */
  readonly externalTrafficPolicy: string | null
  readonly age: string
}

export const services = defineTable<ServiceRow>({
  name: 'services',
  title: 'Services',
  scope: 'cluster',
  key: ['cluster', 'namespace', 'service'],
  volatile: ['age'],
  rows: (lab, node) =>
    stateClusters(lab, node).flatMap(({ name, store }) =>
      store.list('Service').map(service => serviceRow(name, service, lab.simulator.wallMs)),
    ),
})

function serviceRow(cluster: string, service: Service, wallMs: number): ServiceRow {
  const cell = (header: string): string => kubectlCell(service, header, wallMs)
  return {
    cluster,
    namespace: service.metadata.namespace ?? '',
    service: cell('NAME'),
    type: cell('TYPE'),
    clusterIp: cell('CLUSTER-IP'),
    externalIp: cell('EXTERNAL-IP'),
    ports: cell('PORT(S)'),
    selector: cell('SELECTOR'),
    externalTrafficPolicy: service.spec.externalTrafficPolicy ?? null,
    age: cell('AGE'),
  }
}
