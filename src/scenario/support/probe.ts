import type { Host } from '../../host/host.ts'
import type { TcpConnection } from '../../host/tcp/connection.ts'
import type { Simulator } from '../../sim/simulator.ts'
import type { Target } from './target.ts'

/** One question sent to a target: an echo request, or the opening of a TCP connection. */
export interface Probe {
  readonly sentAtNs: number
  /** Local port of a TCP probe. */
  readonly port: number | undefined
  /** Instant of the answer; undefined as long as there is none. */
  answeredAtNs: number | undefined
  /** Why it cannot be answered any more: `refused`, `network-unreachable`, `icmp 11/0 from …`. */
  failure: string | undefined
  /** Ends it and frees what it holds. */
  close(): void
}

const ECHO_DATA_BYTES = 56
/** IPv4 and ICMP headers around the data. */
const ECHO_HEADER_BYTES = 28

/** Sends a probe now. Its answer comes as time passes. */
export function sendProbe(host: Host, target: Target): Probe {
  return target.kind === 'ping' ? sendEcho(host, target) : openConnection(host, target)
}

function sendEcho(host: Host, target: Target): Probe {
  const { simulator } = host
  const socket = host.icmp.openEcho()
  const probe: Probe = {
    sentAtNs: simulator.nowNs,
    port: undefined,
    answeredAtNs: undefined,
    failure: undefined,
    close: () => socket.close(),
  }
  socket.onReply = () => {
    probe.answeredAtNs ??= simulator.nowNs
  }
  socket.onError = ({ message }) => {
    if (message.type !== 5) probe.failure = `icmp error ${message.type}/${message.code}`
  }
  const { packetBytes } = target
  const size =
    packetBytes === undefined
      ? { dataBytes: ECHO_DATA_BYTES }
      : { dataBytes: packetBytes - ECHO_HEADER_BYTES, dontFragment: true }
  const sent = socket.send({ destination: target.address, sequence: 1, ...size })
  if (!sent.ok) probe.failure = sent.errno
  return probe
}

function openConnection(host: Host, target: Target): Probe {
  const { simulator } = host
  const connection: TcpConnection = host.tcp.connect({ destination: target.address, port: target.port })
  let isOver = false
  const probe: Probe = {
    sentAtNs: simulator.nowNs,
    port: connection.localPort,
    answeredAtNs: undefined,
    failure: undefined,
    close() {
      if (!isOver) connection.abort()
      isOver = true
    },
  }
  connection.onEstablished = () => {
    probe.answeredAtNs = simulator.nowNs
  }
  connection.onClosed = reason => {
    isOver = true
    if (probe.answeredAtNs === undefined) probe.failure = reason
  }
  return probe
}

/** Lets time pass until the probe is answered or has failed, at most for the span. True: answered. */
export function awaitProbe(simulator: Simulator, probe: Probe, spanNs: number): boolean {
  const isOpen = (): boolean => probe.answeredAtNs === undefined && probe.failure === undefined
  simulator.runWhile(isOpen, simulator.nowNs + spanNs)
  return probe.answeredAtNs !== undefined
}
