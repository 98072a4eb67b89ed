import { AcknowledgmentPolicy } from './acknowledgment-policy.ts'
import { Congestion } from './congestion.ts'
import { type Range, Reassembly } from './reassembly.ts'
import type { ReceiveWindow } from './receive-window.ts'
import { RoundTrip } from './retransmit.ts'
import { FIRST_DATA, SendWindow } from './send-window.ts'
import type { TcpState } from './tcp-machine.ts'

/**
 * The transmission control block of RFC 9293 §3.3.1: what a connection knows about both streams. Positions count from the
 * SYN of the stream (sequence.ts).
 */
export class ControlBlock {
  state: TcpState = 'closed'

  /** ISS. */
  readonly initialSend: number
  /** SND.UNA. */
  unacknowledged = 0
  /** Next position to send: behind `highest` only while lost data is sent again. */
  next = 0
  /** SND.NXT: behind everything ever sent. */
  highest = 0
  /** Where the segment begins that was sent last for the first time. */
  lastSegmentFrom = FIRST_DATA
  /** Behind the last segment that was shorter than the MSS: Nagle's rule waits for its ACK (tcp_minshall_check). */
  smallSegmentEnd = 0
  /** Position of the own FIN once the program has closed. */
  finPosition: number | undefined
  readonly sendWindow = new SendWindow()
  /** SND.WND, bytes; its largest value; and SND.WL1. */
  peerWindow = 0
  peerWindowMax = 0
  windowSequence = 0
  /** Ranges that the other side has beyond a hole (SACK). */
  selectivelyAcknowledged: readonly Range[] = NO_RANGES
  /** Most payload of a segment, options already subtracted. */
  segmentBytes = 536
  /** The MSS the other side announced. */
  peerMss = 536
  /** MTU of the path as routes and ICMP tell it. */
  pathMtuBytes = 1500
  lastSentNs = 0

  /** IRS. */
  initialReceive = 0
  readonly reassembly = new Reassembly()
  /** Position of the other side's FIN once seen. */
  peerFinPosition: number | undefined
  receiveWindow: ReceiveWindow
  /** Payload bytes that arrived in order. */
  receivedBytes = 0
  /** A range to report as received twice (RFC 2883). */
  duplicateRange: Range | undefined

  /** The MSS this side announced (advmss). */
  announcedMss = 536
  /** Agreed options. */
  hasTimestamps: boolean
  hasSack: boolean
  hasWindowScale: boolean
  offeredScale: number
  /** Shift of the windows that arrive. */
  sendScale = 0
  timestampOffset: number
  /** TS.Recent, RFC 7323 §4.3. */
  recentTimestamp = 0
  /** RCV.NXT of the last ACK sent. */
  lastAcknowledged = 0

  readonly acknowledgments = new AcknowledgmentPolicy()
  readonly congestion = new Congestion()
  readonly roundTrip = new RoundTrip()
  /** The one segment whose round trip is being measured. */
  measuredEnd: number | undefined
  measuredAtNs = 0

  /** Retransmissions of the oldest segment so far. */
  attempts = 0
  hasProbed = false
  /** When the present series of timeouts began. */
  stuckSinceNs: number | undefined
  /** Why packets do not arrive, as ICMP said; becomes the reason when the connection times out. */
  softError: 'host-unreachable' | 'network-unreachable' | undefined

  /** Next IP identification. */
  identification: number

  constructor(parts: {
    initialSend: number
    timestampOffset: number
    identification: number
    receiveWindow: ReceiveWindow
    announcedMss: number
    offeredScale: number
    hasTimestamps: boolean
    hasSack: boolean
    hasWindowScale: boolean
    pathMtuBytes: number
  }) {
    this.initialSend = parts.initialSend
    this.timestampOffset = parts.timestampOffset
    this.identification = parts.identification
    this.receiveWindow = parts.receiveWindow
    this.announcedMss = parts.announcedMss
    this.offeredScale = parts.offeredScale
    this.hasTimestamps = parts.hasTimestamps
    this.hasSack = parts.hasSack
    this.hasWindowScale = parts.hasWindowScale
    this.pathMtuBytes = parts.pathMtuBytes
  }

  /** Bytes (and FIN) sent and not acknowledged; while lost data is sent again, only what has been sent again. */
  get flightBytes(): number {
    return this.next - this.unacknowledged
  }
}

export const NO_RANGES: readonly Range[] = []
