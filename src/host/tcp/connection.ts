import type { Ipv4Address } from '../../wire/address.ts'
import type { RecordList, RecordsHandler } from '../../wire/stream.ts'
import { TCP_HEADER_BYTES } from '../../wire/tcp.ts'
import type { Interface } from '../interface.ts'
import type { OutputRoute } from '../route-select.ts'
import { Alarm } from './alarm.ts'
import type { ControlBlock } from './control-block.ts'
import { expireRetransmit, sendAcknowledgment, sendPending, sendReset, sendSyn, sendSynAck } from './output.ts'
import { FIN_WAIT_2_NS, TIME_WAIT_NS } from './retransmit.ts'
import type { TcpStack } from './stack.ts'
import { TCP_TRANSITIONS, type TcpAction, type TcpEvent, type TcpState } from './tcp-machine.ts'

/** Why a connection is over. `aborted`: this host's kernel ended it (`TcpStack.abortAll`). */
export type TcpCloseReason =
  | 'closed'
  | 'reset'
  | 'refused'
  | 'timeout'
  | 'host-unreachable'
  | 'network-unreachable'
  | 'aborted'

/** The four numbers that tell connections apart. */
export interface TcpEndpoints {
  readonly localAddress: Ipv4Address
  readonly localPort: number
  readonly remoteAddress: Ipv4Address
  readonly remotePort: number
}

/**
 * One TCP connection, as its program sees it. Records written on one side come out whole, once and in order on the other.
 * Programs read at once; the members below "the stack's side" are for src/host/tcp only.
 *
 * Not modelled: urgent data, half-close by shutdown(2), TCP keepalive, Fast Open, ECN.
 */
export class TcpConnection implements TcpEndpoints {
  readonly localAddress: Ipv4Address
  readonly localPort: number
  readonly remoteAddress: Ipv4Address
  readonly remotePort: number
  /** The handshake is complete. Not called for connections that a listener hands out: they are established already. */
  onEstablished: () => void = ignore
  /** Records have arrived whole and in order. */
  onRecords: RecordsHandler = ignore
  /** The other side has sent its FIN: no more records will come. Answer with `close()`. */
  onRemoteClose: () => void = ignore
  /**
   * The connection is over. Called at most once: never from inside `close()`, and not at all after an own `abort()`, nor
   * after a `close()` before the handshake was complete.
   */
  onClosed: (reason: TcpCloseReason) => void = ignore
  /** IP_TTL of this socket; changes apply to the next segment. */
  ttl: number
  /** IP_TOS. */
  tos = 0
  /** IP_MINTTL (RFC 5082): segments that arrive with a smaller TTL are dropped silently. 0: none. */
  minimumTtl = 0
  /** TCP_MD5SIG (RFC 2385): segments signed otherwise are dropped silently. */
  md5Password: string | undefined

  // The stack's side.
  readonly stack: TcpStack
  readonly block: ControlBlock
  readonly retransmitAlarm: Alarm<TcpConnection>
  readonly acknowledgmentAlarm: Alarm<TcpConnection>
  isClosedByProgram = false
  /** Nothing of it is left in the stack. */
  isReleased = false
  /** The peer's FIN has been taken, the program does not know yet. */
  hasUndeliveredFin = false
  /** Set by the listener that accepts it. */
  onAccepted: (() => void) | undefined
  /** Of the connection table: the order in which they came, and the next one that has the same ports. */
  serial = 0
  nextOfPorts: TcpConnection | undefined
  /** Of kept-routes.ts: the way of what leaves, and the device on which what belongs to it comes in, with their generations. */
  outputRoute: OutputRoute | undefined
  outputGeneration = -1
  inputDevice: Interface | undefined
  inputGeneration = -1
  #noDelay = false
  #closeReason: TcpCloseReason = 'closed'

  constructor(stack: TcpStack, endpoints: TcpEndpoints, block: ControlBlock) {
    this.stack = stack
    this.localAddress = endpoints.localAddress
    this.localPort = endpoints.localPort
    this.remoteAddress = endpoints.remoteAddress
    this.remotePort = endpoints.remotePort
    this.block = block
    this.ttl = stack.defaultTtl
    this.retransmitAlarm = new Alarm<TcpConnection>(stack.host, this, expire)
    this.acknowledgmentAlarm = new Alarm<TcpConnection>(stack.host, this, expireDelayedAcknowledgment)
  }

  /** RFC 9293's state. */
  get state(): TcpState {
    return this.block.state
  }

  /** Whether the handshake is complete and this side may still write. */
  get isEstablished(): boolean {
    return this.block.state === 'established' || this.block.state === 'close-wait'
  }

  /** Bytes of the stream that have arrived in order, parts of incomplete records included. */
  get receivedBytes(): number {
    return this.block.receivedBytes
  }

  /** Bytes written that the other side has not acknowledged. */
  get unacknowledgedBytes(): number {
    const { block } = this
    return Math.max(0, block.sendWindow.end - Math.max(block.unacknowledged, 1))
  }

  /** Bytes a full segment carries. */
  get segmentBytes(): number {
    return this.block.segmentBytes
  }

  /** TCP_NODELAY. Setting it to true releases what Nagle's rule holds back. */
  get noDelay(): boolean {
    return this.#noDelay
  }

  set noDelay(value: boolean) {
    this.#noDelay = value
    if (value && !this.isReleased) sendPending(this)
  }

  /** One write(2) of these records. Ignored once this side has closed or the connection is over. */
  send(records: RecordList): void {
    if (this.isClosedByProgram || this.isReleased || records.contents.length === 0) return
    const { block } = this
    block.sendWindow.append(records, block.segmentBytes, block.peerWindowMax)
    sendPending(this)
  }

  /** close(2): sends what is queued, then FIN. Data that still arrives is answered with RST. */
  close(): void {
    if (this.isClosedByProgram || this.isReleased) return
    this.isClosedByProgram = true
    this.step('close')
  }

  /** Sends RST, if the other side knows of the connection, and forgets it. */
  abort(): void {
    this.isClosedByProgram = true
    this.step('abort')
  }

  /** Ends the connection for a reason from outside. */
  fail(reason: TcpCloseReason): void {
    this.#closeReason = reason
    this.step('fail')
  }

  /** Drives the state machine: one look-up in its table. */
  step(event: TcpEvent): void {
    const transition = TCP_TRANSITIONS.step(this.block.state, event)
    if (transition === undefined) return
    this.block.state = transition.next
    for (const action of transition.actions) this.#run(action)
  }

  /** Hands complete records, and then the FIN, to the program. */
  deliver(): void {
    const { block } = this
    for (const { records, from, to } of block.reassembly.takeReady()) {
      if (!this.isReleased) this.onRecords(records, from, to)
    }
    if (!this.hasUndeliveredFin || this.isReleased) return
    this.hasUndeliveredFin = false
    this.step('finReceived')
    if (block.acknowledgments.isScheduled && !this.acknowledgmentAlarm.isRunning && !this.isReleased) {
      this.acknowledgmentAlarm.restart(block.acknowledgments.delayNs(block.roundTrip.smoothedNs))
    }
  }

  /** Computes the payload of a full segment from the peer's MSS, the path's MTU and the options of every segment. */
  updateSegmentBytes(): void {
    const { block } = this
    const headers = IPV4_AND_TCP_BYTES + (block.hasTimestamps ? 12 : 0) + (this.md5Password === undefined ? 0 : 20)
    block.segmentBytes = Math.max(Math.min(block.peerMss + IPV4_AND_TCP_BYTES, block.pathMtuBytes) - headers, 48)
  }

  /** Sends everything in flight again: the path takes only shorter packets now (tcp_simple_retransmit). */
  resendAll(): void {
    const { block } = this
    if (block.highest === block.unacknowledged) return
    block.next = block.unacknowledged
    block.measuredEnd = undefined
    sendPending(this)
  }

  #run(action: TcpAction): void {
    switch (action) {
      case 'sendSyn':
        sendSyn(this)
        break
      case 'sendSynAck':
        sendSynAck(this)
        break
      case 'sendAck':
        sendAcknowledgment(this)
        break
      case 'sendReset':
        sendReset(this)
        break
      case 'queueFin':
        this.block.finPosition = this.block.sendWindow.end
        sendPending(this)
        break
      case 'notifyEstablished':
        this.#notifyEstablished()
        break
      case 'notifyRemoteClose':
        this.onRemoteClose()
        break
      case 'notifyClosed':
        this.onClosed(this.#closeReason)
        break
      case 'startFinWait2Timer':
        this.retransmitAlarm.restart(FIN_WAIT_2_NS, 'background')
        break
      case 'startTimeWaitTimer':
        this.acknowledgmentAlarm.stop()
        this.retransmitAlarm.restart(TIME_WAIT_NS, 'background')
        break
      case 'release':
        this.#release()
        break
    }
  }

  #notifyEstablished(): void {
    if (this.onAccepted === undefined) this.onEstablished()
    else this.onAccepted()
    if (!this.isReleased) sendPending(this)
  }

  #release(): void {
    this.isReleased = true
    this.retransmitAlarm.stop()
    this.acknowledgmentAlarm.stop()
    this.stack.release(this)
  }
}

function expire(connection: TcpConnection): void {
  if (connection.state === 'time-wait') connection.step('timeWaitExpires')
  else if (connection.state === 'fin-wait-2') connection.fail('closed')
  else expireRetransmit(connection)
}

function expireDelayedAcknowledgment(connection: TcpConnection): void {
  const { acknowledgments, roundTrip } = connection.block
  acknowledgments.expire(roundTrip.timeoutNs(0))
  sendAcknowledgment(connection)
}

/** One for all connections. */
function ignore(): void {}

const IPV4_AND_TCP_BYTES = 20 + TCP_HEADER_BYTES
