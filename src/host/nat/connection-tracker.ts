/**
 * The flows that a host has seen, each known by its own addresses and ports and by those of its answers.
 * Sources: Linux net/netfilter/nf_conntrack_core.c, nf_conntrack_proto_{tcp,udp,icmp}.c.
 * Differs from Linux: of TCP's states only opening, open and closing are told apart; windows are not checked; only TCP,
 * UDP and ICMP echo are tracked, all else passes untranslated. Packets do not carry their connection along, so that a new
 * flow with the addresses and ports of another one's answers, translated back, counts as those. Entries expire when they are looked for; a sweep bounds
 * their number.
 */
import type { Simulator } from '../../sim/simulator.ts'
import { type Endpoint, type Flow, flowKey, replyKey } from '../../wire/flow.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG } from '../../wire/tcp.ts'
import type { Interface } from '../interface.ts'

/** The defaults of net.netfilter.nf_conntrack_*_timeout*. */
const TCP_OPENING_NS = 120e9
const TCP_OPEN_NS = 432_000e9
const TCP_CLOSING_NS = 120e9
const TCP_RESET_NS = 10e9
const UDP_NS = 30e9
const UDP_STREAM_NS = 120e9
const ICMP_NS = 30e9

/** A tracked flow. */
export interface Connection {
  readonly flow: Flow
  /** Its source as others see it; equal to the flow's own when it is not translated. */
  readonly source: Endpoint
  readonly isTranslated: boolean
  /** The device whose address it has been given; undefined unless it is masqueraded. */
  readonly masqueradedThrough: Interface | undefined
  /** Key of its packets before translation. */
  readonly originalKey: string
  /** Key of the answers as they come in. */
  readonly answerKey: string
  /** Key of the answers once they are translated back. */
  readonly innerAnswerKey: string
  isAnswered: boolean
  isClosing: boolean
  expiresAtNs: number
}

export class ConnectionTracker {
  readonly #simulator: Simulator
  readonly #connections = new Map<string, Connection>()
  #sweepAtSize = 1024

  constructor(simulator: Simulator) {
    this.#simulator = simulator
  }

  /** The live connection with a key, whichever of its keys it is. */
  find(key: string): Connection | undefined {
    const connection = this.#connections.get(key)
    if (connection === undefined || connection.expiresAtNs >= this.#simulator.nowNs) return connection
    this.remove(connection)
    return undefined
  }

  /** Whether a flow's answers could be told from all others if its source were this one. */
  isFree(flow: Flow, source: Endpoint): boolean {
    return this.find(answerKeyOf(flow, source)) === undefined
  }

  /** Begins a connection with its first packet. */
  add(packet: Ipv4Packet, flow: Flow, source: Endpoint, masqueradedThrough: Interface | undefined): Connection {
    const connection: Connection = {
      flow,
      source,
      isTranslated: source.address !== flow.source || source.port !== flow.sourcePort,
      masqueradedThrough,
      originalKey: flowKey(flow),
      answerKey: answerKeyOf(flow, source),
      innerAnswerKey: replyKey(flow),
      isAnswered: false,
      isClosing: false,
      expiresAtNs: 0,
    }
    if (this.find(connection.innerAnswerKey) === undefined) this.#connections.set(connection.innerAnswerKey, connection)
    this.#connections.set(connection.answerKey, connection)
    this.#connections.set(connection.originalKey, connection)
    this.refresh(connection, packet, connection.originalKey)
    if (this.#connections.size >= this.#sweepAtSize) this.#sweep()
    return connection
  }

  /** Notes a packet of a connection, found by `key`: it lives on for as long as the protocol's state says. */
  refresh(connection: Connection, packet: Ipv4Packet, key: string): void {
    if (key !== connection.originalKey) connection.isAnswered = true
    connection.expiresAtNs = this.#simulator.nowNs + lifetimeNs(connection, packet)
  }

  remove(connection: Connection): void {
    for (const key of [connection.originalKey, connection.answerKey, connection.innerAnswerKey]) {
      if (this.#connections.get(key) === connection) this.#connections.delete(key)
    }
  }

  removeWhere(test: (connection: Connection) => boolean): void {
    for (const connection of [...this.#connections.values()]) if (test(connection)) this.remove(connection)
  }

  #sweep(): void {
    this.removeWhere(({ expiresAtNs }) => expiresAtNs < this.#simulator.nowNs)
    this.#sweepAtSize = Math.max(1024, 2 * this.#connections.size)
  }
}

/** Whether a packet of no known flow begins one: not the answer to something, nor the end of it (tcp_new, icmp_new). */
export function beginsConnection({ payload }: Ipv4Packet): boolean {
  if (payload.kind === 'udp') return true
  if (payload.kind === 'icmp') return payload.type === 8
  if (payload.kind !== 'tcp') return false
  const { syn, ack, fin, rst } = TCP_FLAG
  if ((payload.flags & (fin | rst)) !== 0) return false
  return ((payload.flags & syn) !== 0) !== ((payload.flags & ack) !== 0)
}

function answerKeyOf(flow: Flow, source: Endpoint): string {
  return replyKey({ ...flow, source: source.address, sourcePort: source.port })
}

function lifetimeNs(connection: Connection, { payload }: Ipv4Packet): number {
  if (payload.kind === 'udp') return connection.isAnswered ? UDP_STREAM_NS : UDP_NS
  if (payload.kind !== 'tcp') return ICMP_NS
  if ((payload.flags & TCP_FLAG.rst) !== 0) return TCP_RESET_NS
  if ((payload.flags & TCP_FLAG.syn) !== 0) {
    connection.isClosing = false
    return TCP_OPENING_NS
  }
  if ((payload.flags & TCP_FLAG.fin) !== 0) connection.isClosing = true
  return connection.isClosing ? TCP_CLOSING_NS : TCP_OPEN_NS
}
