/**
 * Which host routes of services a virtual router announces from one node.
 * Source: pkg/bgpv1/manager/reconciler/service.go (svcDesiredRoutes).
 */
import { type Ipv4Address, type Prefix, parseIpv4, prefixOf } from '../../../wire/address.ts'
import type { BgpVirtualRouter } from '../../api/cilium-resources.ts'
import type { EndpointSlice } from '../../api/endpoint-slice.ts'
import { SERVICE_NAME_LABEL } from '../../api/endpoint-slice.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { Service } from '../../api/service.ts'
import { serviceLabels } from '../lb-ipam/service-view.ts'

/** The class of services that name the BGP control plane as their announcer. */
const BGP_CLASS = 'io.cilium/bgp-control-plane'

/** What decides; all from the store at this instant. */
export interface ServiceFacts {
  readonly nodeName: string
  readonly services: readonly Service[]
  readonly endpointSlices: readonly EndpointSlice[]
  /** `serviceAdvertisements` is a field of this release; else only LoadBalancer addresses are announced. */
  readonly hasServiceAdvertisements: boolean
}

/** A /32 and the services it stands for. */
export interface AdvertisedAddress {
  readonly prefix: Prefix
  readonly kind: 'LoadBalancerIP' | 'ClusterIP' | 'ExternalIP'
  /** `namespace/name`. */
  readonly service: string
}

/**
 * Host routes to announce, in the order of the services. A router without `serviceSelector` announces none, an empty one
 * selects all. With traffic policy `Local` an address is announced only while the node has an endpoint that is not
 * terminating; with `Cluster` always, even without any endpoint.
 */
export function advertisedServices(router: BgpVirtualRouter, facts: ServiceFacts): readonly AdvertisedAddress[] {
  let known = sameEverywhere.get(facts.services)
  if (known === undefined) {
    known = new WeakMap()
    sameEverywhere.set(facts.services, known)
  }
  let advertised = known.get(router)
  if (advertised !== undefined) return advertised
  advertised = findAdvertised(router, facts)
  if (!facts.services.some(isLocal)) known.set(router, advertised)
  return advertised
}

/** The prefixes of advertised addresses, without repetition. */
export function advertisedPrefixes(advertised: readonly AdvertisedAddress[]): readonly Prefix[] {
  let prefixes = prefixesOf.get(advertised)
  if (prefixes === undefined) {
    prefixes = [...new Set(advertised.map(({ prefix }) => prefix))]
    prefixesOf.set(advertised, prefixes)
  }
  return prefixes
}

/**
 * What is advertised by a router of these very services: the same from all nodes as long as no service looks at where its
 * endpoints are. A hundred nodes ask after every change of a service. A list of the store never changes.
 */
const sameEverywhere = new WeakMap<readonly Service[], WeakMap<BgpVirtualRouter, readonly AdvertisedAddress[]>>()

const prefixesOf = new WeakMap<readonly AdvertisedAddress[], readonly Prefix[]>()

function isLocal({ spec }: Service): boolean {
  return spec.internalTrafficPolicy === 'Local' || spec.externalTrafficPolicy === 'Local'
}

function findAdvertised(router: BgpVirtualRouter, facts: ServiceFacts): readonly AdvertisedAddress[] {
  const selector = router.serviceSelector
  if (selector === undefined) return []
  const kinds = facts.hasServiceAdvertisements
    ? (router.serviceAdvertisements ?? ['LoadBalancerIP'])
    : ['LoadBalancerIP']
  return facts.services.flatMap(service => {
    if (!matchesSelector(selector, serviceLabels(service))) return []
    const key = `${service.metadata.namespace ?? 'default'}/${service.metadata.name}`
    const found: AdvertisedAddress[] = []
    for (const kind of ['LoadBalancerIP', 'ClusterIP', 'ExternalIP'] as const) {
      if (!kinds.includes(kind) || !isRoutable(service, kind, facts)) continue
      for (const address of addressesOf(service, kind))
        found.push({ prefix: prefixOf(address, 32), kind, service: key })
    }
    return found
  })
}

function addressesOf(service: Service, kind: AdvertisedAddress['kind']): readonly Ipv4Address[] {
  const texts = {
    LoadBalancerIP: () => (service.status.loadBalancer?.ingress ?? []).map(ingress => ingress.ip ?? ''),
    ClusterIP: () => [service.spec.clusterIP ?? ''],
    ExternalIP: () => service.spec.externalIPs ?? [],
  }[kind]()
  return texts.flatMap(text => parseIpv4(text) ?? [])
}

function isRoutable(service: Service, kind: AdvertisedAddress['kind'], facts: ServiceFacts): boolean {
  if (kind === 'LoadBalancerIP') {
    const loadBalancerClass = service.spec.loadBalancerClass
    if (service.spec.type !== 'LoadBalancer') return false
    if (loadBalancerClass !== undefined && loadBalancerClass !== BGP_CLASS) return false
  }
  const policy = kind === 'ClusterIP' ? service.spec.internalTrafficPolicy : service.spec.externalTrafficPolicy
  return policy !== 'Local' || hasLocalEndpoint(service, facts)
}

function hasLocalEndpoint(service: Service, facts: ServiceFacts): boolean {
  return facts.endpointSlices.some(
    slice =>
      slice.metadata.namespace === service.metadata.namespace &&
      slice.metadata.labels?.[SERVICE_NAME_LABEL] === service.metadata.name &&
      slice.endpoints.some(
        endpoint =>
          endpoint.nodeName === facts.nodeName && endpoint.conditions.ready && !endpoint.conditions.terminating,
      ),
  )
}
