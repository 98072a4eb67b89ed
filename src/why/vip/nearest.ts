/*
 * What an address is that no service has: somebody else's, free in a pool, or nothing at all; and who waits for one.
 */
import type { CiliumLoadBalancerIPPool } from '../../kubernetes/api/cilium-resources.ts'
import { matchesSelector } from '../../kubernetes/api/selector.ts'
import type { Service } from '../../kubernetes/api/service.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, prefixContains, prefixOf } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { escapeRegex } from '../places.ts'
import type { Question } from '../question.ts'
import { failed, passed, told } from '../step.ts'
import {
  conflictOf,
  contains,
  holderNames,
  ingressAddresses,
  nearestRange,
  poolName,
  poolRanges,
  rangesOf,
} from './pools.ts'
import { listText } from './step.ts'
import { serviceKey } from './subject.ts'

/** What the address is instead of a service's. Undefined: nobody has it. */
export function otherOwner({ map, places }: Question, address: Ipv4Address): Step | undefined {
  const [owner] = map.owners(address)
  if (owner === undefined) return undefined
  const what = owner.node?.kind === 'kind-node' ? 'the Kubernetes node' : ''
  const source = owner.node === undefined ? undefined : places.address(owner.node, owner.device.name, address)
  return told(
    `${formatIpv4(address)} is an address of ${`${what} ${owner.name}`.trim()}, on ${owner.device.name}`,
    source,
  )
}

/** Routers and nodes that announce the address as their own by BGP, although no service has it. */
export function originators({ map, places }: Question, address: Ipv4Address): readonly Step[] {
  return map.speakers.flatMap(({ node, speaker }) => {
    const path = speaker.table.rib.get(prefixOf(address, 32))?.best
    if (path === undefined || path === null || !path.isLocal) return []
    const text = formatIpv4(address)
    const network = places.line(node, new RegExp(`^network ${escapeRegex(text)}/32`), /^router bgp/)
    const place = network ?? places.line(node, new RegExp(`^redistribute ${path.sourceProtocol}`))
    return passed(`${node.name} announces ${text}/32 by BGP (${path.kind})`, place)
  })
}

/** Services of type LoadBalancer that have no address, or not the one they ask for. */
export function waitingServices({ store }: Cluster): readonly Service[] {
  return store
    .list('Service')
    .filter(service => service.spec.type === 'LoadBalancer' && ingressAddresses(service).length === 0)
}

/**
 * Where the address lies: in a pool, near one, in the networks of pods and services.
 *
 * @param isWanted services wait for an address: that there is no pool has been said of them
 */
export function poolSteps(cluster: Cluster, address: Ipv4Address, isWanted: boolean): readonly Step[] {
  const ranges = poolRanges(cluster)
  const text = formatIpv4(address)
  const networks = networkSteps(cluster, address)
  if (ranges.length === 0)
    return isWanted ? networks : [...networks, failed(`cluster ${cluster.name} has no CiliumLoadBalancerIPPool`)]
  const inside = ranges.filter(range => contains(range, address))
  const { cilium } = cluster
  if (inside.length > 0)
    return inside.flatMap(({ pool, text: range, source }) => {
      const isOff = pool.spec.disabled === true || (cilium !== undefined && conflictOf(cilium, pool) !== undefined)
      const state = isOff ? ', which is disabled or in conflict' : ''
      return [told(`${text} is free in ${poolName(pool)} (${range})${state}`, source), ...divertedSteps(cluster, pool)]
    })
  const near = nearestRange(ranges, address)!
  const holders = holderNames(cluster, [near])
  const users = holders.length === 0 ? '' : `, used by ${listText(holders)}`
  return [
    ...networks,
    failed(`no pool contains ${text}; nearest is ${poolName(near.pool)} (${near.text})${users}`, near.source),
  ]
}

/** Services that the pool selects, but that have their address from another: LB-IPAM takes the first pool that fits. */
function divertedSteps(cluster: Cluster, pool: CiliumLoadBalancerIPPool): readonly Step[] {
  const selector = pool.spec.serviceSelector
  const own = rangesOf(cluster, pool)
  return cluster.store.list('Service').flatMap(service => {
    if (service.spec.type !== 'LoadBalancer') return []
    if (selector !== undefined && !matchesSelector(selector, serviceLabels(service))) return []
    const given = ingressAddresses(service).filter(address => !own.some(range => contains(range, address)))
    return given.flatMap(address => {
      const from = poolRanges(cluster).find(range => range.pool !== pool && contains(range, address))
      if (from === undefined) return []
      const all = from.pool.spec.serviceSelector === undefined ? ' and without a selector' : ''
      const text = `Service ${serviceKey(service)}, which ${poolName(pool)} selects too, has ${formatIpv4(address)} from ${poolName(from.pool)}, which is older${all}`
      return failed(text, from.source)
    })
  })
}

function networkSteps({ model, nodes, name }: Cluster, address: Ipv4Address): readonly Step[] {
  const text = formatIpv4(address)
  const node = nodes.find(({ podPrefix }) => prefixContains(podPrefix, address))
  if (node !== undefined)
    return [told(`${text} is in the pod network of ${node.name} (${formatPrefix(node.podPrefix)})`)]
  if (prefixContains(model.podSubnet, address))
    return [told(`${text} is in the pod network of cluster ${name} (${formatPrefix(model.podSubnet)})`)]
  if (!prefixContains(model.serviceSubnet, address)) return []
  return [told(`${text} is in the service network of cluster ${name} (${formatPrefix(model.serviceSubnet)}), unused`)]
}

/** Services whose name is like one that does not exist. */
export function similarServices({ store }: Cluster, namespace: string, name: string): readonly string[] {
  const all = store.list('Service')
  const close = all.filter(
    ({ metadata }) => metadata.name === name || metadata.name.includes(name) || name.includes(metadata.name),
  )
  return (close.length > 0 ? close : all.filter(({ metadata }) => metadata.namespace === namespace)).map(serviceKey)
}
