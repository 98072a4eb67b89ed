import type { CiliumLoadBalancerIPPool } from '../../kubernetes/api/cilium-resources.ts'
import { findCondition } from '../../kubernetes/api/condition.ts'
import type { Service } from '../../kubernetes/api/service.ts'
import type { Cilium } from '../../kubernetes/cilium/cilium.ts'
import { type BlockRange, type PoolBlock, rangeOfBlock } from '../../kubernetes/cilium/lb-ipam/pool-ranges.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../../wire/address.ts'
import { placeOf, serviceKey } from './subject.ts'

/** A block of a pool with its place. */
export interface PoolRangeAt {
  readonly pool: CiliumLoadBalancerIPPool
  readonly range: BlockRange
  /** `20.0.0.100-20.0.0.200`, `20.0.10.0/24`. */
  readonly text: string
  readonly source: SourceRef | undefined
}

/** `CiliumLoadBalancerIPPool lb-pool`. */
export function poolName({ metadata }: CiliumLoadBalancerIPPool): string {
  return `CiliumLoadBalancerIPPool ${metadata.name}`
}

/** Usable blocks of all pools, oldest pool first: the order in which LB-IPAM tries them. */
export function poolRanges(cluster: Cluster): readonly PoolRangeAt[] {
  return poolsByAge(cluster).flatMap(pool => rangesOf(cluster, pool))
}

/** Oldest first, then by name. */
export function poolsByAge(cluster: Cluster): readonly CiliumLoadBalancerIPPool[] {
  const born = (pool: CiliumLoadBalancerIPPool): string => pool.metadata.creationTimestamp ?? ''
  return [...cluster.store.list('CiliumLoadBalancerIPPool')].sort((a, b) =>
    born(a) < born(b) ? -1 : born(a) > born(b) ? 1 : 0,
  )
}

export function rangesOf(cluster: Cluster, pool: CiliumLoadBalancerIPPool): readonly PoolRangeAt[] {
  const at = (field: 'cidrs' | 'blocks', blocks: readonly PoolBlock[]): PoolRangeAt[] =>
    blocks.flatMap((block, index) => {
      const range = rangeOfBlock(block)
      if (typeof range === 'string') return []
      const key = block.cidr === undefined ? 'start' : 'cidr'
      const text = block.cidr ?? `${formatIpv4(range.first)}-${formatIpv4(range.last)}`
      return { pool, range, text, source: placeOf(cluster, pool, 'spec', field, index, key) }
    })
  return [...at('cidrs', pool.spec.cidrs ?? []), ...at('blocks', pool.spec.blocks ?? [])]
}

export function contains({ range }: PoolRangeAt, address: Ipv4Address): boolean {
  return range.first <= address && address <= range.last
}

/** What LB-IPAM says of a conflict with another pool; undefined without one. */
export function conflictOf(cilium: Cilium, pool: CiliumLoadBalancerIPPool): string | undefined {
  const condition = findCondition(pool.status?.conditions, cilium.profile.lbIpam.conflictCondition)
  return condition?.status === 'True' ? (condition.message ?? 'it overlaps another pool') : undefined
}

/** Addresses left, as the pool's status says; undefined before it does. */
export function addressesLeft(cilium: Cilium, pool: CiliumLoadBalancerIPPool): number | undefined {
  const condition = findCondition(pool.status?.conditions, cilium.profile.lbIpam.availableCondition)
  return condition?.message === undefined ? undefined : Number(condition.message)
}

/** The range nearest to an address that none contains. */
export function nearestRange(ranges: readonly PoolRangeAt[], address: Ipv4Address): PoolRangeAt | undefined {
  const distance = ({ range }: PoolRangeAt): number => Math.max(range.first - address, address - range.last)
  return [...ranges].sort((a, b) => distance(a) - distance(b))[0]
}

/** Addresses in a service's `status.loadBalancer`. */
export function ingressAddresses(service: Service): readonly Ipv4Address[] {
  return (service.status.loadBalancer?.ingress ?? []).flatMap(({ ip }) => parseIpv4(ip ?? '') ?? [])
}

/** Services that have the address from LB-IPAM. */
export function holdersOf(cluster: Cluster, address: Ipv4Address): readonly Service[] {
  return cluster.store.list('Service').filter(service => ingressAddresses(service).includes(address))
}

/** `default/a and default/b`: who holds addresses of the ranges. */
export function holderNames(cluster: Cluster, ranges: readonly PoolRangeAt[]): readonly string[] {
  return cluster.store
    .list('Service')
    .filter(service => ingressAddresses(service).some(address => ranges.some(range => contains(range, address))))
    .map(serviceKey)
}
