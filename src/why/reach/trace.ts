import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { packetWatcher, watchPackets } from '../../host/packet-watch.ts'
import type { LabMap } from '../../lab/lab-map.ts'
import { awaitProbe, sendProbe } from '../../scenario/support/probe.ts'
import type { Target } from '../../scenario/support/target.ts'
import { type ProbeMark, probeSide } from '../../scenario/support/trace-probe.ts'
import type { MacAddress } from '../../wire/address.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG } from '../../wire/tcp.ts'

/** `error`: an ICMP error about the probe; `error-back`: one about its answer. */
export type Side = 'there' | 'back' | 'error' | 'error-back'

/** Something that happened to the probe, its answer or an error about them, in order of time. */
export type TraceEvent = {
  readonly side: Side
  readonly host: Host
  readonly packet: Ipv4Packet
  readonly atNs: number
} & (
  | { readonly kind: 'in'; readonly device: Interface | undefined }
  | { readonly kind: 'out'; readonly device: Interface; readonly mac: MacAddress | undefined }
  | { readonly kind: 'rewrite'; readonly after: Ipv4Packet }
  | { readonly kind: 'drop'; readonly reason: string }
)

/** The life of one probe. */
export interface PacketTrace {
  readonly events: readonly TraceEvent[]
  readonly isAnswered: boolean
  readonly failure: string | undefined
  readonly sentAtNs: number
  readonly endedAtNs: number
}

/** Neighbour resolution gives up after three seconds, there and on the way back; TCP hears of it then. */
const ANSWER_NS = 8e9
/** After the answer, for what is still on its way. */
const AFTER_NS = 1e6

/** Sends one probe and writes down what every node does with it. Time passes in the lab meanwhile. */
export function tracePacket(map: LabMap, from: Host, target: Target): PacketTrace {
  const { simulator } = map.lab
  const mark: ProbeMark = { startNs: simulator.nowNs, sequence: undefined }
  const recorder = new TraceRecorder(mark, from, target)
  const stop = recorder.watch(map)
  const probe = sendProbe(from, target)
  awaitProbe(simulator, probe, ANSWER_NS)
  const endedAtNs = probe.answeredAtNs ?? simulator.nowNs
  simulator.runUntil(simulator.nowNs + AFTER_NS)
  stop()
  probe.close()
  const { failure, sentAtNs } = probe
  return { events: recorder.events, isAnswered: probe.answeredAtNs !== undefined, failure, sentAtNs, endedAtNs }
}

class TraceRecorder {
  readonly events: TraceEvent[] = []
  readonly #mark: ProbeMark
  readonly #from: Host
  readonly #target: Target
  /** What was noted, so that what is sent again is not told again. */
  readonly #seen = new Set<string>()

  constructor(mark: ProbeMark, from: Host, target: Target) {
    this.#mark = mark
    this.#from = from
    this.#target = target
  }

  /** Returns the function that ends it. */
  watch(map: LabMap): () => void {
    const stops: (() => void)[] = []
    const { machine, simulator } = map.lab
    const hostsByName = new Map<string, Host>()
    for (const host of map.hosts.keys()) {
      hostsByName.set(host.name, host)
      if (host === machine.host) stops.push(...this.#watchMachine(host))
      else for (const device of host.interfaces) if (device.kind === 'veth') stops.push(this.#tap(host, device))
    }
    const before = packetWatcher(simulator)
    watchPackets(simulator, {
      onDrop: (name, packet, reason) => {
        before?.onDrop(name, packet, reason)
        const host = hostsByName.get(name)
        if (host !== undefined) this.#note(host, packet, { kind: 'drop', reason })
      },
      onRewrite: (name, packet, after) => {
        before?.onRewrite(name, packet, after)
        const host = hostsByName.get(name)
        if (host !== undefined) this.#learn(host, packet)
        if (host !== undefined) this.#note(host, packet, { kind: 'rewrite', after })
      },
    })
    stops.push(() => watchPackets(simulator, before ?? IGNORE))
    return () => {
      for (const stop of stops) stop()
    }
  }

  #tap(host: Host, device: Interface): () => void {
    const tap = (frame: EthernetFrame, direction: 'in' | 'out'): void => {
      const packet = frame.payload
      if (packet.kind !== 'ipv4') return
      if (direction === 'out') {
        this.#learn(host, packet)
        this.#note(host, packet, { kind: 'out', device, mac: frame.destination })
      } else if (frame.destination === device.mac) this.#note(host, packet, { kind: 'in', device })
    }
    device.taps.add(tap)
    return () => device.taps.delete(tap)
  }

  /** The machine's bridges pass frames on without it: only what its IP stack sees counts. */
  #watchMachine(host: Host): readonly (() => void)[] {
    const incoming = host.hooks.prerouting.addFirst((packet, { input }) => {
      this.#note(host, packet, { kind: 'in', device: input })
      return { verdict: 'accept' }
    })
    const outgoing = host.hooks.postrouting.add((packet, { output }) => {
      this.#learn(host, packet)
      if (output !== undefined) this.#note(host, packet, { kind: 'out', device: output, mac: undefined })
      return { verdict: 'accept' }
    })
    return [incoming, outgoing]
  }

  /** The sequence number of the SYN makes a TCP probe known. */
  #learn(host: Host, { payload }: Ipv4Packet): void {
    if (this.#mark.sequence !== undefined || host !== this.#from || payload.kind !== 'tcp') return
    if (this.#target.kind !== 'ping' && payload.flags === TCP_FLAG.syn) this.#mark.sequence = payload.sequence
  }

  #note(host: Host, packet: Ipv4Packet, what: Pick<TraceEvent, 'kind'> & Record<string, unknown>): void {
    const side = this.#sideOf(packet)
    if (side === undefined) return
    const device = 'device' in what ? (what.device as Interface | undefined)?.name : undefined
    const key = [host.name, side, what.kind, device, packet.ttl, packet.source, packet.destination].join(' ')
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.events.push({ side, host, packet, atNs: host.simulator.nowNs, ...what } as TraceEvent)
  }

  #sideOf(packet: Ipv4Packet): Side | undefined {
    const side = probeSide(this.#mark, packet)
    if (side !== undefined) return side
    const { payload } = packet
    if (payload.kind !== 'icmp' || !('quoted' in payload) || payload.type === 5) return undefined
    const about = probeSide(this.#mark, payload.quoted)
    return about === undefined ? undefined : about === 'there' ? 'error' : 'error-back'
  }
}

const IGNORE = { onDrop() {}, onRewrite() {} }
