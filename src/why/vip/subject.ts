import type { Service } from '../../kubernetes/api/service.ts'
import type { Cilium } from '../../kubernetes/cilium/cilium.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Ipv4Address } from '../../wire/address.ts'

/** Which field of a service an address stands in. */
export type AddressKind = 'LoadBalancerIP' | 'ExternalIP' | 'ClusterIP'

/** A service and the address of it that is asked about. */
export interface Subject {
  readonly cluster: Cluster
  readonly service: Service
  /** Undefined while the service has none. */
  readonly address: Ipv4Address | undefined
  readonly kind: AddressKind
}

/** A subject in a cluster that has Cilium. */
export interface CiliumSubject extends Subject {
  readonly cilium: Cilium
}

/** `default/nginx-service`. */
export function serviceKey({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}

/** Where a field of an object was written. */
export function placeOf(
  cluster: Cluster,
  object: KubernetesObject,
  ...path: readonly (string | number)[]
): SourceRef | undefined {
  return cluster.store.sources.sourceOf(object, path)
}

/** Where a Helm value was given, or would be. */
export function valuePlace(cilium: Cilium, path: string): SourceRef | undefined {
  return cilium.valueSources.of(path)
}
