import type { EchoReply, EchoSocket } from '../../../host/echo-socket.ts'
import type { Host } from '../../../host/host.ts'
import type { IcmpErrorReport } from '../../../host/icmp.ts'
import type { Interface } from '../../../host/interface.ts'
import type { SendResult } from '../../../host/output.ts'
import { type Coroutine, Signal } from '../../../sim/coroutine.ts'
import { formatIpv4, type Ipv4Address } from '../../../wire/address.ts'
import type { CommandContext } from '../../command.ts'
import { errorText } from '../ip/output.ts'
import { nameOf } from '../route-table.ts'
import { icmpErrorText, type PingStatistics, roundTripText, statisticsText } from './format.ts'
import type { PingOptions } from './options.ts'

/** Where the requests go and what they carry. */
export interface PingTarget {
  readonly address: Ipv4Address
  /** Text of the destination as given, for the first and last lines. */
  readonly title: string
  readonly source: Ipv4Address | undefined
  readonly device: Interface | undefined
  /** Names are looked up for answers when the destination was a name and -n was not given. */
  readonly looksUpNames: boolean
}

/** Requests of at least this size carry the time at which they were sent. */
const TIMED_BYTES = 16
const HEADERS_BYTES = 28

/** One run of ping: sends, listens, prints. Time passes while `run` is executed. Source: iputils ping_common.c. */
export class PingRun {
  readonly #context: CommandContext
  readonly #host: Host
  readonly #options: PingOptions
  readonly #target: PingTarget
  readonly #socket: EchoSocket
  readonly #news = new Signal()
  readonly #answered = new Set<number>()
  readonly #statistics: PingStatistics = {
    transmitted: 0,
    received: 0,
    duplicates: 0,
    errors: 0,
    sum: 0,
    sumOfSquares: 0,
    minimum: Number.MAX_SAFE_INTEGER,
    maximum: 0,
    pipe: 0,
  }
  #startedAtNs = 0
  #lastSentAtNs = 0

  constructor(context: CommandContext, options: PingOptions, target: PingTarget) {
    this.#context = context
    this.#host = context.node.host
    this.#options = options
    this.#target = target
    this.#socket = this.#host.icmp.openEcho()
    this.#socket.onReply = reply => this.#receive(reply)
    this.#socket.onError = report => this.#receiveError(report)
  }

  /** Runs to the end. Exit code: 0 when anything was received (everything, with -w), else 1. */
  *run(): Coroutine<number> {
    const { count, deadlineNs, dataBytes } = this.#options
    const { simulator } = this.#host
    this.#context.out(`${this.#firstLine()}${dataBytes}(${dataBytes + HEADERS_BYTES}) bytes of data.\n`)
    this.#startedAtNs = simulator.nowNs
    const endAtNs = deadlineNs === undefined ? Number.POSITIVE_INFINITY : simulator.nowNs + deadlineNs
    const wasInterrupted = yield* this.#sendAll(endAtNs)
    if (!wasInterrupted && !this.#isComplete()) yield* this.#linger(endAtNs)
    this.#socket.close()
    const elapsedNs = this.#lastSentAtNs - this.#startedAtNs
    this.#context.out(statisticsText(this.#target.title, this.#statistics, elapsedNs, dataBytes >= TIMED_BYTES))
    const { received } = this.#statistics
    const isShort = deadlineNs !== undefined && count !== undefined && received < count
    return received === 0 || isShort ? 1 : 0
  }

  #firstLine(): string {
    const { title, address, source, device } = this.#target
    if (this.#options.source === undefined) return `PING ${title} (${formatIpv4(address)}) `
    return `PING ${title} (${formatIpv4(address)}) from ${formatIpv4(source ?? 0)} ${device?.name ?? ''}: `
  }

  /** Sends a request each interval; true when somebody pressed Ctrl-C. */
  *#sendAll(endAtNs: number): Coroutine<boolean> {
    const { count, intervalNs, deadlineNs } = this.#options
    const { simulator } = this.#host
    for (;;) {
      this.#send()
      const nextAtNs = simulator.nowNs + intervalNs
      const isLast = count !== undefined && this.#statistics.transmitted >= count && deadlineNs === undefined
      if (isLast) return false
      while (simulator.nowNs < nextAtNs) {
        if (this.#isComplete()) return false
        const untilNs = Math.min(nextAtNs, endAtNs)
        const wake = yield { sleepNs: untilNs - simulator.nowNs, signal: this.#news }
        if (wake === 'interrupt') return true
        if (simulator.nowNs >= endAtNs) return true
      }
      if (this.#isComplete()) return false
      this.#reportMissing()
    }
  }

  /** After the last request: twice the longest round trip but at least an interval, or -W when nothing came. */
  *#linger(endAtNs: number): Coroutine<void> {
    const { intervalNs, lingerNs } = this.#options
    const { simulator } = this.#host
    const { received, maximum } = this.#statistics
    const waitNs = received > 0 ? Math.max(2 * maximum * 1000, intervalNs) : lingerNs
    const untilNs = Math.min(simulator.nowNs + waitNs, endAtNs)
    while (simulator.nowNs < untilNs && !this.#isComplete()) {
      const wake = yield { sleepNs: untilNs - simulator.nowNs, signal: this.#news }
      if (wake === 'interrupt') return
    }
  }

  /** All are answered; with -w an error ends the run as well. */
  #isComplete(): boolean {
    const { count, deadlineNs } = this.#options
    const { received, errors } = this.#statistics
    return (count !== undefined && received + errors >= count) || (deadlineNs !== undefined && errors > 0)
  }

  #send(): void {
    const { dataBytes, ttl, tos, pathMtu } = this.#options
    const { address, source, device } = this.#target
    const sequence = (this.#statistics.transmitted + 1) % 65536
    this.#lastSentAtNs = this.#host.simulator.nowNs
    const result = this.#socket.send({
      destination: address,
      sequence,
      dataBytes,
      tos,
      ...(source === undefined ? {} : { source }),
      ...(device === undefined ? {} : { interface: device }),
      ...(ttl === undefined ? {} : { ttl }),
      ...(pathMtu === 'want' ? {} : { dontFragment: pathMtu === 'do' }),
    })
    this.#statistics.transmitted += 1
    if (!result.ok) this.#complain(result)
  }

  #complain(result: Extract<SendResult, { ok: false }>): void {
    if (result.errno === 'EMSGSIZE') {
      this.#statistics.errors += 1
      if (!this.#options.isQuiet)
        this.#context.error(`ping: local error: message too long, mtu=${result.mtuBytes ?? 0}\n`)
    } else if (!this.#options.isQuiet) this.#context.error(`ping: sendmsg: ${errorText(result.errno)}\n`)
  }

  #receive(reply: EchoReply): void {
    const { packet, message } = reply
    const statistics = this.#statistics
    const isRepeated = this.#answered.has(message.sequence)
    this.#answered.add(message.sequence)
    this.#acknowledge(message.sequence)
    if (isRepeated) statistics.duplicates += 1
    else statistics.received += 1
    const microseconds = Math.floor((reply.receivedAtNs - message.sentAtNs) / 1000)
    const isTimed = message.dataBytes >= TIMED_BYTES
    if (isTimed) {
      statistics.sum += microseconds
      statistics.sumOfSquares += microseconds * microseconds
      statistics.minimum = Math.min(statistics.minimum, microseconds)
      statistics.maximum = Math.max(statistics.maximum, microseconds)
    }
    const time = isTimed ? ` time=${roundTripText(microseconds)} ms` : ''
    const line = `${message.dataBytes + 8} bytes from ${this.#peer(packet.source)}: icmp_seq=${message.sequence} ttl=${packet.ttl}${time}`
    this.#print(`${line}${isRepeated ? ' (DUP!)' : ''}\n`)
    this.#news.notify()
  }

  #receiveError(report: IcmpErrorReport): void {
    const { payload } = report.message.quoted
    if (payload.kind !== 'icmp' || payload.type !== 8) return
    const isRedirect = report.message.type === 5
    if (!isRedirect) {
      this.#acknowledge(payload.sequence)
      this.#statistics.errors += 1
    }
    const text = icmpErrorText(report)
    this.#print(`From ${this.#peer(report.from)}${isRedirect ? ':' : ''} icmp_seq=${payload.sequence} ${text}\n`)
    this.#news.notify()
  }

  /** Counts how many requests were under way. */
  #acknowledge(sequence: number): void {
    const underWay = (this.#statistics.transmitted - sequence + 65536) % 65536
    if (underWay <= 0x7fff) this.#statistics.pipe = Math.max(this.#statistics.pipe, underWay + 1)
  }

  /** -O: said when the next request is due. */
  #reportMissing(): void {
    const { transmitted } = this.#statistics
    if (!this.#options.reportsMissing || this.#answered.has(transmitted % 65536)) return
    this.#print(`no answer yet for icmp_seq=${transmitted}\n`)
  }

  #print(line: string): void {
    if (this.#options.isQuiet) return
    const stamp = this.#options.showsTimestamps ? `[${(this.#host.simulator.wallMs / 1000).toFixed(6)}] ` : ''
    this.#context.out(stamp + line)
  }

  #peer(address: Ipv4Address): string {
    const name = this.#target.looksUpNames ? nameOf(this.#host, address) : undefined
    return name === undefined ? formatIpv4(address) : `${name} (${formatIpv4(address)})`
  }
}
