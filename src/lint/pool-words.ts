import { matchesSelector } from '../kubernetes/api/selector.ts'
import type { Service } from '../kubernetes/api/service.ts'
import { serviceLabels } from '../kubernetes/cilium/lb-ipam/service-view.ts'
import { formatIpv4 } from '../wire/address.ts'
import type { ClusterView, PoolBlockView } from './cluster-view.ts'

/** Whether a pool gives addresses to the service; without a selector to every one. */
export function takes({ spec }: ClusterView['pools'][number], service: Service): boolean {
  return spec.serviceSelector === undefined || matchesSelector(spec.serviceSelector, serviceLabels(service))
}

/** Whether the block and the addresses, both ends included, have any in common. */
export function overlap({ range }: PoolBlockView, other: { readonly first: number; readonly last: number }): boolean {
  return range.first <= other.last && other.first <= range.last
}

/** The pool of a block as messages call it. */
export function nameOf({ pool }: PoolBlockView): string {
  return `CiliumLoadBalancerIPPool ${pool.metadata.name}`
}

/** `20.0.0.0 to 20.0.0.255` */
export function rangeText({ range }: PoolBlockView): string {
  return `${formatIpv4(range.first)} to ${formatIpv4(range.last)}`
}

/** `namespace/name` */
export function keyOf({ metadata }: Service): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}
