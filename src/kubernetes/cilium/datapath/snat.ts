/**
 * Source translation of one node: requests that leave with the node's address, and the way back for their answers.
 * Used for services in SNAT mode and for pods that talk to the outside.
 * Ports are 32768 to 65535, above the NodePort range; the original port is kept when it lies there and is free.
 * Source: bpf/lib/nat.h (snat_v4_new_mapping, __snat_try_keep_port).
 */
import type { Random } from '../../../sim/random.ts'
import type { Simulator } from '../../../sim/simulator.ts'
import type { Ipv4Address } from '../../../wire/address.ts'
import { type Endpoint, type Flow, flowKey, replyKey } from '../../../wire/flow.ts'
import { ConnectionTable } from './connection-table.ts'

const PORT_FIRST = 32768
const PORT_LAST = 65535
/** Attempts to find a free port before the packet is dropped (SNAT_COLLISION_RETRIES). */
const RETRIES = 128

/** What an answer is turned back into. */
export interface SnatOrigin {
  /** Who asked. */
  readonly client: Endpoint
  /** The service that was asked; undefined for masqueraded flows, whose answers keep their source. */
  readonly service: Endpoint | undefined
  readonly forwardKey: string
}

export class SnatTable {
  readonly #random: Random
  readonly #forward: ConnectionTable<Endpoint>
  readonly #reverse: ConnectionTable<SnatOrigin>

  constructor(simulator: Simulator, random: Random) {
    this.#random = random
    this.#forward = new ConnectionTable(simulator)
    this.#reverse = new ConnectionTable(simulator)
  }

  get size(): number {
    return this.#forward.size
  }

  /**
   * The source for a flow whose destination is already the backend. Undefined when no port is free
   * (DROP_NAT_NO_MAPPING).
   */
  translate(flow: Flow, address: Ipv4Address, service: Endpoint | undefined, lifetimeNs: number): Endpoint | undefined {
    const key = flowKey(flow)
    const known = this.#forward.get(key)
    if (known !== undefined) {
      this.#forward.touch(key, lifetimeNs)
      this.#reverse.touch(replyKey(translated(flow, known)), lifetimeNs)
      return known
    }
    for (let attempt = 0; attempt < RETRIES; attempt += 1) {
      const source = { address, port: this.#candidate(flow.sourcePort, attempt) }
      const back = replyKey(translated(flow, source))
      if (this.#reverse.get(back) !== undefined) continue
      const client = { address: flow.source, port: flow.sourcePort }
      this.#forward.set(key, source, lifetimeNs)
      this.#reverse.set(back, { client, service, forwardKey: key }, lifetimeNs)
      return source
    }
    return undefined
  }

  /** Whom an answer is for; undefined when it answers no translated flow. */
  origin(reply: Flow, lifetimeNs: number): SnatOrigin | undefined {
    const key = flowKey(reply)
    const origin = this.#reverse.get(key)
    if (origin === undefined) return undefined
    this.#reverse.touch(key, lifetimeNs)
    this.#forward.touch(origin.forwardKey, lifetimeNs)
    return origin
  }

  #candidate(port: number, attempt: number): number {
    if (attempt === 0 && port >= PORT_FIRST) return port
    return this.#random.integer(PORT_FIRST, PORT_LAST + 1)
  }
}

function translated(flow: Flow, source: Endpoint): Flow {
  return { ...flow, source: source.address, sourcePort: source.port }
}
