/**
 * What a segment does to a connection: RFC 9293 §3.10.7 in the order of Linux (tcp_rcv_state_process, tcp_rcv_established,
 * tcp_ack in net/ipv4/tcp_input.c), with the checks of RFC 5961 and RFC 7323.
 */
import { TCP_FLAG, type TcpSegment } from '../../wire/tcp.ts'
import type { TcpConnection } from './connection.ts'
import { type ControlBlock, NO_RANGES } from './control-block.ts'
import { retransmitFirst, sendAcknowledgment, sendPending, startRetransmitTimer } from './output.ts'
import { FIRST_DATA } from './send-window.ts'
import { toPosition } from './sequence.ts'

const { ack: ACK, fin: FIN, rst: RST, syn: SYN } = TCP_FLAG

/** What the stack has to do about a segment that the connection could not use. */
export type InputVerdict = 'taken' | 'answer-with-reset'

/** Takes one segment of the connection. */
export function receiveSegment(connection: TcpConnection, segment: TcpSegment): InputVerdict {
  const { block } = connection
  if (block.state === 'syn-sent') return receiveInSynSent(connection, segment)
  const position = toPosition(block.initialReceive, segment.sequence, block.reassembly.next)
  if (!isAcceptable(block, segment, position)) return refuse(connection, segment, position)
  if (segment.flags & RST) return receiveReset(connection, position)
  const completesBoth = block.state === 'syn-received' && position === 0 && (segment.flags & ACK) !== 0
  if (segment.flags & SYN && !completesBoth) return receiveSyn(connection, position)
  if ((segment.flags & ACK) === 0) return 'taken'
  noteTimestamp(block, segment, position)
  if (block.state === 'syn-received' && !completeHandshake(connection, segment)) return 'answer-with-reset'
  if (!receiveAcknowledgment(connection, segment, position)) return 'taken'
  if (connection.isReleased) return 'taken'
  return receiveStream(connection, segment, position)
}

function receiveInSynSent(connection: TcpConnection, segment: TcpSegment): InputVerdict {
  const { block } = connection
  const { flags } = segment
  const acknowledged = toPosition(block.initialSend, segment.acknowledgment, 0)
  if (flags & ACK && acknowledged !== FIRST_DATA) return flags & RST ? 'taken' : 'answer-with-reset'
  if (flags & RST) {
    if (flags & ACK) connection.fail('refused')
    return 'taken'
  }
  if ((flags & SYN) === 0) return 'taken'
  adoptSyn(block, segment)
  if ((flags & ACK) === 0) {
    connection.step('synReceived')
    return 'taken'
  }
  takeHandshakeSample(connection)
  block.unacknowledged = FIRST_DATA
  establish(connection, segment)
  connection.stack.confirmNeighbor(connection)
  connection.step('synAckReceived')
  return 'taken'
}

/** Takes what the other side's SYN says: its sequence numbers and which options hold. */
export function adoptSyn(block: ControlBlock, segment: TcpSegment): void {
  const { maximumSegmentSize, sackPermitted, timestamps, windowScale } = segment.options
  block.initialReceive = segment.sequence
  block.reassembly.next = FIRST_DATA
  block.hasTimestamps = block.hasTimestamps && timestamps !== undefined
  block.hasSack = block.hasSack && sackPermitted === true
  block.hasWindowScale = block.hasWindowScale && windowScale !== undefined
  block.sendScale = block.hasWindowScale ? Math.min(windowScale ?? 0, 14) : 0
  if (block.hasTimestamps && timestamps !== undefined) block.recentTimestamp = timestamps.value
  block.peerMss = maximumSegmentSize ?? 536
  block.peerWindow = block.peerWindowMax = segment.window
}

function establish(connection: TcpConnection, segment: TcpSegment): void {
  const { block } = connection
  const scale = block.hasWindowScale ? block.offeredScale : 0
  block.receiveWindow.establish(block.reassembly.next, scale, block.announcedMss)
  connection.updateSegmentBytes()
  block.peerWindow = segment.flags & SYN ? segment.window : segment.window << block.sendScale
  block.peerWindowMax = Math.max(block.peerWindowMax, block.peerWindow)
  block.windowSequence = block.reassembly.next
  block.lastSentNs = connection.stack.nowNs
  block.attempts = 0
  connection.retransmitAlarm.stop()
}

function takeHandshakeSample(connection: TcpConnection): void {
  const { block, stack } = connection
  if (block.measuredEnd !== undefined) block.roundTrip.sample(stack.nowNs - block.measuredAtNs)
  block.measuredEnd = undefined
}

function completeHandshake(connection: TcpConnection, segment: TcpSegment): boolean {
  const { block } = connection
  if (toPosition(block.initialSend, segment.acknowledgment, 0) !== FIRST_DATA) return false
  takeHandshakeSample(connection)
  block.unacknowledged = FIRST_DATA
  establish(connection, segment)
  connection.stack.confirmNeighbor(connection)
  connection.step('ackOfSynReceived')
  return true
}

/** Sequence and timestamp checks (tcp_sequence and PAWS). */
function isAcceptable(block: ControlBlock, segment: TcpSegment, position: number): boolean {
  const { timestamps } = segment.options
  const isOld = block.hasTimestamps && timestamps !== undefined && ((timestamps.value - block.recentTimestamp) | 0) < 0
  if (isOld && (segment.flags & RST) === 0) return false
  const end = position + segmentLength(segment)
  const windowStart = block.state === 'syn-received' ? FIRST_DATA : block.receiveWindow.advertisedAt
  const room = block.state === 'syn-received' ? 0xffff : block.receiveWindow.room(block.reassembly.next)
  return end >= windowStart && position <= block.reassembly.next + room
}

/** Sequence numbers that a segment takes. */
function segmentLength(segment: TcpSegment): number {
  return segment.payloadBytes + (segment.flags & SYN ? 1 : 0) + (segment.flags & FIN ? 1 : 0)
}

/** A segment outside the window is answered with an ACK, as it shows that the other side is astray. */
function refuse(connection: TcpConnection, segment: TcpSegment, position: number): InputVerdict {
  const { block } = connection
  if (segment.flags & RST) return 'taken'
  if (segment.flags & SYN && block.state === 'syn-received') {
    connection.step('synReceived')
    return 'taken'
  }
  const end = position + segmentLength(segment)
  if (end > position && end <= block.reassembly.next && block.hasSack) {
    block.duplicateRange = { start: position, end }
  }
  if (block.state === 'time-wait' && segment.flags & FIN) connection.step('finReceived')
  else if (block.state !== 'syn-received') sendAcknowledgment(connection)
  return 'taken'
}

/** RFC 5961 §3.2: only the exact number resets; another one inside the window is challenged. */
function receiveReset(connection: TcpConnection, position: number): InputVerdict {
  const { block } = connection
  if (position !== block.reassembly.next) {
    sendAcknowledgment(connection)
  } else if (block.state === 'time-wait') {
    connection.step('timeWaitExpires')
  } else {
    connection.fail('reset')
  }
  return 'taken'
}

/** RFC 5961 §4: a SYN inside the window is challenged. */
function receiveSyn(connection: TcpConnection, position: number): InputVerdict {
  if (connection.block.state === 'syn-received' && position === 0) connection.step('synReceived')
  else sendAcknowledgment(connection)
  return 'taken'
}

function noteTimestamp(block: ControlBlock, segment: TcpSegment, position: number): void {
  const { timestamps } = segment.options
  if (!block.hasTimestamps || timestamps === undefined || position > block.lastAcknowledged) return
  block.recentTimestamp = timestamps.value
}

/** Takes the ACK and window of a segment. False when the segment is to be dropped. */
function receiveAcknowledgment(connection: TcpConnection, segment: TcpSegment, position: number): boolean {
  const { block } = connection
  const acknowledged = toPosition(block.initialSend, segment.acknowledgment, block.unacknowledged)
  if (acknowledged > block.highest) {
    sendAcknowledgment(connection)
    return false
  }
  if (acknowledged < block.unacknowledged) return true
  noteSelective(block, segment, acknowledged)
  const window = segment.window << block.sendScale
  const isNewer = acknowledged > block.unacknowledged || position > block.windowSequence
  const isWindowUpdate = isNewer || (position === block.windowSequence && window > block.peerWindow)
  const wasSameWindow = window === block.peerWindow
  if (isWindowUpdate) {
    block.windowSequence = position
    block.peerWindow = window
    block.peerWindowMax = Math.max(block.peerWindowMax, window)
  }
  if (acknowledged > block.unacknowledged) advance(connection, acknowledged)
  else if (segment.payloadBytes === 0 && (segment.flags & FIN) === 0 && wasSameWindow) receiveDuplicate(connection)
  else if (block.highest === block.unacknowledged) reopenWindow(connection)
  return true
}

function noteSelective(block: ControlBlock, segment: TcpSegment, acknowledged: number): void {
  const { sack } = segment.options
  if (sack === undefined) return
  const ranges = sack.map(({ left, right }) => ({
    start: toPosition(block.initialSend, left, acknowledged),
    end: toPosition(block.initialSend, right, acknowledged),
  }))
  block.selectivelyAcknowledged = ranges.filter(range => range.start > acknowledged && range.end <= block.highest)
}

/** New data is acknowledged. */
function advance(connection: TcpConnection, acknowledged: number): void {
  const { block, stack } = connection
  const bytes = acknowledged - block.unacknowledged
  const flight = block.highest - block.unacknowledged
  if (block.measuredEnd !== undefined && acknowledged >= block.measuredEnd) takeHandshakeSample(connection)
  block.unacknowledged = acknowledged
  block.next = Math.max(block.next, acknowledged)
  block.sendWindow.release(acknowledged)
  const isLimited = 2 * flight >= block.congestion.windowSegments * block.segmentBytes
  block.congestion.acknowledge(Math.ceil(bytes / block.segmentBytes), isLimited)
  block.attempts = 0
  block.hasProbed = false
  block.stuckSinceNs = undefined
  block.softError = undefined
  stack.confirmNeighbor(connection)
  if (block.highest === acknowledged) {
    block.selectivelyAcknowledged = NO_RANGES
    block.congestion.endRecoveryAt(acknowledged)
    connection.retransmitAlarm.stop()
  } else {
    if (block.congestion.endRecoveryAt(acknowledged) === 'partial') retransmitFirst(connection)
    startRetransmitTimer(connection)
  }
  if (block.finPosition !== undefined && acknowledged > block.finPosition) connection.step('finAcknowledged')
}

/** RFC 5681 §3.2: the third duplicate means a loss. */
function receiveDuplicate(connection: TcpConnection): void {
  const { block } = connection
  if (block.highest === block.unacknowledged) return
  const { congestion } = block
  congestion.duplicates += 1
  if (congestion.recoverUntil !== undefined) {
    congestion.windowSegments += 1
  } else if (congestion.duplicates === 3 && block.next === block.highest) {
    congestion.startRecovery(Math.ceil(block.flightBytes / block.segmentBytes), block.highest)
    retransmitFirst(connection)
    startRetransmitTimer(connection)
  }
}

/** The window may have opened while nothing was in flight: window probes end. */
function reopenWindow(connection: TcpConnection): void {
  const { block } = connection
  // In these states the alarm is the one that ends the connection.
  const isOver = block.state === 'fin-wait-2' || block.state === 'time-wait'
  if (block.peerWindow === 0 || isOver) return
  block.attempts = 0
  block.stuckSinceNs = undefined
  connection.retransmitAlarm.stop()
}

/** Takes data and FIN, answers, and hands records to the program. */
function receiveStream(connection: TcpConnection, segment: TcpSegment, position: number): InputVerdict {
  const { block } = connection
  if (segment.payloadBytes > 0 || segment.flags & FIN) {
    if (connection.isClosedByProgram && position + segment.payloadBytes > block.reassembly.next) {
      connection.fail('reset')
      return 'answer-with-reset'
    }
    receiveData(connection, segment, position)
  }
  sendPending(connection)
  acknowledgeIfDue(connection)
  connection.deliver()
  return 'taken'
}

function receiveData(connection: TcpConnection, segment: TcpSegment, position: number): void {
  const { block, stack } = connection
  const { reassembly, acknowledgments, receiveWindow } = block
  if (block.peerFinPosition !== undefined && reassembly.next > block.peerFinPosition) {
    if (segment.payloadBytes > 0 || segment.flags & FIN) acknowledgments.isScheduled = true
    return
  }
  const before = reassembly.next
  const end = position + segment.payloadBytes
  if (segment.flags & FIN) block.peerFinPosition = end
  if (segment.payloadBytes > 0) {
    const room = receiveWindow.room(before)
    if (reassembly.receive(position, end, segment.payload)) {
      block.receivedBytes += reassembly.next - before
      const timeoutNs = block.roundTrip.timeoutNs(0)
      acknowledgments.receiveData(segment.payloadBytes, stack.nowNs, room, block.announcedMss, timeoutNs)
    } else {
      if (end <= before && block.hasSack) block.duplicateRange = { start: position, end }
      acknowledgments.enterQuickMode(room)
      sendAcknowledgment(connection)
    }
  } else if (position > before) {
    acknowledgments.enterQuickMode(receiveWindow.room(before))
    sendAcknowledgment(connection)
  }
  if (block.peerFinPosition === reassembly.next) {
    reassembly.next += 1
    connection.hasUndeliveredFin = true
    acknowledgments.receiveFin()
  }
}

function acknowledgeIfDue(connection: TcpConnection): void {
  const { block } = connection
  const { acknowledgments } = block
  if (!acknowledgments.isScheduled) return
  const isWaitingForFin = block.state === 'fin-wait-1' || block.state === 'fin-wait-2'
  if (connection.hasUndeliveredFin && isWaitingForFin) return
  const unacknowledged = block.reassembly.next - block.lastAcknowledged
  if (block.reassembly.hasHole || acknowledgments.isDue(unacknowledged)) sendAcknowledgment(connection)
  else if (!connection.acknowledgmentAlarm.isRunning) {
    connection.acknowledgmentAlarm.restart(acknowledgments.delayNs(block.roundTrip.smoothedNs))
  }
}
