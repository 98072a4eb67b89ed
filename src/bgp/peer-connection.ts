import { Timer } from '../sim/timer.ts'
import { MachineRun } from '../sim/transition-table.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { BgpMessage, BgpOpen } from '../wire/bgp/message.ts'
import { bgpRecords } from '../wire/bgp/records.ts'
import type { RecordList } from '../wire/stream.ts'
import { type NegotiatedSession, negotiate } from './capabilities.ts'
import { CEASE, HOLD_TIMER_EXPIRED, PEER_DOWN, STATE_MACHINE_ERROR } from './notification.ts'
import type { Session } from './session.ts'
import { SESSION_TRANSITIONS, type SessionActions, type SessionRun } from './session-machine.ts'
import { connectTo } from './session-tcp.ts'
import type { PeerState } from './snapshot.ts'
import type { ConnectionEnd, SpeakerConnection } from './transport.ts'
import { UpdateBurst } from './update-burst.ts'

const SECOND_NS = 1e9
/** FRR doubles the start timer up to here. */
const START_DELAY_MAX_SECONDS = 120
/** Precedence "internetwork control". */
const BGP_TOS = 0xc0
const GOBGP_FIRST_DIAL_SECONDS = 5
/** All KEEPALIVEs are one. */
const KEEPALIVE = bgpRecords([{ protocol: 'bgp', type: 'keepalive' }])

/**
 * One run of the session machine with at most one TCP connection. A peer has one that connects; an accepted connection gets
 * its own until the two are told apart (RFC 4271 §6.8), as FRR's "doppelganger" does.
 */
export class PeerConnection implements SessionActions {
  readonly session: Session
  /** Came from outside and is not the session yet. */
  isAccepted: boolean
  tcp: SpeakerConnection | undefined
  ownOpen: BgpOpen | undefined
  otherOpen: BgpOpen | undefined
  negotiated: NegotiatedSession | undefined
  lastReadAtNs = 0
  // each made when it is first started: most connections never need some of them
  #startTimer: Timer | undefined
  #connectRetryTimer: Timer | undefined
  #holdTimer: Timer | undefined
  #keepaliveTimer: Timer | undefined
  #delayOpenTimer: Timer | undefined
  readonly #run: SessionRun = new MachineRun(SESSION_TRANSITIONS, this)
  #startDelayFactor = 1
  /** Retries since the last session: the first one is news, later ones are background. */
  #attempts = 0
  #hasDialed = false
  #hasWaited = false
  #isDisposed = false
  /** The session ended in a way after which a peer that can restart gracefully is waited for. */
  lossIsGraceful = false

  constructor(session: Session, isAccepted: boolean) {
    this.session = session
    this.isAccepted = isAccepted
    this.#run.start()
  }

  get state(): PeerState {
    return this.#run.state
  }

  get startTimer(): Timer {
    this.#startTimer ??= this.#timer(() => this.start())
    return this.#startTimer
  }

  get connectRetryTimer(): Timer {
    this.#connectRetryTimer ??= this.#timer(() => this.#run.send('connectRetryTimerExpires'))
    return this.#connectRetryTimer
  }

  start(): void {
    this.#startTimer?.stop()
    this.#run.send('start')
  }

  stop(): void {
    this.#run.send('stop')
  }

  /** Ends for good; nothing is said. */
  dispose(): void {
    this.#isDisposed = true
    this.closeConnection()
    this.#run.stop()
  }

  /** The process is gone: the kernel closes its connection, BGP says nothing. */
  crash(): void {
    this.dispose()
  }

  /** Takes an accepted TCP connection. */
  accept(tcp: SpeakerConnection): void {
    this.#listenTo(tcp)
    this.#tcpIsOpen()
  }

  /** The next hop of the peer's address came or went (FRR bgp_fsm_nht_update). */
  onNextHopChange(isValid: boolean): void {
    const { state } = this
    if (isValid) {
      if (state === 'Idle' && !this.startTimer.isRunning && this.session.mayStart) this.start()
      else if (state === 'Idle' && this.startTimer.isRunning) this.start()
      else if (
        state === 'Active' &&
        !this.session.model.passive &&
        !this.session.isRestartAwaited &&
        this.tcp === undefined
      ) {
        this.#connectRetryTimer?.stop()
        this.#run.send('connectRetryTimerExpires')
      }
      return
    }
    if (state === 'Connect') {
      this.#connectRetryTimer?.stop()
      this.#run.send('tcpFails')
    } else if (
      state !== 'Idle' &&
      state !== 'Active' &&
      state !== 'Clearing' &&
      this.session.model.ttlSecurityHops === 1
    ) {
      this.#run.send('tcpFails')
    }
  }

  /** A peer that was to come back by itself has not: the connect retry timer runs again (FRR bgp_timer_set). */
  dialAgain(): void {
    if (this.state === 'Active') this.startConnectRetryTimer()
  }

  /** All routes of the lost session are gone; the peer itself may be gone by then too. */
  cleared(): void {
    if (!this.#isDisposed) this.#run.send('cleared')
  }

  fail(): void {
    this.#run.send('tcpFails')
  }

  // What the machine asks for

  enterIdle(): void {
    if (this.#isDisposed || this.isAccepted) {
      if (this.isAccepted && this.otherEndIsGone) this.session.dropAccepted(this)
      return
    }
    this.#stopTimers()
    if (!this.session.mayStart) return
    const kind = this.#attempts > 0 ? 'background' : 'work'
    this.#attempts += 1
    this.startTimer.restart(this.session.speaker.behaviour.startTimerNs * this.#startDelayFactor, kind)
  }

  beginConnecting(): void {
    const tcp = this.#mayDial() ? connectTo(this.session, BGP_TOS) : undefined
    if (tcp === undefined) {
      this.#run.send('tcpFails')
      return
    }
    this.#hasDialed = true
    this.#listenTo(tcp)
    tcp.onEstablished = () => this.#tcpIsOpen()
  }

  startConnectRetryTimer(): void {
    this.#startTimer?.stop()
    if (this.session.model.passive || this.session.isRestartAwaited || this.isAccepted) return
    if (this.connectRetryTimer.isRunning) return
    // GoBGP's first dial is always news; its start has counted as an attempt before it.
    const isNews = this.#attempts <= 1 || (this.session.speaker.behaviour.dialsAtRandom && !this.#hasDialed)
    this.connectRetryTimer.restart(this.#retryDelayNs(), isNews ? 'work' : 'background')
    this.#attempts += 1
  }

  sendOpen(): void {
    this.#connectRetryTimer?.stop()
    this.#delayOpenTimer?.stop()
    this.ownOpen = this.session.ownOpen()
    this.send(this.ownOpen)
    this.#restartHold(this.ownOpen.holdSeconds)
  }

  startDelayOpenTimer(): void {
    this.#delayOpenTimer ??= this.#timer(() => this.#run.send('delayOpenTimerExpires'))
    this.#delayOpenTimer.restart((this.session.model.delayOpenSeconds ?? 0) * SECOND_NS, 'work')
  }

  acceptOpen(): void {
    const { session } = this
    const open = this.otherOpen!
    this.negotiated = negotiate(this.ownOpen!, open, session.model.timers, {
      overrideCapability: session.model.overrideCapability,
      isFamilyActive: session.model.ipv4Unicast !== undefined,
    })
    this.#sendKeepalive()
    this.#restartHold(this.negotiated.holdSeconds)
    if (this.negotiated.keepaliveSeconds > 0) {
      this.#keepaliveTimer ??= this.#timer(() => this.#keepalive())
      this.#keepaliveTimer.restart(this.negotiated.keepaliveSeconds * SECOND_NS)
    }
  }

  establish(): void {
    this.#connectRetryTimer?.stop()
    this.#startDelayFactor = 1
    this.#attempts = 0
    this.#hasDialed = false
    this.#hasWaited = false
    this.lossIsGraceful = false
    this.session.onEstablished(this)
  }

  closeConnection(): void {
    this.#stopTimers()
    const { tcp } = this
    this.tcp = undefined
    if (tcp !== undefined) {
      silence(tcp)
      tcp.close()
    }
  }

  doubleStartDelay(): void {
    this.#startDelayFactor = Math.min(this.#startDelayFactor * 2, START_DELAY_MAX_SECONDS)
  }

  sendHoldTimerExpired(): void {
    this.lossIsGraceful = this.state === 'Established' && this.negotiated?.hardReset === true // RFC 8538 §4
    this.notify(HOLD_TIMER_EXPIRED.code, HOLD_TIMER_EXPIRED.subcode)
  }

  sendStateMachineError(): void {
    const subcode = { OpenSent: 1, OpenConfirm: 2, Established: 3 }[this.state as string] ?? 0
    this.notify(STATE_MACHINE_ERROR.code, subcode)
  }

  beginClearing(): void {
    this.session.onSessionLost(this)
  }

  /** Sends a NOTIFICATION; the caller ends the session. */
  notify(code: number, subcode: number, data: readonly number[] = []): void {
    if (this.tcp === undefined) return
    this.send({ protocol: 'bgp', type: 'notification', code, subcode, data })
    this.session.recordNotification({ code, subcode, data, isSent: true })
    this.doubleStartDelay()
  }

  /** One message, one write. */
  send(message: BgpMessage): void {
    if (this.tcp === undefined) return
    this.session.countSent(message.type)
    this.tcp.send(bgpRecords([message]))
  }

  #sendKeepalive(): void {
    if (this.tcp === undefined) return
    this.session.countSent('keepalive')
    this.tcp.send(KEEPALIVE)
  }

  /** UPDATEs in one write. */
  sendUpdates(burst: UpdateBurst): void {
    if (this.tcp === undefined) return
    this.session.countSent('update', burst.contents.length)
    this.tcp.send(burst)
  }

  /** OPENs are being exchanged. */
  get hasBegun(): boolean {
    return this.state === 'OpenSent' || this.state === 'OpenConfirm'
  }

  get localAddress(): Ipv4Address | undefined {
    return this.tcp?.localAddress
  }

  get otherEndIsGone(): boolean {
    return this.tcp === undefined
  }

  #listenTo(tcp: SpeakerConnection): void {
    this.tcp = tcp
    tcp.onRecords = (records, from, to) => this.#receiveAll(tcp, records, from, to)
    tcp.onRemoteClose = () => this.#connectionEnded('closed')
    tcp.onClosed = reason => this.#connectionEnded(reason)
  }

  #tcpIsOpen(): void {
    if (!this.isAccepted && this.session.accepted?.state === 'OpenConfirm') {
      this.#run.send('tcpFails') // the other connection is further: see #mayDial
      return
    }
    const isDelayed = this.session.model.delayOpenSeconds !== undefined
    this.#run.send(isDelayed ? 'tcpOpenDelayed' : 'tcpOpen')
  }

  #connectionEnded(reason: ConnectionEnd): void {
    const { state, tcp } = this
    if (tcp === undefined) return
    if (state === 'Established') {
      this.lossIsGraceful = true
      const keeps = this.negotiated?.gracefulRestart !== undefined
      this.session.recordReset(keeps ? PEER_DOWN.closedGracefully : PEER_DOWN.closed)
    }
    if (reason === 'closed') this.#run.send(state === 'Connect' ? 'tcpFails' : 'tcpClosed')
    else this.#run.send(state === 'Active' ? 'tcpClosed' : 'tcpFails')
    if (this.isAccepted && this.otherEndIsGone) this.session.dropAccepted(this)
  }

  /** Until one of them ends the connection. */
  #receiveAll(tcp: SpeakerConnection, records: RecordList, from: number, to: number): void {
    this.lastReadAtNs = this.session.host.simulator.nowNs
    if (records instanceof UpdateBurst && this.state === 'Established') {
      this.#receiveBurst(tcp, records, from, to)
      return
    }
    const { contents } = records
    for (let index = from; index < to && this.tcp === tcp; index += 1) this.#receive(contents[index] as BgpMessage)
  }

  #receiveBurst(tcp: SpeakerConnection, burst: UpdateBurst, from: number, to: number): void {
    const { session } = this
    if (session.receiveEchoes(burst, from, to)) return
    for (let index = from; index < to && this.tcp === tcp; index += 1) {
      session.received.updates += 1
      session.receiveUpdate(burst.contents[index]!)
    }
  }

  #receive(message: BgpMessage): void {
    this.session.countReceived(message)
    switch (message.type) {
      case 'update':
        if (this.state === 'Established') this.session.receiveUpdate(message)
        else this.#run.send('updateReceived')
        break
      case 'keepalive':
        if (this.state !== 'Established') this.#run.send('keepaliveReceived')
        break
      case 'open':
        this.otherOpen = message
        if (this.session.checkOpen(this, message)) this.#run.send('openReceived')
        break
      case 'notification':
        this.session.recordNotification({ ...message, isSent: false })
        this.lossIsGraceful =
          this.negotiated?.hardReset === true && !(message.code === CEASE.code && message.subcode === CEASE.hardReset)
        this.#run.send('notificationReceived')
        break
      case 'route-refresh':
        if (this.state === 'Established') this.session.receiveRouteRefresh(message)
        break
    }
  }

  /** Not a passive peer, not one whose address cannot be reached, and not before GoBGP's first random wait. */
  #mayDial(): boolean {
    const { session } = this
    if (session.model.passive || session.isRestartAwaited) return false
    // Differs from FRR: it dials even then and lets the collision decide; with the simulator's even delays both sides
    // would close each other's choice.
    if (session.accepted?.hasBegun === true) return false
    if (session.nextHop !== undefined && !session.nextHop.isValid) {
      session.recordReset(PEER_DOWN.waitingForNextHop)
      return false
    }
    if (!session.speaker.behaviour.dialsAtRandom || this.#hasWaited) return true
    this.#hasWaited = true
    return false
  }

  #retryDelayNs(): number {
    const { behaviour } = this.session.speaker
    const seconds = this.session.model.timers.connectRetrySeconds
    if (!behaviour.dialsAtRandom) return seconds * SECOND_NS
    const from = this.#hasDialed ? seconds : GOBGP_FIRST_DIAL_SECONDS
    return this.session.speaker.random.integer(from, 2 * from) * SECOND_NS
  }

  #keepalive(): void {
    this.#sendKeepalive()
    this.#keepaliveTimer?.restart((this.negotiated?.keepaliveSeconds ?? 60) * SECOND_NS)
  }

  #restartHold(seconds: number): void {
    this.lastReadAtNs = this.session.host.simulator.nowNs
    this.#holdTimer ??= this.#timer(() => this.#checkHold())
    if (seconds === 0) this.#holdTimer.stop()
    else this.#holdTimer.restart(seconds * SECOND_NS)
  }

  /** The timer is not moved by each message; it looks when the last one came. */
  #checkHold(): void {
    const holdNs = (this.negotiated?.holdSeconds ?? this.ownOpen?.holdSeconds ?? 0) * SECOND_NS
    const leftNs = this.lastReadAtNs + holdNs - this.session.host.simulator.nowNs
    if (leftNs > 0) this.#holdTimer?.restart(leftNs)
    else this.#run.send('holdTimerExpires')
  }

  #timer(expire: () => void): Timer {
    const { simulator, origin } = this.session.host
    return new Timer(simulator, origin, 'background', expire)
  }

  #stopTimers(): void {
    this.#startTimer?.stop()
    this.#connectRetryTimer?.stop()
    this.#holdTimer?.stop()
    this.#keepaliveTimer?.stop()
    this.#delayOpenTimer?.stop()
  }
}

function silence(tcp: SpeakerConnection): void {
  tcp.onEstablished = () => {}
  tcp.onRecords = () => {}
  tcp.onRemoteClose = () => {}
  tcp.onClosed = () => {}
}
