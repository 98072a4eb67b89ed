/**
 * A table of flows whose entries expire. Expiry is found on access, so that no timers run; a sweep keeps the size bounded.
 * Lifetimes are Cilium's defaults (pkg/defaults/defaults.go, `bpf-ct-timeout-*`).
 */
import type { Simulator } from '../../../sim/simulator.ts'
import type { Ipv4Packet } from '../../../wire/ipv4.ts'
import { TCP_FLAG } from '../../../wire/tcp.ts'

const TCP_SYN_NS = 60e9
const TCP_NS = 8000e9
const TCP_CLOSE_NS = 10e9
const ANY_NS = 60e9

/** How long an entry lasts after this packet, nanoseconds. */
export function lifetimeNs(packet: Ipv4Packet): number {
  if (packet.payload.kind !== 'tcp') return ANY_NS
  const { flags } = packet.payload
  if ((flags & (TCP_FLAG.fin | TCP_FLAG.rst)) !== 0) return TCP_CLOSE_NS
  return (flags & TCP_FLAG.syn) !== 0 && (flags & TCP_FLAG.ack) === 0 ? TCP_SYN_NS : TCP_NS
}

interface Entry<Value> {
  readonly value: Value
  expiresAtNs: number
}

export class ConnectionTable<Value> {
  readonly #simulator: Simulator
  readonly #entries = new Map<string, Entry<Value>>()
  #sweepAtSize = 1024

  constructor(simulator: Simulator) {
    this.#simulator = simulator
  }

  get size(): number {
    return this.#entries.size
  }

  /** The value of a live entry. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry.expiresAtNs >= this.#simulator.nowNs) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: string, value: Value, lifetime: number): void {
    this.#entries.set(key, { value, expiresAtNs: this.#simulator.nowNs + lifetime })
    if (this.#entries.size >= this.#sweepAtSize) this.#sweep()
  }

  /** Prolongs (or, at the end of a connection, shortens) the life of an entry. */
  touch(key: string, lifetime: number): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.expiresAtNs = this.#simulator.nowNs + lifetime
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  #sweep(): void {
    for (const [key, entry] of this.#entries) if (entry.expiresAtNs < this.#simulator.nowNs) this.#entries.delete(key)
    this.#sweepAtSize = Math.max(1024, 2 * this.#entries.size)
  }
}
