import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG } from '../../wire/tcp.ts'
import { describePacket } from './describe-frame.ts'
import { awaitProbe, sendProbe } from './probe.ts'
import type { Target } from './target.ts'

/** One node that a packet entered. */
export interface Station {
  readonly node: string
  readonly interface: string
  readonly atNs: number
  readonly packet: Ipv4Packet
}

/** The way of a probe and of its answer. */
export interface Trace {
  readonly there: readonly Station[]
  readonly back: readonly Station[]
  readonly isAnswered: boolean
  /** Where and why it ended, when it was not answered. */
  readonly end: string
}

/** How long the answer is waited for: ARP on the way may take some time. */
const ANSWER_NS = 3e9

/**
 * Sends one probe and notes every node that it and its answer enter. What makes it recognisable survives address
 * translation and tunnels: the sequence number of a SYN and of its acknowledgement, the time stamp inside an echo request.
 *
 * The machine itself is seen only where it routes: what its bridges pass on is no station.
 */
export function traceProbe(lab: Lab, from: LabNode, target: Target): Trace {
  const { simulator } = lab
  const there: Station[] = []
  const back: Station[] = []
  const mark: ProbeMark = { startNs: simulator.nowNs, sequence: undefined }
  const note = (node: string, device: string, packet: Ipv4Packet): void => {
    const side = probeSide(mark, packet)
    if (side === undefined) return
    const list = side === 'there' ? there : back
    const isNews = list.at(-1)?.node !== node && !(side === 'there' && node === from.name && list.length === 0)
    if (isNews) list.push({ node, interface: device, atNs: simulator.nowNs, packet })
  }
  const learn = (packet: Ipv4Packet): void => {
    const { payload } = packet
    if (payload.kind === 'tcp' && payload.flags === TCP_FLAG.syn && payload.destinationPort === target.port)
      mark.sequence ??= payload.sequence
  }
  const stop = watch(lab, from, learn, note)
  const entriesBefore = simulator.journal.entries.length + simulator.journal.dropped
  const probe = sendProbe(from.host, target)
  awaitProbe(simulator, probe, ANSWER_NS)
  stop()
  probe.close()
  // a refusal is an answer too: it shows the way
  return { there, back, isAnswered: back.at(-1)?.node === from.name, end: endOf(lab, entriesBefore, probe.failure) }
}

/** `at 1.000020s leaf01 eth1: 10.0.0.1 > 10.0.0.2 icmp type 8 …`. */
export function describeStation({ node, interface: device, atNs, packet }: Station): string {
  return `at ${(atNs / 1e9).toFixed(6)}s ${node} ${device}: ${describePacket(packet)}`
}

/** What makes a probe recognisable wherever it is met. */
export interface ProbeMark {
  readonly startNs: number
  /** Of the SYN, once it has left. */
  sequence: number | undefined
}

/** Whether a packet is the probe or its answer, in tunnels too; undefined: neither. */
export function probeSide(mark: ProbeMark, packet: Ipv4Packet): 'there' | 'back' | undefined {
  const { payload } = packet
  if (payload.kind === 'ipv4') return probeSide(mark, payload)
  if (payload.kind === 'udp' && payload.payload?.kind === 'geneve') {
    const { payload: carried } = payload.payload
    const inner = 'kind' in carried ? carried : carried.payload
    return inner.kind === 'ipv4' ? probeSide(mark, inner) : undefined
  }
  if (payload.kind === 'icmp') {
    if (!('sentAtNs' in payload) || payload.sentAtNs !== mark.startNs) return undefined
    return payload.type === 8 ? 'there' : 'back'
  }
  if (payload.kind !== 'tcp' || mark.sequence === undefined) return undefined
  if (payload.flags === TCP_FLAG.syn && payload.sequence === mark.sequence) return 'there'
  const acknowledges = payload.acknowledgment === (mark.sequence + 1) >>> 0
  return (payload.flags & (TCP_FLAG.syn | TCP_FLAG.rst)) !== 0 && acknowledges ? 'back' : undefined
}

/** Looks at what every node receives and at what the sender sends. Returns the function that stops it. */
function watch(
  lab: Lab,
  from: LabNode,
  learn: (packet: Ipv4Packet) => void,
  note: (node: string, device: string, packet: Ipv4Packet) => void,
): () => void {
  const stops: (() => void)[] = []
  const hosts = new Map(lab.nodes().map(node => [node.host, node.name]))
  for (const [host, name] of hosts) {
    for (const device of host.interfaces) {
      const tap = (frame: EthernetFrame, direction: 'in' | 'out'): void => {
        if (frame.payload.kind !== 'ipv4') return
        if (direction === 'out' && host === from.host) learn(frame.payload)
        if (direction === 'in' && frame.destination === device.mac) note(name, device.name, frame.payload)
      }
      if (device.kind !== 'veth') continue
      device.taps.add(tap)
      stops.push(() => device.taps.delete(tap))
    }
  }
  const { host, name } = lab.machine
  stops.push(
    host.hooks.prerouting.addFirst((packet, { input }) => {
      note(name, input?.name ?? '', packet)
      return { verdict: 'accept' }
    }),
  )
  if (from.host === host)
    stops.push(
      host.hooks.postrouting.add(packet => {
        learn(packet)
        return { verdict: 'accept' }
      }),
    )
  return () => {
    for (const stop of stops) stop()
  }
}

function endOf(lab: Lab, entriesBefore: number, failure: string | undefined): string {
  const { entries, dropped } = lab.simulator.journal
  const drop = entries.slice(Math.max(0, entriesBefore - dropped)).find(entry => /(^|\.)drop$/.test(entry.kind))
  const where = drop === undefined ? '' : `, ${drop.node} dropped: ${String(drop.detail.reason ?? '')}`
  return `no answer${failure === undefined ? '' : ` (${failure})`}${where}`
}
