/**
 * Addresses of one node's pod CIDR. Every request starts at a random offset and scans forward, wrapping around; the first
 * and the last address are never given out. Source: cilium pkg/ipam/service/allocator/bitmap.go (randomScanStrategy),
 * pkg/ipam/service/ipallocator/allocator.go.
 */
import type { Random } from '../../sim/random.ts'
import {
  broadcastAddress,
  type Ipv4Address,
  ipv4,
  type Prefix,
  prefixAddress,
  prefixLength,
} from '../../wire/address.ts'

export class PodIpam {
  readonly prefix: Prefix
  readonly #first: number
  readonly #count: number
  readonly #random: Random
  readonly #owners = new Map<Ipv4Address, string>()
  readonly #setAside = new Set<Ipv4Address>()

  /** @param random a generator of this node alone: what other nodes draw must not matter */
  constructor(prefix: Prefix, random: Random) {
    const address = prefixAddress(prefix)
    this.prefix = prefix
    this.#first = address + 1
    this.#count = Math.max(0, broadcastAddress(address, prefixLength(prefix)) - address - 1)
    this.#random = random
  }

  /** An address for `owner`; undefined when all are taken. */
  allocate(owner: string): Ipv4Address | undefined {
    if (this.#owners.size >= this.#count) return undefined
    const offset = this.#random.integer(0, this.#count)
    for (let step = 0; step < this.#count; step += 1) {
      const address = ipv4(this.#first + ((offset + step) % this.#count))
      if (this.#owners.has(address) || this.#setAside.has(address)) continue
      this.#owners.set(address, owner)
      return address
    }
    return undefined
  }

  /** Keeps an address from being drawn; it can still be reserved by name. */
  setAside(address: Ipv4Address): void {
    this.#setAside.add(address)
  }

  /** Takes this very address. False when it is not free or not one of the node's. */
  reserve(address: Ipv4Address, owner: string): boolean {
    const isInside = address >= this.#first && address < this.#first + this.#count
    if (!isInside || this.#owners.has(address)) return false
    this.#owners.set(address, owner)
    return true
  }

  release(address: Ipv4Address): void {
    this.#owners.delete(address)
  }

  owner(address: Ipv4Address): string | undefined {
    return this.#owners.get(address)
  }

  get allocated(): number {
    return this.#owners.size
  }

  /** How many addresses there are. */
  get capacity(): number {
    return this.#count
  }
}
