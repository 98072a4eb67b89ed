/**
 * What LB-IPAM knows of one service: what it asks for, what it holds, and the status that is written back.
 * Source: operator/pkg/lbipam/service_store.go and lbipam.go (serviceViewFromService, getSVCRequestedIPs).
 */
import { copyData } from '../../../config/manifest/copy-data.ts'
import type { Condition } from '../../../model/kubernetes-object.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../../../wire/address.ts'
import type { Service, ServicePort } from '../../api/service.ts'
import type { PoolRange } from './pool-ranges.ts'

/** An address a service holds and the range it came from. */
interface HeldAddress {
  readonly address: Ipv4Address
  readonly range: PoolRange
}

export interface ServiceView {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  generation: number
  /** Labels of the service and the two synthetic ones. */
  labels: Readonly<Record<string, string>>
  sharingKey: string
  sharingNamespaces: readonly string[]
  externalTrafficPolicy: string
  ports: readonly ServicePort[]
  selector: Readonly<Record<string, string>>
  requestedAddresses: readonly Ipv4Address[]
  wantsIpv4: boolean
  /** Never given: the simulator's Cilium has no IPv6. */
  wantsIpv6: boolean
  held: HeldAddress[]
  /** `status.loadBalancer.ingress`, addresses only. */
  ingress: Ipv4Address[]
  conditions: Condition[]
}

/** Annotation keys, the newer spelling first. */
const IPS_ANNOTATIONS = ['lbipam.cilium.io/ips', 'io.cilium/lb-ipam-ips']
const SHARING_KEY_ANNOTATIONS = ['lbipam.cilium.io/sharing-key', 'io.cilium/lb-ipam-sharing-key']
const SHARING_NAMESPACES_ANNOTATIONS = [
  'lbipam.cilium.io/sharing-cross-namespace',
  'io.cilium/lb-ipam-sharing-cross-namespace',
]

/** A view without anything held yet. */
export function emptyServiceView(service: Service): ServiceView {
  const namespace = service.metadata.namespace ?? 'default'
  return {
    key: `${namespace}/${service.metadata.name}`,
    namespace,
    name: service.metadata.name,
    generation: 0,
    labels: {},
    sharingKey: '',
    sharingNamespaces: [],
    externalTrafficPolicy: 'Cluster',
    ports: [],
    selector: {},
    requestedAddresses: [],
    wantsIpv4: false,
    wantsIpv6: false,
    held: [],
    ingress: [],
    conditions: [],
  }
}

/** Takes over what the service says now. What it holds stays. */
export function updateServiceView(view: ServiceView, service: Service): void {
  view.generation = service.metadata.generation ?? 0
  view.labels = serviceLabels(service)
  view.sharingKey = annotation(service, SHARING_KEY_ANNOTATIONS)
  const namespaces = annotation(service, SHARING_NAMESPACES_ANNOTATIONS)
  view.sharingNamespaces = namespaces === '' ? [] : namespaces.split(',')
  view.externalTrafficPolicy = service.spec.externalTrafficPolicy ?? 'Cluster'
  view.ports = service.spec.ports ?? []
  view.selector = service.spec.selector ?? {}
  view.requestedAddresses = requestedAddresses(service)
  const families = requestedFamilies(service)
  view.wantsIpv4 = families.ipv4
  view.wantsIpv6 = families.ipv6
  view.ingress = (service.status.loadBalancer?.ingress ?? []).flatMap(ingress => parseIpv4(ingress.ip ?? '') ?? [])
  view.conditions = copyData(service.status.conditions ?? [])
}

/** Labels that selectors of pools, peering policies and announcements see: the service's own and two synthetic ones. */
export function serviceLabels(service: Service): Readonly<Record<string, string>> {
  return {
    ...service.metadata.labels,
    'io.kubernetes.service.name': service.metadata.name,
    'io.kubernetes.service.namespace': service.metadata.namespace ?? 'default',
  }
}

/** Whether everything it asked for is in its status. */
export function isSatisfied(view: ServiceView): boolean {
  if (view.requestedAddresses.length > 0) {
    return view.requestedAddresses.every(address => view.ingress.includes(address))
  }
  return !view.wantsIpv6 && (!view.wantsIpv4 || view.ingress.length > 0)
}

/** Why two services may not share an address; undefined when they may. The texts are Cilium's. */
export function sharingObstacle(one: ServiceView, other: ServiceView): string | undefined {
  if (one.sharingKey !== other.sharingKey) return 'different sharing key'
  if (one.namespace !== other.namespace && !(permits(one, other.namespace) && permits(other, one.namespace))) {
    return 'different and not permitted namespace'
  }
  if (one.ports.some(port => other.ports.some(otherPort => port.port === otherPort.port))) return 'same port'
  if (one.externalTrafficPolicy !== other.externalTrafficPolicy) return 'different ExternalTrafficPolicy'
  if (one.externalTrafficPolicy === 'Local' && !isSameSelector(one.selector, other.selector)) {
    return 'compatible ExternalTrafficPolicy local but selecting different set of pods'
  }
  return undefined
}

/** Status fields as the API has them. */
export function ingressOf(view: ServiceView): { ip: string }[] {
  return view.ingress.map(address => ({ ip: formatIpv4(address) }))
}

function permits(view: ServiceView, namespace: string): boolean {
  return view.sharingNamespaces.includes(namespace) || view.sharingNamespaces.includes('*')
}

function isSameSelector(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one)
  if (keys.length === 0 || keys.length !== Object.keys(other).length) return false
  return keys.every(key => one[key] === other[key])
}

function annotation(service: Service, keys: readonly string[]): string {
  for (const key of keys) {
    const value = service.metadata.annotations?.[key]
    if (value !== undefined) return value
  }
  return ''
}

/** `spec.loadBalancerIP` first, then the annotation's list. Entries that are no IPv4 address are skipped. */
export function requestedAddresses(service: Service): readonly Ipv4Address[] {
  const texts = [service.spec.loadBalancerIP ?? '', ...annotation(service, IPS_ANNOTATIONS).split(',')]
  const addresses = texts.flatMap(text => parseIpv4(text.trim()) ?? [])
  return addresses.filter((address, index) => address !== addresses[index - 1])
}

/** Families asked for, IPv4 being the only one enabled. Source: serviceIPFamilyRequest. */
function requestedFamilies(service: Service): { readonly ipv4: boolean; readonly ipv6: boolean } {
  const families = service.spec.ipFamilies ?? []
  const policy = service.spec.ipFamilyPolicy ?? 'SingleStack'
  if (policy === 'RequireDualStack' || families.length === 0) return { ipv4: true, ipv6: false }
  if (policy === 'PreferDualStack') return { ipv4: families.includes('IPv4'), ipv6: false }
  return { ipv4: families[0] === 'IPv4', ipv6: families[0] !== 'IPv4' }
}
