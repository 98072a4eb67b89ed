/**
 * The pools LB-IPAM knows, their ranges in the order they were added, and the conflicts between them.
 * Source: operator/pkg/lbipam/lbipam.go (handleNewPool, handlePoolModified, settleConflicts), range_store.go.
 */
import { copyData } from '../../../config/manifest/copy-data.ts'
import type { Condition, LabelSelector } from '../../../model/kubernetes-object.ts'
import type { CiliumLoadBalancerIPPool } from '../../api/cilium-resources.ts'
import type { LbIpamProfile } from '../profile.ts'
import { type BlockRange, type PoolBlock, PoolRange, rangeOfBlock } from './pool-ranges.ts'
import { updateCondition } from './update-condition.ts'

/** A pool as LB-IPAM keeps it: the last spec it acted on and the conditions it will write. */
export interface KnownPool {
  readonly name: string
  generation: number
  /** Seconds resolution, as the API server writes it; orders conflicting pools. */
  readonly creationTimestamp: string
  specText: string
  serviceSelector: LabelSelector | undefined
  isDisabled: boolean
  reservesEnds: boolean
  conditions: Condition[]
}

export interface PoolStoreOptions {
  readonly profile: LbIpamProfile
  /** RFC 3339 text of this instant. */
  now(): string
  /** The order in which Go would walk a map of these. */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** Conditions of the pool have changed. */
  writeStatus(pool: KnownPool): void
  /** A block cannot be used; the text says why. */
  complain(poolName: string, message: string): void
}

export class PoolStore {
  /** In the order of arrival: the first range that fits wins. */
  ranges: PoolRange[] = []
  readonly #options: PoolStoreOptions
  readonly #pools = new Map<string, KnownPool>()

  constructor(options: PoolStoreOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#pools.size
  }

  get(name: string): KnownPool | undefined {
    return this.#pools.get(name)
  }

  /** Takes over a pool. Returns the ranges that are gone (their holders lose them), or undefined when nothing changed. */
  upsert(pool: CiliumLoadBalancerIPPool): readonly PoolRange[] | undefined {
    const known = this.#pools.get(pool.metadata.name)
    if (known !== undefined && known.specText === JSON.stringify(pool.spec)) return undefined
    return known === undefined ? this.#add(pool) : this.#change(known, pool)
  }

  /** Forgets a pool. Returns its ranges. */
  delete(name: string): readonly PoolRange[] {
    this.#pools.delete(name)
    const gone = this.ranges.filter(range => range.poolName === name)
    this.ranges = this.ranges.filter(range => range.poolName !== name)
    return gone
  }

  rangesOf(name: string): readonly PoolRange[] {
    return this.ranges.filter(range => range.poolName === name)
  }

  isConflicting(pool: KnownPool): boolean {
    const type = this.#options.profile.conflictCondition
    return pool.conditions.some(condition => condition.type === type && condition.status === 'True')
  }

  /** Marks the younger of two overlapping pools, and unmarks pools that overlap no more. */
  settleConflicts(): void {
    for (const pool of this.#options.shuffle([...this.#pools.values()])) {
      if (!this.isConflicting(pool)) this.#markConflict(pool)
    }
    for (const pool of this.#pools.values()) {
      if (!this.isConflicting(pool)) continue
      const ranges = this.rangesOf(pool.name)
      const others = this.ranges.filter(range => range.poolName !== pool.name)
      if (firstOverlapWithin(ranges) === undefined && firstOverlap(ranges, others) === undefined) this.#unmark(pool)
    }
  }

  /** Writes the three counters of every pool whose numbers have changed. */
  updateCounts(): void {
    const { profile } = this.#options
    for (const pool of this.#pools.values()) {
      let used = 0
      let available = 0
      for (const range of this.rangesOf(pool.name)) {
        used += range.allocator.used
        available += range.allocator.available
      }
      const counts = [
        [profile.totalCondition, used + available],
        [profile.availableCondition, available],
        [profile.usedCondition, used],
      ] as const
      const changed = counts.map(([type, count]) => this.#set(pool, type, 'Unknown', 'noreason', String(count)))
      if (changed.includes(true)) this.#options.writeStatus(pool)
    }
  }

  #add(pool: CiliumLoadBalancerIPPool): readonly PoolRange[] {
    const known: KnownPool = {
      name: pool.metadata.name,
      generation: pool.metadata.generation ?? 0,
      creationTimestamp: pool.metadata.creationTimestamp ?? '',
      conditions: copyData(pool.status?.conditions ?? []),
      ...this.#read(pool),
    }
    this.#pools.set(known.name, known)
    for (const block of this.#blocks(pool)) this.#addRange(known, block)
    this.#unmark(known)
    return []
  }

  #change(known: KnownPool, pool: CiliumLoadBalancerIPPool): readonly PoolRange[] {
    const reservedEnds = known.reservesEnds
    Object.assign(known, this.#read(pool), { generation: pool.metadata.generation ?? 0 })
    const blocks = this.#blocks(pool)
    const old = this.rangesOf(known.name)
    const gone = old.filter(range => !blocks.some(block => range.isSameAs(block)))
    this.ranges = this.ranges.filter(range => !gone.includes(range))
    for (const range of this.rangesOf(known.name)) {
      const isFromCidr = blocks.find(block => range.isSameAs(block))?.isFromCidr ?? false
      if (isFromCidr && reservedEnds && !known.reservesEnds) range.releaseEnds()
      if (isFromCidr && !reservedEnds && known.reservesEnds) range.reserveEnds()
    }
    for (const block of blocks) if (!old.some(range => range.isSameAs(block))) this.#addRange(known, block)
    for (const range of this.rangesOf(known.name)) range.isDisabledByUser = known.isDisabled
    return gone
  }

  #addRange(pool: KnownPool, block: BlockRange): void {
    const range = new PoolRange(pool.name, block, pool.isDisabled)
    range.isConflicting = this.isConflicting(pool)
    if (block.isFromCidr && pool.reservesEnds) range.reserveEnds()
    this.ranges.push(range)
  }

  #read(
    pool: CiliumLoadBalancerIPPool,
  ): Pick<KnownPool, 'specText' | 'serviceSelector' | 'isDisabled' | 'reservesEnds'> {
    const choice = pool.spec.allowFirstLastIPs
    return {
      specText: JSON.stringify(pool.spec),
      serviceSelector: pool.spec.serviceSelector,
      isDisabled: pool.spec.disabled ?? false,
      reservesEnds: this.#options.profile.firstAndLastByDefault ? choice === 'No' : choice !== 'Yes',
    }
  }

  #blocks(pool: CiliumLoadBalancerIPPool): readonly BlockRange[] {
    const written: readonly PoolBlock[] = [...(pool.spec.cidrs ?? []), ...(pool.spec.blocks ?? [])]
    return written.flatMap(block => {
      const range = rangeOfBlock(block)
      if (typeof range !== 'string') return range
      this.#options.complain(pool.metadata.name, range)
      return []
    })
  }

  #markConflict(pool: KnownPool): void {
    const ranges = this.rangesOf(pool.name)
    const inside = firstOverlapWithin(ranges)
    if (inside !== undefined) {
      this.#mark(pool, pool, inside)
      return
    }
    for (const other of this.#options.shuffle([...this.#pools.values()])) {
      if (other === pool || this.isConflicting(other)) continue
      const overlap = firstOverlap(ranges, this.rangesOf(other.name))
      if (overlap === undefined) continue
      if (pool.creationTimestamp < other.creationTimestamp) this.#mark(other, pool, [overlap[1], overlap[0]])
      else this.#mark(pool, other, overlap)
      return
    }
  }

  #mark(pool: KnownPool, other: KnownPool, overlap: readonly [PoolRange, PoolRange]): void {
    for (const range of this.rangesOf(pool.name)) range.isConflicting = true
    const message = `Pool conflicts since range '${overlap[0].text}' overlaps range '${overlap[1].text}' from IP Pool '${other.name}'`
    if (this.#set(pool, this.#options.profile.conflictCondition, 'True', 'cidr_overlap', message)) {
      this.#options.writeStatus(pool)
    }
  }

  #unmark(pool: KnownPool): void {
    for (const range of this.rangesOf(pool.name)) range.isConflicting = false
    if (this.#set(pool, this.#options.profile.conflictCondition, 'False', 'resolved', ''))
      this.#options.writeStatus(pool)
  }

  #set(pool: KnownPool, type: string, status: Condition['status'], reason: string, message: string): boolean {
    const condition = { type, status, reason, message, observedGeneration: pool.generation }
    return updateCondition(pool.conditions, condition, this.#options.now())
  }
}

function firstOverlapWithin(ranges: readonly PoolRange[]): readonly [PoolRange, PoolRange] | undefined {
  for (const [index, range] of ranges.entries()) {
    const other = ranges.find((candidate, position) => position !== index && range.overlaps(candidate))
    if (other !== undefined) return [range, other]
  }
  return undefined
}

function firstOverlap(
  ranges: readonly PoolRange[],
  others: readonly PoolRange[],
): readonly [PoolRange, PoolRange] | undefined {
  for (const range of ranges) {
    const other = others.find(candidate => range.overlaps(candidate))
    if (other !== undefined) return [range, other]
  }
  return undefined
}
