/**
 * What leaves a connection: handshake segments, data under the windows and Nagle's rule, ACKs, probes and retransmissions
 * (tcp_output.c and tcp_timer.c of Linux; RFC 9293 §3.8, RFC 6298, RFC 8985 §7 for the loss probe).
 */
import type { StreamSlice } from '../../wire/stream.ts'
import { TCP_FLAG, type TcpOptions, type TcpSegment } from '../../wire/tcp.ts'
import type { TcpConnection } from './connection.ts'
import type { ControlBlock } from './control-block.ts'
import {
  DATA_GIVE_UP_NS,
  INITIAL_RTO_NS,
  ORPHAN_GIVE_UP_NS,
  SYN_ACK_RETRIES,
  WORK_RETRANSMISSIONS,
} from './retransmit.ts'
import { FIRST_DATA } from './send-window.ts'
import { toSequence } from './sequence.ts'

const { ack: ACK, fin: FIN, psh: PSH, rst: RST, syn: SYN } = TCP_FLAG

/** Sends the SYN, or sends it again. */
export function sendSyn(connection: TcpConnection): void {
  const { block } = connection
  block.next = block.highest = FIRST_DATA
  transmitSyn(connection, SYN, nextIdentification(block))
  startHandshakeTimer(connection)
}

/** Sends the SYN-ACK, or sends it again. Its identification is 0, as that of any packet made without a socket. */
export function sendSynAck(connection: TcpConnection): void {
  const { block } = connection
  block.next = block.highest = FIRST_DATA
  transmitSyn(connection, SYN | ACK, 0)
  startHandshakeTimer(connection)
}

function transmitSyn(connection: TcpConnection, flags: number, identification: number): void {
  const { block, stack } = connection
  const options: { -readonly [Key in keyof TcpOptions]: TcpOptions[Key] } = { maximumSegmentSize: block.announcedMss }
  if (block.hasSack) options.sackPermitted = true
  if (block.hasTimestamps) {
    options.timestamps = { value: timestampNow(connection), echo: flags & ACK ? block.recentTimestamp : 0 }
  }
  if (block.hasWindowScale) options.windowScale = block.offeredScale
  if (connection.md5Password !== undefined) options.md5Password = connection.md5Password
  const window = block.receiveWindow.initialField
  if (flags & ACK) block.lastAcknowledged = block.reassembly.next
  if (block.attempts === 0) startMeasuring(connection, FIRST_DATA)
  else block.measuredEnd = undefined
  stack.transmit(connection, makeSegment(connection, flags, 0, window, options, NO_SLICES, 0), identification)
}

function startHandshakeTimer(connection: TcpConnection): void {
  const { block } = connection
  const kind = block.attempts > WORK_RETRANSMISSIONS ? 'background' : undefined
  connection.retransmitAlarm.restart(INITIAL_RTO_NS * 2 ** block.attempts, kind)
}

/** Sends a segment without data that acknowledges all that has arrived. */
export function sendAcknowledgment(connection: TcpConnection): void {
  transmit(connection, ACK, connection.block.highest, connection.block.highest)
}

/** Sends RST as the socket does: with timestamps, window and the present numbers. */
export function sendReset(connection: TcpConnection): void {
  transmit(connection, RST | ACK, connection.block.highest, connection.block.highest)
}

/** Sends what windows and Nagle's rule allow, and keeps the retransmission timer as it should be. */
export function sendPending(connection: TcpConnection): void {
  const { block } = connection
  if (block.next < streamEnd(block)) restartAfterIdle(connection)
  while (sendNext(connection)) {
    // Each turn sends one segment.
  }
  if (connection.retransmitAlarm.isRunning) return
  const inFlight = block.highest - block.unacknowledged
  if (inFlight > 0) startRetransmitTimer(connection)
  else if (block.next < streamEnd(block) && isOpenForSending(block)) {
    // Nothing in flight and something to send: the other side's window is closed, so it has to be asked.
    connection.retransmitAlarm.restart(block.roundTrip.timeoutNs(block.attempts), 'background')
  }
}

/** Sends one segment if it may leave now. */
function sendNext(connection: TcpConnection): boolean {
  const { block } = connection
  const from = block.next
  const dataEnd = block.sendWindow.end
  if (!isOpenForSending(block) || from >= streamEnd(block)) return false
  if (from < block.highest && skipSelectivelyAcknowledged(block)) return true
  const windowEnd = block.unacknowledged + block.peerWindow
  const full = fullSegmentBytes(block)
  const to = Math.min(from + full, dataEnd, firstHoleEnd(block, from))
  const bytes = to - from
  const congestionEnd = block.unacknowledged + Math.max(1, Math.floor(block.congestion.windowSegments)) * full
  if (bytes > 0 && (to > windowEnd || (from >= congestionEnd && block.flightBytes > 0))) return false
  const carriesFin = block.finPosition === to
  if (bytes < full && !carriesFin && from >= block.highest && isHeldByNagle(connection)) return false
  if (bytes > 0 && bytes < full) block.smallSegmentEnd = to
  sendRange(connection, from, to)
  return true
}

/** Nagle's rule with Minshall's change: a short segment waits while an earlier short one is unacknowledged. */
function isHeldByNagle(connection: TcpConnection): boolean {
  const { block } = connection
  return !connection.noDelay && block.smallSegmentEnd > block.unacknowledged && block.smallSegmentEnd <= block.highest
}

/** Sends the data between the positions, and the FIN if it follows. */
function sendRange(connection: TcpConnection, from: number, to: number): void {
  const { block, stack } = connection
  const flags = ACK | (to > from && block.sendWindow.hasPush(from, to) ? PSH : 0) | (block.finPosition === to ? FIN : 0)
  const end = flags & FIN ? to + 1 : to
  if (from >= block.highest) {
    block.lastSegmentFrom = from
    if (block.measuredEnd === undefined) startMeasuring(connection, end)
    if (to > from) block.acknowledgments.sentData(stack.nowNs)
  } else {
    block.measuredEnd = undefined
  }
  block.lastSentNs = stack.nowNs
  block.next = Math.max(block.next, end)
  block.highest = Math.max(block.highest, end)
  transmit(connection, flags, from, to)
}

function startMeasuring(connection: TcpConnection, end: number): void {
  connection.block.measuredEnd = end
  connection.block.measuredAtNs = connection.stack.nowNs
}

function transmit(connection: TcpConnection, flags: number, from: number, to: number): void {
  const { block, stack } = connection
  const next = block.reassembly.next
  const window = block.receiveWindow.select(next)
  const segment = makeSegment(
    connection,
    flags,
    from,
    window,
    makeOptions(connection),
    block.sendWindow.slices(from, to),
    to - from,
  )
  block.lastAcknowledged = next
  block.duplicateRange = undefined
  block.acknowledgments.sent()
  connection.acknowledgmentAlarm.stop()
  stack.transmit(connection, segment, nextIdentification(block))
}

function makeOptions(connection: TcpConnection): TcpOptions {
  const { block, md5Password } = connection
  const options: { -readonly [Key in keyof TcpOptions]: TcpOptions[Key] } = {}
  if (block.hasTimestamps) {
    options.timestamps = { value: timestampNow(connection), echo: block.recentTimestamp }
  }
  if (block.hasSack && (block.reassembly.hasHole || block.duplicateRange !== undefined)) {
    const ranges = block.reassembly.ranges(block.hasTimestamps ? 3 : 4)
    const all = block.duplicateRange === undefined ? ranges : [block.duplicateRange, ...ranges].slice(0, 3)
    options.sack = all.map(range => ({
      left: toSequence(block.initialReceive, range.start),
      right: toSequence(block.initialReceive, range.end),
    }))
  }
  if (md5Password !== undefined) options.md5Password = md5Password
  return options
}

function makeSegment(
  connection: TcpConnection,
  flags: number,
  position: number,
  window: number,
  options: TcpOptions,
  payload: readonly StreamSlice[],
  payloadBytes: number,
): TcpSegment {
  const { block } = connection
  return {
    kind: 'tcp',
    sourcePort: connection.localPort,
    destinationPort: connection.remotePort,
    sequence: toSequence(block.initialSend, position),
    acknowledgment: flags & ACK ? toSequence(block.initialReceive, block.reassembly.next) : 0,
    flags,
    window,
    options,
    payload,
    payloadBytes,
  }
}

/** TSval: a clock of one millisecond with the connection's offset (tcp_time_stamp_ts). */
function timestampNow(connection: TcpConnection): number {
  return (connection.block.timestampOffset + Math.floor(connection.stack.nowNs / 1e6)) >>> 0
}

function nextIdentification(block: ControlBlock): number {
  const identification = block.identification
  block.identification = (identification + 1) & 0xffff
  return identification
}

/** Position behind all that there is to send. */
function streamEnd(block: ControlBlock): number {
  return block.finPosition === undefined ? block.sendWindow.end : block.finPosition + 1
}

function isOpenForSending(block: ControlBlock): boolean {
  switch (block.state) {
    case 'established':
    case 'close-wait':
    case 'fin-wait-1':
    case 'closing':
    case 'last-ack':
      return true
    default:
      return false
  }
}

/** Payload of a full segment; SACK blocks take room too (tcp_current_mss). */
function fullSegmentBytes(block: ControlBlock): number {
  if (!block.hasSack || !block.reassembly.hasHole) return block.segmentBytes
  return block.segmentBytes - 4 - 8 * block.reassembly.ranges(block.hasTimestamps ? 3 : 4).length
}

/** Moves `next` behind a range that the other side has. */
function skipSelectivelyAcknowledged(block: ControlBlock): boolean {
  for (const range of block.selectivelyAcknowledged) {
    if (range.start <= block.next && block.next < range.end) {
      block.next = Math.min(range.end, block.highest)
      return true
    }
  }
  return false
}

/** Where the next range that the other side has begins. */
function firstHoleEnd(block: ControlBlock, from: number): number {
  let end = Number.POSITIVE_INFINITY
  for (const range of block.selectivelyAcknowledged) if (range.start > from) end = Math.min(end, range.start)
  return end
}

function restartAfterIdle(connection: TcpConnection): void {
  const { block, stack } = connection
  if (block.highest > block.unacknowledged || block.highest === FIRST_DATA) return
  if (stack.nowNs - block.lastSentNs > block.roundTrip.timeoutNs(0)) block.congestion.restartAfterIdle()
}

/** Starts the timer for what is in flight: first for a loss probe, then for the timeout. */
export function startRetransmitTimer(connection: TcpConnection): void {
  const { block } = connection
  const isFirst =
    block.attempts === 0 && !block.hasProbed && block.hasSack && block.congestion.recoverUntil === undefined
  const segments = Math.ceil((block.highest - block.unacknowledged) / block.segmentBytes)
  const delayNs = isFirst ? block.roundTrip.probeNs(segments) : block.roundTrip.timeoutNs(block.attempts)
  connection.retransmitAlarm.restart(delayNs, block.attempts >= WORK_RETRANSMISSIONS ? 'background' : undefined)
}

/** Sends the oldest segment again. */
export function retransmitFirst(connection: TcpConnection): void {
  const { block } = connection
  const from = block.unacknowledged
  const to = Math.min(from + fullSegmentBytes(block), block.sendWindow.end, firstHoleEnd(block, from))
  sendRange(connection, from, Math.max(from, to))
}

/** The retransmission timer went off. */
export function expireRetransmit(connection: TcpConnection): void {
  const { block } = connection
  if (block.state === 'syn-sent' || block.state === 'syn-received') {
    expireHandshake(connection)
    return
  }
  if (!isOpenForSending(block)) return
  if (block.highest === block.unacknowledged) {
    probeWindow(connection)
    return
  }
  if (block.attempts === 0 && !block.hasProbed && block.hasSack && block.congestion.recoverUntil === undefined) {
    block.hasProbed = true
    const from = Math.max(block.lastSegmentFrom, block.unacknowledged)
    sendRange(connection, from, Math.min(from + fullSegmentBytes(block), block.sendWindow.end))
    startRetransmitTimer(connection)
    return
  }
  expireTimeout(connection)
}

function expireHandshake(connection: TcpConnection): void {
  const { block, stack } = connection
  const retries = block.state === 'syn-sent' ? stack.synRetries : SYN_ACK_RETRIES
  if (block.attempts >= retries) {
    connection.fail('timeout')
    return
  }
  block.attempts += 1
  if (block.state === 'syn-sent') sendSyn(connection)
  else sendSynAck(connection)
}

function expireTimeout(connection: TcpConnection): void {
  const { block, stack } = connection
  block.stuckSinceNs ??= stack.nowNs
  const patienceNs = connection.isClosedByProgram ? ORPHAN_GIVE_UP_NS : DATA_GIVE_UP_NS
  if (stack.nowNs - block.stuckSinceNs >= patienceNs) {
    connection.fail(block.softError ?? 'timeout')
    return
  }
  block.attempts += 1
  block.congestion.collapse(Math.ceil(block.flightBytes / block.segmentBytes))
  block.next = block.unacknowledged
  retransmitFirst(connection)
  startRetransmitTimer(connection)
}

/** The window is closed: a segment that the other side must answer, one position before what it expects (xmit_probe). */
function probeWindow(connection: TcpConnection): void {
  const { block, stack } = connection
  if (block.next >= streamEnd(block)) return
  block.stuckSinceNs ??= stack.nowNs
  if (connection.isClosedByProgram && stack.nowNs - block.stuckSinceNs >= ORPHAN_GIVE_UP_NS) {
    connection.fail('timeout')
    return
  }
  block.attempts += 1
  transmit(connection, ACK, block.unacknowledged - 1, block.unacknowledged - 1)
  connection.retransmitAlarm.restart(block.roundTrip.timeoutNs(block.attempts), 'background')
}

const NO_SLICES: readonly StreamSlice[] = []
