import type { Host } from '../host/host.ts'
import { type EndpointSlice, SERVICE_NAME_LABEL } from '../kubernetes/api/endpoint-slice.ts'
import type { Service } from '../kubernetes/api/service.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { SourceRef } from '../model/source.ts'
import { formatIpv4, type Ipv4Address, type Prefix, prefixAddress, prefixLength } from '../wire/address.ts'
import type { Step } from './answer.ts'
import type { Question } from './question.ts'
import { failed } from './step.ts'
import { placeOf, serviceKey } from './vip/subject.ts'
import { whyVip } from './vip.ts'

/** A service that has an address. */
interface ServiceAt {
  readonly cluster: Cluster
  readonly service: Service
}

/** The service with this address: of its load balancer, external or inside. */
function serviceWith({ lab }: Question, address: Ipv4Address): ServiceAt | undefined {
  const text = formatIpv4(address)
  for (const cluster of lab.clusters.values())
    for (const service of cluster.store.list('Service')) {
      const { spec, status } = service
      const ingress = (status.loadBalancer?.ingress ?? []).map(one => one.ip)
      if ([...ingress, ...(spec.externalIPs ?? []), ...(spec.clusterIPs ?? [])].includes(text))
        return { cluster, service }
    }
  return undefined
}

/** Why nobody announces the address of a service, if the prefix is one; what `why vip` says. */
export function explainServicePrefix(question: Question, prefix: Prefix): Step | undefined {
  const address = prefixAddress(prefix)
  if (prefixLength(prefix) !== 32) return undefined
  const found = serviceWith(question, address)
  if (found === undefined) return undefined
  const { verdict, isPositive, steps } = whyVip(question.lab, address)
  if (isPositive) return undefined
  return failed(verdict, steps.find(step => step.outcome === 'fail')?.source, steps)
}

/** What is wrong with a service that a packet for its address reached a node of; undefined when it should have been served. */
export function explainUnserved(
  question: Question,
  host: Host,
  {
    destination,
    port,
    protocol,
  }: { readonly destination: Ipv4Address; readonly port: number; readonly protocol: 'tcp' | 'icmp' },
): Step | undefined {
  const found = serviceWith(question, destination)
  const node = found?.cluster.nodes.find(one => one.host === host)
  if (found === undefined || node === undefined) return undefined
  const { cluster, service } = found
  const key = serviceKey(service)
  const ports = (service.spec.ports ?? []).map(one => `${one.protocol} ${one.port}`).join(', ')
  const isServed = (service.spec.ports ?? []).some(one => one.protocol === 'TCP' && one.port === port)
  if (protocol === 'icmp' || !isServed) {
    const what = protocol === 'icmp' ? 'a ping' : `TCP ${port}`
    const text = `${formatIpv4(destination)} is service ${key}, which serves ${ports || 'nothing'}: ${node.name} passes ${what} on`
    return failed(text, placeOf(cluster, service, 'spec', 'ports'))
  }
  const slices = cluster.store.list('EndpointSlice').filter(slice => isOf(slice, service))
  const ready = slices.flatMap(slice => slice.endpoints).filter(endpoint => endpoint.conditions.ready)
  if (ready.length > 0) return undefined
  return failed(`service ${key} has no ready endpoint`, placeOf(cluster, service, 'spec', 'selector'))
}

/** The line of a service by which Cilium dropped a packet for it; undefined where no line of it says so. */
export function serviceDropLine(question: Question, destination: Ipv4Address, reason: string): SourceRef | undefined {
  const found = serviceWith(question, destination)
  if (found === undefined || reason !== 'DROP_NOT_IN_SRC_RANGE') return undefined
  return placeOf(found.cluster, found.service, 'spec', 'loadBalancerSourceRanges')
}

function isOf({ metadata }: EndpointSlice, service: Service): boolean {
  return (
    metadata.namespace === service.metadata.namespace && metadata.labels?.[SERVICE_NAME_LABEL] === service.metadata.name
  )
}
