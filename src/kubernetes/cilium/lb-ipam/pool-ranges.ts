import { assert } from '../../../assert.ts'
import {
  broadcastAddress,
  formatIpv4,
  type Ipv4Address,
  parseIpv4,
  parsePrefix,
  prefixAddress,
  prefixLength,
} from '../../../wire/address.ts'
import { HashAllocator } from './hash-allocator.ts'
import type { ServiceView } from './service-view.ts'

/** One block of a pool as written: `cidr`, or `start` with an optional `stop`. */
export interface PoolBlock {
  readonly cidr?: string
  readonly start?: string
  readonly stop?: string
}

/** The addresses of a block, both ends included. */
export interface BlockRange {
  readonly first: Ipv4Address
  readonly last: Ipv4Address
  readonly isFromCidr: boolean
}

/** Services that hold an address; undefined for an end that is reserved. */
type Holders = readonly ServiceView[] | undefined

/** One range of a pool with what is given out of it. */
export class PoolRange {
  readonly poolName: string
  readonly allocator: HashAllocator<Holders>
  /** `spec.disabled` of the pool. */
  isDisabledByUser: boolean
  /** The pool conflicts with another one. */
  isConflicting = false

  constructor(poolName: string, block: BlockRange, isDisabledByUser: boolean) {
    this.poolName = poolName
    this.allocator = new HashAllocator(block.first, block.last)
    this.isDisabledByUser = isDisabledByUser
  }

  get isDisabled(): boolean {
    return this.isDisabledByUser || this.isConflicting
  }

  /** `10.0.0.0 - 10.0.0.255`, as conflict messages print it. */
  get text(): string {
    return `${formatIpv4(this.allocator.first)} - ${formatIpv4(this.allocator.last)}`
  }

  contains(address: Ipv4Address): boolean {
    return this.allocator.first <= address && address <= this.allocator.last
  }

  isSameAs(block: BlockRange): boolean {
    return this.allocator.first === block.first && this.allocator.last === block.last
  }

  overlaps(other: PoolRange): boolean {
    return this.allocator.first <= other.allocator.last && other.allocator.first <= this.allocator.last
  }

  /** Marks both ends as taken (`allowFirstLastIPs: No`); ranges of one or two addresses have no ends to reserve. */
  reserveEnds(): void {
    if (this.allocator.last - this.allocator.first <= 1) return
    this.allocator.allocate(this.allocator.first, undefined)
    this.allocator.allocate(this.allocator.last, undefined)
  }

  /**
   * Takes the marks back.
   * Differs from Cilium: an end that a service has held since before the marks stays its own; Cilium frees it.
   */
  releaseEnds(): void {
    if (this.allocator.last - this.allocator.first <= 1) return
    for (const end of [this.allocator.first, this.allocator.last]) {
      if (this.allocator.get(end) === undefined) this.allocator.free(end)
    }
  }

  holders(address: Ipv4Address): readonly ServiceView[] {
    return this.allocator.get(address) ?? []
  }

  addHolder(address: Ipv4Address, service: ServiceView): void {
    assert(this.allocator.has(address), 'an address is shared only after it was allocated')
    this.allocator.update(address, [...this.holders(address), service])
  }

  /** Takes a service off an address and frees the address when it was the last one. True when it was freed. */
  removeHolder(address: Ipv4Address, service: ServiceView): boolean {
    const left = this.holders(address).filter(holder => holder !== service)
    if (left.length > 0) {
      this.allocator.update(address, left)
      return false
    }
    this.allocator.free(address)
    return true
  }
}

/**
 * The range of a block; a text says why it is none. A `cidr` wins over `start`; host bits of a `cidr` are cut; `start`
 * alone is a single address. Source: ipRangeFromBlock, operator/pkg/lbipam/lbipam.go.
 */
export function rangeOfBlock(block: PoolBlock): BlockRange | string {
  if (block.cidr !== undefined && block.cidr !== '') {
    const prefix = block.cidr.includes('/') ? parsePrefix(block.cidr) : undefined
    if (prefix === undefined) return `error parsing cidr '${block.cidr}'`
    const first = prefixAddress(prefix)
    return { first, last: broadcastAddress(first, prefixLength(prefix)), isFromCidr: true }
  }
  const first = parseIpv4(block.start ?? '')
  if (first === undefined) return `error parsing start ip '${block.start ?? ''}'`
  if (block.stop === undefined || block.stop === '') return { first, last: first, isFromCidr: false }
  const last = parseIpv4(block.stop)
  if (last === undefined) return `error parsing stop ip '${block.stop}'`
  if (last < first) return "'start' must be less then or equal to 'stop'"
  return { first, last, isFromCidr: false }
}
