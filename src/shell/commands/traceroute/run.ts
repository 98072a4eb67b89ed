import type { Host } from '../../../host/host.ts'
import type { IcmpErrorReport } from '../../../host/icmp.ts'
import type { Interface } from '../../../host/interface.ts'
import type { SendResult } from '../../../host/output.ts'
import { type Coroutine, Signal } from '../../../sim/coroutine.ts'
import { formatIpv4, type Ipv4Address } from '../../../wire/address.ts'
import type { CommandContext } from '../../command.ts'
import { errorText } from '../ip/output.ts'
import { nameOf } from '../route-table.ts'
import type { TracerouteOptions } from './options.ts'
import { markOf, newProbe, type Probe } from './probe.ts'

/** Where the probes go. */
export interface TracerouteTarget {
  readonly address: Ipv4Address
  readonly source: Ipv4Address | undefined
  readonly device: Interface | undefined
}

const IP_HEADER_BYTES = 20
/** Headers of UDP and of ICMP echo are equally long. */
const HEADER_BYTES = 8
/** Added to an answer's time before it is multiplied (DEF_WAIT_PREC). */
const PRECISION_NS = 1e6

/**
 * One run of traceroute: several probes in flight across hops, printed in order. Source: traceroute 2.1.2, do_it.
 * Differs from traceroute: probes of a silent last hop are not moved to the hop that answered (check_expired).
 */
export class TracerouteRun {
  readonly #context: CommandContext
  readonly #host: Host
  readonly #options: TracerouteOptions
  readonly #target: TracerouteTarget
  readonly #probes: readonly Probe[]
  readonly #news = new Signal()
  readonly #closers: (() => void)[] = []
  #failure: Extract<SendResult, { ok: false }> | undefined
  #sendIcmp: ((index: number, ttl: number) => SendResult) | undefined

  constructor(context: CommandContext, options: TracerouteOptions, target: TracerouteTarget) {
    this.#context = context
    this.#host = context.node.host
    this.#options = options
    this.#target = target
    this.#probes = Array.from({ length: options.hopsMax * options.probesPerHop }, newProbe)
  }

  /** Exit code: 0 however far it came, 1 when a probe could not be sent. */
  *run(): Coroutine<number> {
    const { destination, hopsMax, packetBytes, firstTtl, probesPerHop } = this.#options
    const { simulator } = this.#host
    this.#context.out(
      `traceroute to ${destination} (${formatIpv4(this.#target.address)}), ${hopsMax} hops max, ${packetBytes} byte packets`,
    )
    const range = { start: (firstTtl - 1) * probesPerHop, end: this.#probes.length }
    while (range.start < range.end) {
      const untilNs = this.#step(range)
      if (this.#failure !== undefined) return this.#fail(this.#failure)
      if (untilNs === undefined) continue
      const wake = yield { sleepNs: Math.max(0, untilNs - simulator.nowNs), signal: this.#news }
      if (wake === 'interrupt') {
        this.#close()
        return 130
      }
    }
    this.#close()
    this.#context.out('\n')
    return 0
  }

  /** One pass over the probes: gives up late ones, prints what is next in order, sends what may leave. When to look again. */
  #step(range: { start: number; end: number }): number | undefined {
    const { probesPerHop, simultaneous } = this.#options
    const { nowNs } = this.#host.simulator
    let inFlight = 0
    let untilNs: number | undefined
    for (let index = range.start; index < range.end; index++) {
      const probe = this.#probes[index]!
      if (index === range.start && !probe.isDone && probe.sentAtNs !== undefined) {
        const expiresAtNs = probe.sentAtNs + this.#waitNs(index)
        if (expiresAtNs > nowNs) untilNs = expiresAtNs
        else probe.isDone = true
      }
      if (probe.isDone) {
        if (index === range.start) {
          this.#print(index)
          range.start += 1
        }
        if (probe.isFinal) range.end = (Math.floor(index / probesPerHop) + 1) * probesPerHop
        continue
      }
      if (probe.sentAtNs === undefined) this.#send(index)
      if (this.#failure !== undefined) return undefined
      untilNs ??= probe.sentAtNs! + this.#waitNs(index)
      inFlight += 1
      if (inFlight >= simultaneous) break
    }
    return untilNs
  }

  /** 5 s, or a multiple of the time that the same or a farther hop took (get_timeout). */
  #waitNs(index: number): number {
    const { probesPerHop, hereFactor, nearFactor, waitNs } = this.#options
    const first = index - (index % probesPerHop)
    const limit = (probes: readonly Probe[], factor: number): number | undefined => {
      const answered = probes.find(probe => probe.receivedAtNs !== undefined)
      if (answered === undefined || factor === 0) return undefined
      return Math.min(Math.round((answered.receivedAtNs! - answered.sentAtNs! + PRECISION_NS) * factor), waitNs)
    }
    const here = limit(this.#probes.slice(first, first + probesPerHop), hereFactor)
    return here ?? limit(this.#probes.slice(first + probesPerHop), nearFactor) ?? waitNs
  }

  #send(index: number): void {
    const probe = this.#probes[index]!
    const ttl = Math.floor(index / this.#options.probesPerHop) + 1
    probe.sentAtNs = this.#host.simulator.nowNs
    const result = this.#options.method === 'icmp' ? this.#sendEcho(index, ttl) : this.#sendDatagram(index, ttl)
    if (!result.ok) this.#failure = result
  }

  /** A socket of its own for each probe, as the real one has, so that errors find it. */
  #sendDatagram(index: number, ttl: number): SendResult {
    const { address, source, device } = this.#target
    const socket = this.#host.udp.bind({
      ...(source === undefined ? {} : { address: source }),
      onError: report => this.#receiveError(index, report),
      onDatagram: packet => this.#answer(index, packet.source, true, ''),
    })
    if ('errno' in socket) return { ok: false, errno: 'EINVAL' }
    this.#closers.push(() => socket.close())
    return socket.send({
      destination: address,
      destinationPort: this.#options.port + index,
      payloadBytes: this.#options.packetBytes - IP_HEADER_BYTES - HEADER_BYTES,
      ttl,
      dontFragment: false,
      ...(device === undefined ? {} : { interface: device }),
    })
  }

  #sendEcho(index: number, ttl: number): SendResult {
    this.#sendIcmp ??= this.#openEcho()
    return this.#sendIcmp(index, ttl)
  }

  #openEcho(): (index: number, ttl: number) => SendResult {
    const { address, source, device } = this.#target
    const socket = this.#host.icmp.openEcho()
    socket.onReply = reply => this.#answer(reply.message.sequence - 1, reply.packet.source, true, '')
    socket.onError = report => {
      const { payload } = report.message.quoted
      if (payload.kind === 'icmp' && payload.type === 8) this.#receiveError(payload.sequence - 1, report)
    }
    this.#closers.push(() => socket.close())
    return (index, ttl) =>
      socket.send({
        destination: address,
        sequence: index + 1,
        dataBytes: this.#options.packetBytes - IP_HEADER_BYTES - HEADER_BYTES,
        ttl,
        dontFragment: false,
        ...(source === undefined ? {} : { source }),
        ...(device === undefined ? {} : { interface: device }),
      })
  }

  #receiveError(index: number, report: IcmpErrorReport): void {
    const meaning = markOf(report)
    if (meaning !== undefined) this.#answer(index, report.from, meaning.isFinal, meaning.mark)
  }

  #answer(index: number, from: Ipv4Address, isFinal: boolean, mark: string): void {
    const probe = this.#probes[index]
    if (probe === undefined || probe.isDone) return
    Object.assign(probe, { isDone: true, isFinal, mark, from, receivedAtNs: this.#host.simulator.nowNs })
    this.#news.notify()
  }

  #print(index: number): void {
    const { probesPerHop } = this.#options
    const probe = this.#probes[index]!
    const position = index % probesPerHop
    if (position === 0) this.#context.out(`\n${String(index / probesPerHop + 1).padStart(2)} `)
    if (probe.from === undefined) {
      this.#context.out(' *')
      return
    }
    const before = this.#probes.slice(index - position, index).findLast(other => other.from !== undefined)
    if (before?.from !== probe.from) this.#context.out(` ${this.#name(probe.from)}`)
    const milliseconds = (probe.receivedAtNs! - probe.sentAtNs!) / 1e6
    this.#context.out(`  ${milliseconds.toFixed(3)} ms${probe.mark === '' ? '' : ` ${probe.mark}`}`)
  }

  #name(address: Ipv4Address): string {
    const text = formatIpv4(address)
    return this.#options.isNumeric ? text : `${nameOf(this.#host, address) ?? text} (${text})`
  }

  #fail(failure: Extract<SendResult, { ok: false }>): number {
    this.#close()
    this.#context.error(`\nconnect: ${errorText(failure.errno)}\n`)
    return 1
  }

  #close(): void {
    for (const close of this.#closers) close()
  }
}
