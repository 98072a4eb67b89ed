/**
 * Address allocator of one range. Free space is a set of contiguous blocks kept in a binary heap by size; "any address" is
 * the lowest address of the block at the top, so holes are filled before the tail.
 * The heap moves elements exactly as Go's container/heap does, because blocks of equal size keep the order it leaves them
 * in. Source: cilium pkg/ipalloc/ipalloc.go (HashAllocator).
 * Differs from Cilium: a block that grows is always put back in its place in the heap; Cilium leaves it where it was when
 * it grows to the left.
 */
import type { Ipv4Address } from '../../../wire/address.ts'
import { ipv4 } from '../../../wire/address.ts'

interface Block {
  first: number
  last: number
}

/** Why no address was given: none is free, it lies outside, or somebody has it. */
export type AllocationError = 'full' | 'out-of-range' | 'in-use'

export class HashAllocator<Value> {
  readonly first: Ipv4Address
  readonly last: Ipv4Address
  readonly #allocations = new Map<Ipv4Address, Value>()
  readonly #heap: Block[]

  /** @param first lowest address, included; @param last highest address, included */
  constructor(first: Ipv4Address, last: Ipv4Address) {
    this.first = first
    this.last = last
    this.#heap = [{ first, last }]
  }

  /** Number of allocated addresses, reserved ends included. */
  get used(): number {
    return this.#allocations.size
  }

  get available(): number {
    return this.last - this.first + 1 - this.#allocations.size
  }

  get(address: Ipv4Address): Value | undefined {
    return this.#allocations.get(address)
  }

  has(address: Ipv4Address): boolean {
    return this.#allocations.has(address)
  }

  /** Takes the lowest address of the smallest free block; undefined when the range is full. */
  allocateAny(value: Value): Ipv4Address | undefined {
    const block = this.#heap[0]
    if (block === undefined) return undefined
    const address = ipv4(block.first)
    this.#take(address)
    this.#allocations.set(address, value)
    return address
  }

  /** Takes this address. Undefined means success. */
  allocate(address: Ipv4Address, value: Value): AllocationError | undefined {
    if (address < this.first || address > this.last) return 'out-of-range'
    if (this.#allocations.has(address)) return 'in-use'
    if (this.#heap.length === 0) return 'full'
    this.#take(address)
    this.#allocations.set(address, value)
    return undefined
  }

  /** Replaces the value of an allocated address. */
  update(address: Ipv4Address, value: Value): void {
    if (this.#allocations.has(address)) this.#allocations.set(address, value)
  }

  /** Gives an address back; nothing happens when it was not allocated. */
  free(address: Ipv4Address): void {
    if (!this.#allocations.delete(address)) return
    const left = this.#heap.find(block => block.last === address - 1)
    const right = this.#heap.find(block => block.first === address + 1)
    if (left !== undefined && right !== undefined) {
      this.#remove(this.#heap.indexOf(left))
      this.#remove(this.#heap.indexOf(right))
      this.#push({ first: left.first, last: right.last })
    } else if (left !== undefined) {
      left.last = address
      this.#fix(this.#heap.indexOf(left))
    } else if (right !== undefined) {
      right.first = address
      this.#fix(this.#heap.indexOf(right))
    } else {
      this.#push({ first: address, last: address })
    }
  }

  #take(address: number): void {
    const index = this.#heap.findIndex(block => block.first <= address && address <= block.last)
    const block = this.#heap[index]!
    if (block.first === block.last) {
      this.#remove(index)
    } else if (block.first === address) {
      block.first += 1
      this.#fix(index)
    } else if (block.last === address) {
      block.last -= 1
      this.#fix(index)
    } else {
      this.#remove(index)
      this.#push({ first: block.first, last: address - 1 })
      this.#push({ first: address + 1, last: block.last })
    }
  }

  #push(block: Block): void {
    this.#heap.push(block)
    this.#up(this.#heap.length - 1)
  }

  #remove(index: number): void {
    const last = this.#heap.length - 1
    if (index !== last) {
      this.#swap(index, last)
      this.#heap.pop()
      if (!this.#down(index)) this.#up(index)
    } else {
      this.#heap.pop()
    }
  }

  #fix(index: number): void {
    if (!this.#down(index)) this.#up(index)
  }

  #up(from: number): void {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isSmaller(index, parent)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #down(from: number): boolean {
    let index = from
    for (;;) {
      const left = 2 * index + 1
      if (left >= this.#heap.length) break
      const right = left + 1
      const child = right < this.#heap.length && this.#isSmaller(right, left) ? right : left
      if (!this.#isSmaller(child, index)) break
      this.#swap(index, child)
      index = child
    }
    return index > from
  }

  #isSmaller(one: number, other: number): boolean {
    return size(this.#heap[one]!) < size(this.#heap[other]!)
  }

  #swap(one: number, other: number): void {
    const kept = this.#heap[one]!
    this.#heap[one] = this.#heap[other]!
    this.#heap[other] = kept
  }
}

function size(block: Block): number {
  return block.last - block.first + 1
}
