import type { Ipv4Address } from '../../wire/address.ts'
import { ICMP_UNREACHABLE, type IcmpError } from '../../wire/icmp.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { TCP_FLAG, type TcpOptions, type TcpSegment } from '../../wire/tcp.ts'
import type { Host } from '../host.ts'
import { NO_IP_OPTIONS } from '../output.ts'
import { TcpConnection, type TcpEndpoints } from './connection.ts'
import { ConnectionTable } from './connection-table.ts'
import { ControlBlock } from './control-block.ts'
import { icmpErrorReason } from './icmp-error-reason.ts'
import { adoptSyn, receiveSegment } from './input.ts'
import { outputRoute } from './kept-routes.ts'
import { keyedHash } from './keyed-hash.ts'
import { Listener, type ListenOptions } from './listener.ts'
import { PortAllocator } from './port-allocator.ts'
import { offeredWindowScale, ReceiveWindow } from './receive-window.ts'
import { toPosition } from './sequence.ts'
import { TcpSettingsReader } from './settings.ts'
import { connectionRow, listenerRow, type TcpSocketRow } from './socket-row.ts'

export interface ConnectOptions {
  readonly destination: Ipv4Address
  readonly port: number
  /** Default: what the route says. */
  readonly source?: Ipv4Address
  /** Default: an ephemeral port. */
  readonly sourcePort?: number
  /** IP_TTL. Default: net.ipv4.ip_default_ttl. */
  readonly ttl?: number
  readonly tos?: number
  /** IP_MINTTL, RFC 5082. */
  readonly minimumTtl?: number
  /** TCP_MD5SIG, RFC 2385. */
  readonly md5Password?: string
  readonly noDelay?: boolean
}

type TcpPacket = Ipv4Packet & { readonly payload: TcpSegment }

const ANY = 0 as Ipv4Address
const SYN_ACK_RST_FIN = TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst | TCP_FLAG.fin

/** The TCP of one host: finds the socket of each segment, makes connections and answers for ports where nobody listens. */
export class TcpStack {
  readonly host: Host
  readonly #connections = new ConnectionTable()
  readonly #listeners = new Map<number, Listener[]>()
  readonly #ports: PortAllocator
  readonly #secret: number
  readonly #identifications: { uint32(): number }
  readonly #settings: TcpSettingsReader

  constructor(host: Host) {
    this.host = host
    this.#settings = new TcpSettingsReader(host.sysctl)
    const random = host.random.fork('tcp')
    this.#secret = random.fork('sequence').uint32()
    this.#identifications = random.fork('identification')
    this.#ports = new PortAllocator(random.fork('ports').uint32())
  }

  get nowNs(): number {
    return this.host.simulator.nowNs
  }

  get defaultTtl(): number {
    return this.host.sysctl.ipv4.ip_default_ttl
  }

  /** net.ipv4.tcp_syn_retries. */
  get synRetries(): number {
    return this.host.sysctl.ipv4.tcp_syn_retries
  }

  /** The connection to which a received segment belongs. */
  find({ source, destination }: Ipv4Packet, segment: TcpSegment): TcpConnection | undefined {
    return this.#connections.find(destination, segment.destinationPort, source, segment.sourcePort)
  }

  /** Takes a segment addressed to this host. @param connection to which it belongs, where that is known already */
  receive(packet: TcpPacket, connection = this.find(packet, packet.payload)): void {
    const segment = packet.payload
    if (connection === undefined) {
      this.#receiveWithoutConnection(packet)
      return
    }
    if (packet.ttl < connection.minimumTtl) {
      this.host.counters.drop('tcp-minimum-ttl')
      return
    }
    if (segment.options.md5Password !== connection.md5Password) {
      this.#dropUnsigned(packet)
      return
    }
    if (isNewIncarnation(connection, segment)) {
      connection.step('timeWaitExpires')
      this.#receiveWithoutConnection(packet)
      return
    }
    if (receiveSegment(connection, segment) === 'answer-with-reset') this.#answerWithReset(packet)
  }

  /** Takes an ICMP error about a segment of this host (tcp_v4_err, net/ipv4/tcp_ipv4.c). */
  receiveError(error: IcmpError): void {
    const { quoted } = error
    if (quoted.payload.kind !== 'tcp') return
    const { sourcePort, destinationPort, sequence } = quoted.payload
    const connection = this.#connections.find(quoted.source, sourcePort, quoted.destination, destinationPort)
    if (connection === undefined) return
    const { block } = connection
    const position = toPosition(block.initialSend, sequence, block.unacknowledged)
    if (position < block.unacknowledged || position > block.highest) return
    if (error.type === 3 && error.code === ICMP_UNREACHABLE.fragmentationNeeded) {
      lowerPathMtu(connection, error.nextHopMtuBytes)
      return
    }
    if (error.type === 12) return
    const reason = icmpErrorReason(error)
    if (block.state === 'syn-sent' || block.state === 'syn-received') connection.fail(reason)
    else if (reason !== 'refused') block.softError = reason
  }

  /** Opens a listening socket. */
  listen(options: ListenOptions): Listener | { readonly error: 'EADDRINUSE' } {
    const others = this.#listeners.get(options.port) ?? []
    const { address } = options
    const isTaken = others.some(other => address === undefined || !other.address || other.address === address)
    if (isTaken) return { error: 'EADDRINUSE' }
    const listener = new Listener(options, closed => this.#removeListener(closed))
    this.#listeners.set(options.port, [...others, listener])
    return listener
  }

  /** Starts a connection. The SYN leaves in an event of the same instant, so callbacks set on the result see everything. */
  connect(options: ConnectOptions): TcpConnection {
    const { destination, port } = options
    const route = this.host.routeFor(destination, options.source)
    const source = route.ok ? route.source : (options.source ?? ANY)
    const localPort = options.sourcePort ?? this.#allocatePort(source, destination, port)
    const endpoints = { localAddress: source, localPort: localPort ?? 0, remoteAddress: destination, remotePort: port }
    const block = this.#makeBlock(endpoints, route.ok ? route.mtuBytes : 1500, options.md5Password !== undefined)
    const connection = new TcpConnection(this, endpoints, block)
    applyOptions(connection, options)
    const isUsable = route.ok && localPort !== undefined && !this.#connections.has(endpoints)
    if (isUsable) this.#connections.add(connection)
    const reason = !route.ok && route.errno === 'ENETUNREACH' ? 'network-unreachable' : 'host-unreachable'
    block.state = 'closed'
    this.host.simulator.schedule(this.host.origin, 0, () => {
      if (connection.isClosedByProgram || connection.isReleased) return this.release(connection)
      if (isUsable) return connection.step('open')
      connection.isReleased = true
      connection.onClosed(reason)
    })
    return connection
  }

  /** Resets every connection, as a kernel does when it closes sockets by force; programs hear `aborted`. */
  abortAll(): void {
    for (const connection of this.#connections.snapshot()) {
      connection.step('abort')
      connection.onClosed('aborted')
    }
  }

  /** Forgets every connection and listener without a word on the wire: the kernel is gone, and its programs with it. */
  vanish(): void {
    for (const connection of this.#connections.snapshot()) {
      connection.block.state = 'closed'
      connection.isReleased = true
      connection.retransmitAlarm.stop()
      connection.acknowledgmentAlarm.stop()
      this.release(connection)
    }
    this.#listeners.clear()
  }

  /** Every socket: listeners by port, then connections, oldest first. */
  snapshot(): readonly TcpSocketRow[] {
    const listeners = [...this.#listeners.values()].flat().sort((a, b) => a.port - b.port)
    return [...listeners.map(listenerRow), ...this.#connections.snapshot().map(connectionRow)]
  }

  /** Takes a connection out of the tables. */
  release(connection: TcpConnection): void {
    this.#connections.remove(connection)
  }

  /** Sends a segment of a connection. */
  transmit(connection: TcpConnection, segment: TcpSegment, identification: number): void {
    const { localAddress: source, remoteAddress: destination, ttl, tos } = connection
    const packet: Ipv4Packet = {
      kind: 'ipv4',
      source,
      destination,
      ttl,
      tos,
      identification,
      dontFragment: true,
      options: NO_IP_OPTIONS,
      payload: segment,
    }
    const result = this.host.sendRouted(packet, outputRoute(connection))
    if (result.ok || result.errno !== 'EMSGSIZE') return
    // The route has become narrower: cut anew, outside of the loop that is sending now.
    this.host.simulator.schedule(this.host.origin, 0, () => lowerPathMtu(connection, result.mtuBytes))
  }

  /** New data was acknowledged: proof that the neighbour on the way is there (tcp_ack, dst_confirm). */
  confirmNeighbor(connection: TcpConnection): void {
    const { host } = this
    const route = outputRoute(connection)
    if (route.ok) host.neighbors.confirm(route.interface, route.gateway ?? connection.remoteAddress)
  }

  #receiveWithoutConnection(packet: TcpPacket): void {
    const { flags, destinationPort, options } = packet.payload
    const listener = this.#findListener(packet.destination, destinationPort)
    if (listener === undefined) {
      this.host.counters.drop('no-socket')
      this.#answerWithReset(packet)
      return
    }
    if (options.md5Password !== listener.md5Passwords.get(packet.source)) {
      this.#dropUnsigned(packet)
      return
    }
    if (flags & TCP_FLAG.rst) return
    if (flags & TCP_FLAG.ack) {
      this.#answerWithReset(packet)
      return
    }
    if ((flags & SYN_ACK_RST_FIN) === TCP_FLAG.syn) this.#accept(listener, packet)
  }

  #accept(listener: Listener, packet: TcpPacket): void {
    const segment = packet.payload
    const route = this.host.routeFor(packet.source)
    if (!route.ok) return
    const endpoints = {
      localAddress: packet.destination,
      localPort: segment.destinationPort,
      remoteAddress: packet.source,
      remotePort: segment.sourcePort,
    }
    const isSigned = segment.options.md5Password !== undefined
    const block = this.#makeBlock(endpoints, route.mtuBytes, isSigned)
    adoptSyn(block, segment)
    const unitBytes = block.announcedMss - (block.hasTimestamps ? 12 : 0)
    block.receiveWindow = new ReceiveWindow(this.#settings.get().receiveMemory, unitBytes)
    const connection = new TcpConnection(this, endpoints, block)
    listener.adopt(connection)
    this.#connections.add(connection)
    connection.step('synReceived')
  }

  /** RFC 9293 §3.10.7.1: RST with the number that the other side expects. Identification 0, TOS of the packet. */
  #answerWithReset(packet: TcpPacket): void {
    const { payload: segment } = packet
    if (segment.flags & TCP_FLAG.rst || !this.host.isLocalAddress(packet.destination)) return
    const hasAck = (segment.flags & TCP_FLAG.ack) !== 0
    const length =
      segment.payloadBytes + (segment.flags & TCP_FLAG.syn ? 1 : 0) + (segment.flags & TCP_FLAG.fin ? 1 : 0)
    this.host.sendPacket({
      source: packet.destination,
      destination: packet.source,
      tos: packet.tos,
      dontFragment: true,
      identification: 0,
      payload: {
        kind: 'tcp',
        sourcePort: segment.destinationPort,
        destinationPort: segment.sourcePort,
        sequence: hasAck ? segment.acknowledgment : 0,
        acknowledgment: hasAck ? 0 : (segment.sequence + length) >>> 0,
        flags: hasAck ? TCP_FLAG.rst : TCP_FLAG.rst | TCP_FLAG.ack,
        window: 0,
        options: NO_OPTIONS,
        payload: [],
        payloadBytes: 0,
      },
    })
  }

  #dropUnsigned(packet: TcpPacket): void {
    this.host.counters.drop('tcp-md5-failure')
    this.host.journal.record(this.host.name, 'tcp.md5-failure', {
      source: packet.source,
      sourcePort: packet.payload.sourcePort,
    })
  }

  #makeBlock(endpoints: TcpEndpoints, mtuBytes: number, isSigned: boolean): ControlBlock {
    const { localAddress, localPort, remoteAddress, remotePort } = endpoints
    const { ipv4 } = this.host.sysctl
    const memory = this.#settings.get().receiveMemory
    const announcedMss = Math.max(mtuBytes - 40, 256)
    const clock = Math.floor(this.nowNs / 64) % 0x1_0000_0000
    return new ControlBlock({
      initialSend:
        (keyedHash(this.#secret, localAddress, remoteAddress, localPort * 0x10000 + remotePort) + clock) >>> 0,
      timestampOffset: keyedHash(~this.#secret, localAddress, remoteAddress, 0),
      identification: this.#identifications.uint32() & 0xffff,
      receiveWindow: new ReceiveWindow(memory, announcedMss),
      announcedMss,
      offeredScale: offeredWindowScale(memory),
      // An MD5 signature leaves no room for timestamps beside SACK (tcp_syn_options).
      hasTimestamps: ipv4.tcp_timestamps !== 0 && !isSigned,
      hasSack: ipv4.tcp_sack !== 0,
      hasWindowScale: ipv4.tcp_window_scaling !== 0,
      pathMtuBytes: mtuBytes,
    })
  }

  #allocatePort(source: Ipv4Address, destination: Ipv4Address, port: number): number | undefined {
    const { portRange } = this.#settings.get()
    return this.#ports.allocate({ source, destination, port }, portRange, this.nowNs, candidate => {
      if (this.#listeners.has(candidate)) return false
      const endpoints = { localAddress: source, localPort: candidate, remoteAddress: destination, remotePort: port }
      return !this.#connections.has(endpoints)
    })
  }

  #findListener(address: Ipv4Address, port: number): Listener | undefined {
    const listeners = this.#listeners.get(port)
    if (listeners === undefined) return undefined
    return listeners.find(listener => listener.address === address) ?? listeners.find(listener => !listener.address)
  }

  #removeListener(closed: Listener): void {
    const rest = (this.#listeners.get(closed.port) ?? []).filter(listener => listener !== closed)
    if (rest.length === 0) this.#listeners.delete(closed.port)
    else this.#listeners.set(closed.port, rest)
  }
}

const NO_OPTIONS: TcpOptions = {}

function applyOptions(connection: TcpConnection, options: ConnectOptions): void {
  if (options.ttl !== undefined) connection.ttl = options.ttl
  if (options.tos !== undefined) connection.tos = options.tos
  if (options.minimumTtl !== undefined) connection.minimumTtl = options.minimumTtl
  connection.md5Password = options.md5Password
  if (options.noDelay !== undefined) connection.noDelay = options.noDelay
}

/** A SYN that may replace a connection in TIME-WAIT: its numbers lie beyond the old ones (tcp_timewait_state_process). */
function isNewIncarnation(connection: TcpConnection, segment: TcpSegment): boolean {
  if (connection.state !== 'time-wait' || (segment.flags & SYN_ACK_RST_FIN) !== TCP_FLAG.syn) return false
  const { block } = connection
  return toPosition(block.initialReceive, segment.sequence, block.reassembly.next) > block.reassembly.next
}

function lowerPathMtu(connection: TcpConnection, mtuBytes: number | undefined): void {
  const { block } = connection
  if (mtuBytes === undefined || mtuBytes >= block.pathMtuBytes) return
  block.pathMtuBytes = mtuBytes
  connection.updateSegmentBytes()
  connection.resendAll()
}
