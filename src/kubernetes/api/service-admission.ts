/**
 * What the API server does to a Service on its way in: defaults that depend on other fields, ClusterIP and NodePort.
 * Source: Kubernetes pkg/registry/core/service/{storage/alloc,ipallocator,portallocator}, pkg/apis/core/v1/defaults.go.
 */
import type { Random } from '../../sim/random.ts'
import {
  broadcastAddress,
  formatIpv4,
  type Prefix,
  parseIpv4,
  prefixAddress,
  prefixContains,
  prefixLength,
} from '../../wire/address.ts'
import { type ApiError, apiError } from './api-error.ts'
import type { Service, ServicePort } from './service.ts'
import type { Store } from './store.ts'

/** kube-apiserver's `--service-node-port-range`. */
const NODE_PORT_FIRST = 30_000
const NODE_PORT_LAST = 32_767

/** Installs the admission of services. `random` decides addresses and ports together with the service's name. */
export function admitServices(store: Store, subnet: Prefix, random: Random): void {
  const allocator = new Allocator(store, subnet, random)
  store.addAdmission('Service', (draft, previous) => allocator.admit(draft, previous))
}

class Allocator {
  readonly #store: Store
  readonly #subnet: Prefix
  readonly #random: Random

  constructor(store: Store, subnet: Prefix, random: Random) {
    this.#store = store
    this.#subnet = subnet
    this.#random = random
  }

  admit(draft: Service, previous: Service | undefined): ApiError | undefined {
    const { spec } = draft
    for (const port of spec.ports ?? []) {
      port.protocol ??= 'TCP'
      port.targetPort ??= port.port
    }
    if (spec.type === 'ExternalName') return undefined
    const hasNodePorts =
      spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
    setDefaults(draft)
    if (previous !== undefined && previous.spec.type !== 'ExternalName') keepAllocated(draft, previous, hasNodePorts)
    return this.#setClusterIp(draft, previous) ?? (hasNodePorts ? this.#setNodePorts(draft) : undefined)
  }

  #setClusterIp(draft: Service, previous: Service | undefined): ApiError | undefined {
    const { spec } = draft
    if (spec.clusterIP === 'None') {
      spec.clusterIPs = ['None']
      return undefined
    }
    const used = this.#usedAddresses(draft)
    if (spec.clusterIP === undefined || spec.clusterIP === '') {
      const address = this.#drawAddress(draft, used)
      if (address === undefined) {
        const text = 'failed to allocate a serviceIP: range is full'
        return apiError('Invalid', `Service "${draft.metadata.name}" is invalid: spec.clusterIPs: ${text}`)
      }
      spec.clusterIP = address
    } else if (previous === undefined) {
      const address = parseIpv4(spec.clusterIP)
      const prefix = `Service "${draft.metadata.name}" is invalid: spec.clusterIPs: Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}`
      if (address === undefined || !prefixContains(this.#subnet, address)) {
        const range = `${formatIpv4(prefixAddress(this.#subnet))}/${prefixLength(this.#subnet)}`
        return apiError(
          'Invalid',
          `${prefix}: the provided IP (${spec.clusterIP}) is not in the valid range. The range of valid IPs is ${range}`,
        )
      }
      if (used.has(spec.clusterIP)) return apiError('Invalid', `${prefix}: provided IP is already allocated`)
    }
    spec.clusterIPs = [spec.clusterIP]
    return undefined
  }

  #usedAddresses(draft: Service): Set<string> {
    const others = this.#store.list('Service').filter(other => !isSame(other, draft))
    return new Set(others.flatMap(other => other.spec.clusterIP ?? []))
  }

  /**
   * Random in the upper part of the range; the lower part (at most 256 addresses) is for addresses asked for and used when
   * nothing else is left (KEP-3070).
   */
  #drawAddress(draft: Service, used: ReadonlySet<string>): string | undefined {
    const base = prefixAddress(this.#subnet)
    const last = broadcastAddress(base, prefixLength(this.#subnet)) - 1
    const size = last - base
    const reserved = Math.min(Math.max(16, Math.floor(size / 16)), 256)
    const random = this.#random.fork(`cluster ip ${this.#label(draft)}`)
    const upper = size - reserved
    const ranges =
      upper > 0 ? [[base + 1 + reserved, upper] as const, [base + 1, reserved] as const] : [[base + 1, size] as const]
    for (const [first, count] of ranges) {
      const offset = random.integer(0, count)
      for (let step = 0; step < count; step += 1) {
        const address = formatIpv4(first + ((offset + step) % count))
        if (!used.has(address)) return address
      }
    }
    return undefined
  }

  #label(draft: Service): string {
    const { namespace, name } = draft.metadata
    return `${namespace}/${name} ${this.#store.creationCount('Service', namespace, name)}`
  }

  #setNodePorts(draft: Service): ApiError | undefined {
    const others = this.#store.list('Service').filter(other => !isSame(other, draft))
    const used = new Set(others.flatMap(other => (other.spec.ports ?? []).flatMap(port => port.nodePort ?? [])))
    for (const [index, port] of (draft.spec.ports ?? []).entries()) {
      const path = `Service "${draft.metadata.name}" is invalid: spec.ports[${index}].nodePort: Invalid value: ${port.nodePort}`
      if (!port.nodePort) port.nodePort = this.#drawPort(draft, port, used)
      else if (port.nodePort < NODE_PORT_FIRST || port.nodePort > NODE_PORT_LAST) {
        return apiError(
          'Invalid',
          `${path}: provided port is not in the valid range. The range of valid ports is ${NODE_PORT_FIRST}-${NODE_PORT_LAST}`,
        )
      } else if (used.has(port.nodePort)) return apiError('Invalid', `${path}: provided port is already allocated`)
      used.add(port.nodePort)
    }
    return undefined
  }

  #drawPort(draft: Service, port: ServicePort, used: ReadonlySet<number>): number {
    const label = `node port ${this.#label(draft)} ${port.port}`
    const random = this.#random.fork(label)
    // the lowest 86 ports are kept for those that are asked for (KEP-3668)
    let candidate = random.integer(NODE_PORT_FIRST + 86, NODE_PORT_LAST + 1)
    while (used.has(candidate)) candidate = candidate === NODE_PORT_LAST ? NODE_PORT_FIRST + 86 : candidate + 1
    return candidate
  }
}

function isSame(a: Service, b: Service): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace
}

function setDefaults(draft: Service): void {
  const { spec } = draft
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  spec.internalTrafficPolicy ??= 'Cluster'
  spec.ipFamilies ??= ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
  if (isExternal) spec.externalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
  draft.status ??= {}
  draft.status.loadBalancer ??= {}
  for (const entry of draft.status.loadBalancer.ingress ?? []) if (entry.ip !== undefined) entry.ipMode ??= 'VIP'
}

/** An update that leaves addresses and ports out keeps what was allocated. */
function keepAllocated(draft: Service, previous: Service, hasNodePorts: boolean): void {
  const { spec } = draft
  if (spec.clusterIP === undefined || spec.clusterIP === '') {
    if (previous.spec.clusterIP !== undefined) spec.clusterIP = previous.spec.clusterIP
  }
  for (const port of spec.ports ?? []) {
    const before = previous.spec.ports?.find(old => old.port === port.port && old.protocol === port.protocol)
    if (hasNodePorts && !port.nodePort && before?.nodePort !== undefined) port.nodePort = before.nodePort
    else if (!hasNodePorts) delete port.nodePort
  }
  if (spec.type !== 'LoadBalancer') delete spec.allocateLoadBalancerNodePorts
  if (!hasNodePorts && spec.type !== 'LoadBalancer') delete spec.externalTrafficPolicy
}
