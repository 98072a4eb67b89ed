import { type Endpoint, SERVICE_NAME_LABEL } from '../../kubernetes/api/endpoint-slice.ts'
import type { ClusterNode } from '../../kubernetes/cluster-node.ts'
import type { Step } from '../answer.ts'
import { failed, told } from '../step.ts'
import { listText } from './step.ts'
import { type CiliumSubject, placeOf } from './subject.ts'

/** Endpoints of the service, whatever their state. */
function endpointsOf({ cluster, service }: CiliumSubject): readonly Endpoint[] {
  return cluster.store
    .list('EndpointSlice', service.metadata.namespace)
    .filter(slice => slice.metadata.labels?.[SERVICE_NAME_LABEL] === service.metadata.name)
    .flatMap(slice => slice.endpoints)
}

/** With a traffic policy Local only nodes with a ready endpoint announce. Source: hasLocalEndpoints, reconciler/service.go. */
export function endpointGate(subject: CiliumSubject, node: ClusterNode): Step | undefined {
  const { cluster, service, kind } = subject
  const field = kind === 'ClusterIP' ? 'internalTrafficPolicy' : 'externalTrafficPolicy'
  if (service.spec[field] !== 'Local') return undefined
  const endpoints = endpointsOf(subject)
  const ready = endpoints.filter(({ conditions }) => conditions.ready && !conditions.terminating)
  if (ready.some(endpoint => endpoint.nodeName === node.name)) return undefined
  const here = endpoints.filter(endpoint => endpoint.nodeName === node.name).length
  const what = here === 0 ? 'no endpoint of the service' : 'no ready endpoint of the service'
  const nodes = [...new Set(ready.map(endpoint => endpoint.nodeName ?? 'no node'))].sort()
  const elsewhere =
    ready.length === 0 ? 'it has no ready endpoint anywhere' : `ready endpoints are on ${listText(nodes)}`
  return failed(`${field} Local, and it runs ${what}`, placeOf(cluster, service, 'spec', field), [told(elsewhere)])
}
