import type { Host } from '../host/host.ts'
import type { UdpSocket } from '../host/udp.ts'
import type { Random } from '../sim/random.ts'
import { Timer } from '../sim/timer.ts'
import { MachineRun } from '../sim/transition-table.ts'
import { formatIpv4, type Ipv4Address } from '../wire/address.ts'
import { BFD_BYTES, BFD_PORT, type BfdControlPacket, type BfdState } from '../wire/bfd.ts'
import { BFD_TRANSITIONS, type BfdActions, type BfdRun, DIAGNOSTIC } from './bfd-machine.ts'

/** What a session wants of itself, all of it settled. Milliseconds. */
export interface BfdTimers {
  readonly detectMultiplier: number
  readonly receiveMs: number
  readonly transmitMs: number
}

/** RFC 5880 §6.8.3: until a session is up it sends no faster than this; bfdd asks for the same of the neighbour. */
const SLOW_US = 1_000_000
/** bfdd's required echo interval; echo itself is off. Measured on FRR 8.4.4. */
const ECHO_RECEIVE_US = 50_000
/** Precedence "internetwork control", and the only TTL a single-hop neighbour takes (RFC 5881 §5). */
const TOS = 0xc0
const TTL = 255

/** RFC 5880 §6.8.7: intervals are shortened by up to a quarter. */
const SHORTEST_SHARE = 0.75

/**
 * One single-hop session (RFC 5880, RFC 5881), asynchronous mode. Timing as measured on bfdd 8.4.4: 1 s until it is up,
 * then the slower of what both want, each interval shortened by up to a quarter.
 * Differs from FRR: the session is kept when BGP comes up, where bgpd registers a new one with its own address; changed
 * intervals count at once, where a poll sequence ends first. Not modelled: echo, demand mode, authentication, multihop.
 */
export class BfdSession implements BfdActions {
  readonly peer: Ipv4Address
  readonly timers: BfdTimers
  readonly discriminator: number
  local: Ipv4Address | undefined
  interfaceName: string | undefined
  diagnostic: number = DIAGNOSTIC.none
  changedAtNs: number
  /** The neighbour's last packet; bfdd shows 1000 ms and 3 before the first. */
  remote: BfdControlPacket | undefined
  /** Cleared when the session goes down. */
  remoteDiscriminator = 0
  readonly counters = { input: 0, output: 0, up: 0, down: 0, notifications: 0 }
  onChange: (isUp: boolean) => void = () => {}
  readonly #host: Host
  readonly #socket: UdpSocket
  readonly #random: Random
  readonly #transmitTimer: Timer
  readonly #detectionTimer: Timer
  readonly #run: BfdRun = new MachineRun(BFD_TRANSITIONS, this)

  constructor(host: Host, socket: UdpSocket, peer: Ipv4Address, timers: BfdTimers) {
    this.#host = host
    this.#socket = socket
    this.peer = peer
    this.timers = timers
    this.#random = host.random.fork(`bfd ${peer}`)
    this.discriminator = this.#random.uint32() || 1
    this.changedAtNs = host.simulator.nowNs
    this.#transmitTimer = new Timer(host.simulator, host.origin, 'background', () => this.#transmit())
    this.#detectionTimer = new Timer(host.simulator, host.origin, 'background', () => this.#run.send('timeout'))
    this.#run.start()
    this.tell()
  }

  get state(): BfdState {
    return this.#run.state
  }

  receive(packet: BfdControlPacket): void {
    this.counters.input += 1
    const isDiscriminatorWrong = packet.yourDiscriminator !== 0 && packet.yourDiscriminator !== this.discriminator
    if (isDiscriminatorWrong || packet.detectMultiplier === 0 || packet.myDiscriminator === 0) return
    const hasNewRate = this.remote !== undefined && this.remote.requiredReceiveUs !== packet.requiredReceiveUs
    this.remote = packet
    this.remoteDiscriminator = packet.myDiscriminator
    const detectionUs = packet.detectMultiplier * Math.max(this.#requiredReceiveUs, packet.desiredTransmitUs)
    this.#run.send(packet.state === 'admin-down' ? 'adminDown' : packet.state)
    if (this.state === 'down') this.#detectionTimer.stop()
    else this.#detectionTimer.restart(detectionUs * 1000)
    if (packet.isPoll) this.#send(true)
    // the neighbour waits for packets at the new pace from now on
    if (hasNewRate) this.tell()
  }

  comeUp(): void {
    this.diagnostic = DIAGNOSTIC.none
    this.counters.up += 1
    this.#changed()
    this.#notify(true)
  }

  goDownByTimeout(): void {
    this.#goDown(DIAGNOSTIC.detectionTimeExpired)
  }

  goDownByNeighbor(): void {
    this.#goDown(DIAGNOSTIC.neighborDown)
  }

  #goDown(diagnostic: number): void {
    this.diagnostic = diagnostic
    this.remoteDiscriminator = 0
    this.#detectionTimer.stop()
    this.counters.down += 1
    this.#changed()
    this.#notify(false)
    this.#host.simulator.schedule(this.#host.origin, 0, () => this.tell(), 'background')
  }

  /** Sends the state once the transition is over, and keeps the rhythm from there. */
  tell(): void {
    this.#transmitTimer.restart(0)
  }

  #transmit(): void {
    this.#send(false)
    const isUp = this.state === 'up'
    const wantedUs = isUp ? this.timers.transmitMs * 1000 : SLOW_US
    const intervalUs = Math.max(wantedUs, isUp ? (this.remote?.requiredReceiveUs ?? 0) : 0)
    const share = SHORTEST_SHARE + (1 - SHORTEST_SHARE) * this.#random.float()
    this.#transmitTimer.restart(Math.round(intervalUs * 1000 * share))
  }

  /** Ends the session; the neighbour is told that it was taken away (AdminDown) unless the program just dies. */
  stop(isTold: boolean): void {
    if (isTold) this.#send(false, 'admin-down')
    this.#transmitTimer.stop()
    this.#detectionTimer.stop()
    this.#run.stop()
  }

  get #requiredReceiveUs(): number {
    return this.state === 'up' ? this.timers.receiveMs * 1000 : SLOW_US
  }

  #send(isFinal: boolean, state: BfdState = this.state): void {
    this.counters.output += 1
    const isUp = state === 'up'
    const payload: BfdControlPacket = {
      kind: 'bfd',
      state,
      diagnostic: this.diagnostic,
      isPoll: false,
      isFinal,
      detectMultiplier: this.timers.detectMultiplier,
      myDiscriminator: this.discriminator,
      yourDiscriminator: this.remoteDiscriminator,
      desiredTransmitUs: isUp ? this.timers.transmitMs * 1000 : SLOW_US,
      requiredReceiveUs: isUp ? this.timers.receiveMs * 1000 : SLOW_US,
      requiredEchoReceiveUs: ECHO_RECEIVE_US,
    }
    this.#socket.send({
      destination: this.peer,
      destinationPort: BFD_PORT,
      payloadBytes: BFD_BYTES,
      payload,
      ttl: TTL,
      tos: TOS,
      ...(this.local === undefined ? {} : { source: this.local }),
    })
  }

  #changed(): void {
    this.changedAtNs = this.#host.simulator.nowNs
  }

  #notify(isUp: boolean): void {
    this.counters.notifications += 1
    this.#host.journal.record(this.#host.name, 'bfd.session', {
      peer: formatIpv4(this.peer),
      state: isUp ? 'up' : 'down',
    })
    this.#host.simulator.schedule(this.#host.origin, 0, () => this.onChange(isUp), 'work')
  }
}
