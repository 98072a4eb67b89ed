import { Counters } from '../../../src/host/counters.ts'
import type { Host } from '../../../src/host/host.ts'
import { Sysctl } from '../../../src/host/sysctl.ts'
import { TcpStack } from '../../../src/host/tcp/stack.ts'
import { Simulator } from '../../../src/sim/simulator.ts'
import { type Ipv4Address, parseIpv4 } from '../../../src/wire/address.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../../src/wire/ipv4.ts'
import { type RecordList, recordList, type StreamContent } from '../../../src/wire/stream.ts'
import { TCP_FLAG, type TcpSegment } from '../../../src/wire/tcp.ts'

/** A segment as it left a host. */
export interface Sent {
  readonly atNs: number
  readonly from: 'client' | 'server'
  readonly packet: Ipv4Packet & { readonly payload: TcpSegment }
}

/** Two TCP stacks and a wire with a delay: no routing, no neighbours. */
export class Wire {
  readonly simulator = new Simulator()
  readonly client: TcpStack
  readonly server: TcpStack
  readonly clientHost: Host
  readonly serverHost: Host
  /** Everything sent, lost segments too. */
  readonly sent: Sent[] = []
  /** One-way delay. */
  delayNs = 1_000_000
  /** Whether a segment is lost; the number counts all segments from 0. */
  isLost: (sent: Sent, index: number) => boolean = () => false
  /** Extra delay. */
  extraDelayNs: (sent: Sent, index: number) => number = () => 0

  constructor(options: { clientMtu?: number; serverMtu?: number } = {}) {
    this.clientHost = this.#host('client', CLIENT, options.clientMtu ?? 1500)
    this.serverHost = this.#host('server', SERVER, options.serverMtu ?? 1500)
    this.client = new TcpStack(this.clientHost)
    this.server = new TcpStack(this.serverHost)
  }

  runFor(seconds: number): void {
    this.simulator.runUntil(this.simulator.nowNs + Math.round(seconds * 1e9))
  }

  /** What was sent, as text: `C S seq 0 win 64240`. Numbers are relative to the SYN of each direction. */
  lines(): readonly string[] {
    const bases = new Map<string, number>()
    return this.sent.map(({ from, packet }) => {
      const { payload } = packet
      if (payload.flags & TCP_FLAG.syn) bases.set(from, payload.sequence)
      const own = bases.get(from) ?? 0
      const other = bases.get(from === 'client' ? 'server' : 'client') ?? 0
      const sequence = (payload.sequence - own) >>> 0
      const acknowledgment = payload.flags & TCP_FLAG.ack ? ` ack ${(payload.acknowledgment - other) >>> 0}` : ''
      const length = payload.payloadBytes > 0 ? ` length ${payload.payloadBytes}` : ''
      const letter = from === 'client' ? 'C' : 'S'
      return `${letter} ${flagText(payload.flags)} seq ${sequence}${acknowledgment} win ${payload.window}${length}`
    })
  }

  #host(name: 'client' | 'server', address: Ipv4Address, mtuBytes: number): Host {
    const host = {
      name,
      simulator: this.simulator,
      origin: this.simulator.origin(`host ${name}`),
      random: this.simulator.random.fork(name),
      journal: this.simulator.journal,
      sysctl: new Sysctl(),
      counters: new Counters(),
      routeGeneration: 1,
      neighbors: { confirm: () => {} },
      names: new Map<string, Ipv4Address>(),
      isLocalAddress: (other: Ipv4Address) => other === address,
      routeFor: (destination: Ipv4Address) =>
        destination === CLIENT || destination === SERVER
          ? {
              ok: true,
              source: address,
              mtuBytes,
              interface: {},
              gateway: undefined,
              type: 'unicast',
              route: undefined,
            }
          : { ok: false, errno: 'ENETUNREACH' },
      sendPacket: (packet: Partial<Ipv4Packet>) => this.#carry(name, packet),
      sendRouted: (packet: Ipv4Packet) => this.#carry(name, packet),
    }
    return host as unknown as Host
  }

  #carry(from: 'client' | 'server', outgoing: Partial<Ipv4Packet>): { ok: true } {
    const packet = { ttl: 64, tos: 0, options: [], ...outgoing, kind: 'ipv4' } as Sent['packet']
    if (ipv4PacketBytes(packet) > 65535) throw new Error('a packet is too long')
    const sent = { atNs: this.simulator.nowNs, from, packet }
    const index = this.sent.push(sent) - 1
    if (this.isLost(sent, index)) return { ok: true }
    const to = from === 'client' ? this.server : this.client
    const delayNs = this.delayNs + this.extraDelayNs(sent, index)
    this.simulator.schedule(this.simulator.origin(`wire ${from}`), delayNs, () => to.receive(packet))
    return { ok: true }
  }
}

export const CLIENT: Ipv4Address = parseIpv4('10.0.0.1')!
export const SERVER: Ipv4Address = parseIpv4('10.0.0.2')!

let nextRecord = 0

interface NumberedContent extends StreamContent {
  readonly number: number
  readonly bytes: number
}

/** Records of these lengths, each with a number of its own. */
export function records(...lengths: readonly number[]): RecordList {
  const contents = lengths.map((bytes): NumberedContent => ({ protocol: 'http', number: nextRecord++, bytes }))
  return recordList(contents, ({ bytes }) => bytes)
}

/** The numbers of records. */
export function numbersOf({ contents }: RecordList, from = 0, to = contents.length): readonly number[] {
  return contents.slice(from, to).map(content => (content as NumberedContent).number)
}

function flagText(flags: number): string {
  let text = ''
  if (flags & TCP_FLAG.fin) text += 'F'
  if (flags & TCP_FLAG.syn) text += 'S'
  if (flags & TCP_FLAG.rst) text += 'R'
  if (flags & TCP_FLAG.psh) text += 'P'
  if (flags & TCP_FLAG.ack) text += '.'
  return `[${text}]`
}
