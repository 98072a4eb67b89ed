/**
 * The services as one node's datapath knows them: frontends (address and port) with their backends.
 * The key has no protocol: a TCP and a UDP port of the same number are one entry, as in the releases modelled here.
 * Source: pkg/service/service.go, pkg/k8s/service.go; lb4_key in bpf/lib/common.h.
 */
import { type Ipv4Address, type Prefix, parseIpv4, parsePrefix } from '../../../wire/address.ts'
import type { Endpoint } from '../../../wire/flow.ts'
import { type EndpointSlice, SERVICE_NAME_LABEL } from '../../api/endpoint-slice.ts'
import type { Service, ServicePort } from '../../api/service.ts'

/** A pod behind a frontend. */
export interface Backend extends Endpoint {
  readonly nodeName: string
  /** Keeps its flows but gets no new ones while there is another. */
  readonly isTerminating: boolean
}

/** What kind of address a frontend has. */
export type FrontendKind = 'ClusterIP' | 'NodePort' | 'ExternalIP' | 'LoadBalancer'

/** An address and port of a service, with its backends. */
export interface Frontend {
  /** Numbered in the order of first sight, as `cilium-dbg service list` shows. */
  readonly id: number
  readonly kind: FrontendKind
  /** 0.0.0.0 for a NodePort: any address of the node. */
  readonly address: Ipv4Address
  readonly port: number
  /** `namespace/name`. */
  readonly service: string
  readonly backends: readonly Backend[]
  /** externalTrafficPolicy of what is reached from outside. */
  readonly isExternalLocal: boolean
  readonly isInternalLocal: boolean
  /** Session affinity by client address; undefined: none. */
  readonly affinitySeconds: number | undefined
  /** `loadBalancerSourceRanges`, of LoadBalancer frontends only; empty: everybody. */
  readonly sourceRanges: readonly Prefix[]
  /** `service.cilium.io/src-ranges-policy: deny`: the ranges are kept out instead. */
  readonly isDenyList: boolean
}

const DEFAULT_AFFINITY_SECONDS = 10_800
const RANGES_POLICY_ANNOTATION = 'service.cilium.io/src-ranges-policy'

export class ServiceMap {
  readonly #services = new Map<string, Service>()
  readonly #slices = new Map<string, EndpointSlice>()
  readonly #ids = new Map<string, number>()
  #byAddress = new Map<number, Frontend>()
  #byNodePort = new Map<number, Frontend>()
  #isStale = false

  upsertService(service: Service): void {
    this.#services.set(keyOf(service.metadata), service)
    this.#isStale = true
  }

  deleteService(service: Service): void {
    this.#services.delete(keyOf(service.metadata))
    this.#isStale = true
  }

  upsertSlice(slice: EndpointSlice): void {
    this.#slices.set(keyOf(slice.metadata), slice)
    this.#isStale = true
  }

  deleteSlice(slice: EndpointSlice): void {
    this.#slices.delete(keyOf(slice.metadata))
    this.#isStale = true
  }

  /** The frontend with this address of its own: not a NodePort. */
  lookup(address: Ipv4Address, port: number): Frontend | undefined {
    this.#rebuild()
    return this.#byAddress.get(address * 65536 + port)
  }

  lookupNodePort(port: number): Frontend | undefined {
    this.#rebuild()
    return this.#byNodePort.get(port)
  }

  /** All frontends by id. */
  frontends(): readonly Frontend[] {
    this.#rebuild()
    return [...this.#byAddress.values(), ...this.#byNodePort.values()].sort((one, other) => one.id - other.id)
  }

  #rebuild(): void {
    if (!this.#isStale) return
    this.#isStale = false
    this.#byAddress = new Map()
    this.#byNodePort = new Map()
    for (const key of [...this.#services.keys()].sort()) this.#addService(this.#services.get(key)!)
  }

  #addService(service: Service): void {
    const { spec } = service
    if (spec.type === 'ExternalName') return
    const slices = [...this.#slices.values()].filter(
      slice =>
        slice.metadata.namespace === service.metadata.namespace &&
        slice.metadata.labels?.[SERVICE_NAME_LABEL] === service.metadata.name,
    )
    for (const port of spec.ports ?? []) {
      const backends = backendsOf(slices, port)
      const add = (kind: FrontendKind, texts: readonly (string | undefined)[]) => {
        for (const text of texts) {
          const address = parseIpv4(text ?? '')
          if (address === undefined) continue
          const frontend = this.#frontend(service, kind, { address, port: port.port }, backends)
          this.#byAddress.set(address * 65536 + port.port, frontend)
        }
      }
      add('ClusterIP', [spec.clusterIP])
      add('ExternalIP', spec.externalIPs ?? [])
      if (spec.type === 'LoadBalancer') {
        add(
          'LoadBalancer',
          (service.status.loadBalancer?.ingress ?? []).map(ingress => ingress.ip),
        )
      }
      if (port.nodePort !== undefined && spec.type !== 'ClusterIP') {
        const frontend = this.#frontend(
          service,
          'NodePort',
          { address: 0 as Ipv4Address, port: port.nodePort },
          backends,
        )
        this.#byNodePort.set(port.nodePort, frontend)
      }
    }
  }

  #frontend(service: Service, kind: FrontendKind, endpoint: Endpoint, backends: readonly Backend[]): Frontend {
    const { spec, metadata } = service
    const idKey = `${endpoint.address}:${endpoint.port}`
    const id = this.#ids.get(idKey) ?? this.#ids.size + 1
    this.#ids.set(idKey, id)
    const ranges = kind === 'LoadBalancer' ? (spec.loadBalancerSourceRanges ?? []) : []
    const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS
    return {
      id,
      kind,
      ...endpoint,
      service: keyOf(metadata),
      backends,
      isExternalLocal: kind !== 'ClusterIP' && spec.externalTrafficPolicy === 'Local',
      isInternalLocal: spec.internalTrafficPolicy === 'Local',
      affinitySeconds: spec.sessionAffinity === 'ClientIP' ? timeout : undefined,
      sourceRanges: ranges.flatMap(text => parsePrefix(text.trim()) ?? []),
      isDenyList: metadata.annotations?.[RANGES_POLICY_ANNOTATION] === 'deny',
    }
  }
}

/** Endpoints that may be used, in the order of the slices. */
function backendsOf(slices: readonly EndpointSlice[], port: ServicePort): readonly Backend[] {
  const backends: Backend[] = []
  for (const slice of [...slices].sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))) {
    const target = slice.ports.find(candidate => (candidate.name ?? '') === (port.name ?? ''))
    if (target === undefined) continue
    for (const { addresses, conditions, nodeName } of slice.endpoints) {
      const address = parseIpv4(addresses[0] ?? '')
      const isUsable = conditions.ready || (conditions.serving && conditions.terminating)
      if (address === undefined || !isUsable) continue
      backends.push({ address, port: target.port, nodeName: nodeName ?? '', isTerminating: conditions.terminating })
    }
  }
  return backends
}

function keyOf(metadata: { readonly namespace?: string; readonly name: string }): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}
