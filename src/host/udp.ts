import { type Ipv4Address, isMulticast, LIMITED_BROADCAST } from '../wire/address.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { UdpDatagram, UdpPayload } from '../wire/udp.ts'
import { drop } from './drop.ts'
import type { Host } from './host.ts'
import type { IcmpErrorReport } from './icmp.ts'
import type { Interface } from './interface.ts'
import type { SendResult } from './output.ts'
import { type Failure, failure } from './result.ts'

export interface UdpBindOptions {
  /** Default: an ephemeral port. */
  readonly port?: number
  /** Default: any. */
  readonly address?: Ipv4Address
  readonly onDatagram?: (packet: UdpPacket, input: Interface) => void
  /** An ICMP error about a datagram of this socket. */
  readonly onError?: (report: IcmpErrorReport) => void
}

/** A packet that carries a datagram. */
export type UdpPacket = Ipv4Packet & { readonly payload: UdpDatagram }

/** A datagram to send. */
export interface UdpSendOptions {
  readonly destination: Ipv4Address
  readonly destinationPort: number
  readonly payloadBytes: number
  /** Where the content matters. */
  readonly payload?: UdpPayload
  readonly source?: Ipv4Address
  readonly ttl?: number
  readonly tos?: number
  readonly dontFragment?: boolean
  readonly interface?: Interface
}

/** A bound UDP socket. */
export interface UdpSocket {
  readonly port: number
  readonly address: Ipv4Address
  send(options: UdpSendOptions): SendResult
  close(): void
}

interface Binding extends UdpSocket {
  readonly options: UdpBindOptions
}

const EPHEMERAL_FIRST = 32768
const EPHEMERAL_COUNT = 28232

/** UDP of one host (net/ipv4/udp.c). Payloads are counted, not kept. */
export class UdpStack {
  readonly #host: Host
  readonly #sockets = new Map<number, Binding[]>()

  constructor(host: Host) {
    this.#host = host
  }

  /** Binds a socket. EADDRINUSE when address and port are taken, EADDRNOTAVAIL when the address is not ours. */
  bind(options: UdpBindOptions): UdpSocket | Failure {
    const address = options.address ?? (0 as Ipv4Address)
    if (address !== 0 && !this.#host.isLocalAddress(address)) return failure('EADDRNOTAVAIL')
    const port = options.port ?? this.#freePort()
    const taken = (this.#sockets.get(port) ?? []).some(
      other => other.address === 0 || address === 0 || other.address === address,
    )
    if (taken) return failure('EADDRINUSE')
    const socket: Binding = {
      port,
      address,
      options,
      send: datagram => this.#send(socket, datagram),
      close: () => this.#close(socket),
    }
    this.#sockets.set(port, [...(this.#sockets.get(port) ?? []), socket])
    return socket
  }

  /** Sends one datagram from a port without keeping a socket: errors about it are lost. */
  sendDatagram(options: UdpSendOptions & { readonly sourcePort: number }): SendResult {
    return this.#transmit(options.sourcePort, options)
  }

  /** The bound sockets by port, for `ss -uan`. */
  snapshot(): readonly UdpSocket[] {
    return [...this.#sockets.values()].flat().sort((a, b) => a.port - b.port || a.address - b.address)
  }

  /** Takes a datagram for this host. Nobody there: port unreachable. */
  receive(packet: UdpPacket, device: Interface, isUnicast: boolean): void {
    const socket = this.#find(packet.payload.destinationPort, packet.destination)
    if (socket !== undefined) {
      socket.options.onDatagram?.(packet, device)
      return
    }
    const isGroup = packet.destination === LIMITED_BROADCAST || isMulticast(packet.destination)
    drop(this.#host, 'no-socket', packet, device)
    if (isUnicast && !isGroup) this.#host.icmp.sendError({ packet, input: device, type: 3, code: 3 })
  }

  /** Takes an ICMP error about a datagram of this host. */
  receiveError(report: IcmpErrorReport): void {
    const { payload, source } = report.message.quoted
    if (payload.kind === 'udp') this.#find(payload.sourcePort, source)?.options.onError?.(report)
  }

  #send(socket: UdpSocket, datagram: UdpSendOptions): SendResult {
    return this.#transmit(socket.port, socket.address === 0 ? datagram : { source: socket.address, ...datagram })
  }

  #transmit(sourcePort: number, options: UdpSendOptions): SendResult {
    const { destinationPort, payloadBytes, destination, source, ttl, tos, dontFragment, interface: device } = options
    return this.#host.sendPacket({
      destination,
      ...(source === undefined ? {} : { source }),
      ...(ttl === undefined ? {} : { ttl }),
      ...(tos === undefined ? {} : { tos }),
      ...(dontFragment === undefined ? {} : { dontFragment }),
      ...(device === undefined ? {} : { interface: device }),
      payload: {
        kind: 'udp',
        sourcePort,
        destinationPort,
        payloadBytes,
        ...(options.payload === undefined ? {} : { payload: options.payload }),
      },
    })
  }

  /** The socket bound to the address goes before the one bound to any. */
  #find(port: number, address: Ipv4Address): Binding | undefined {
    const sockets = this.#sockets.get(port)
    if (sockets === undefined) return undefined
    return sockets.find(socket => socket.address === address) ?? sockets.find(socket => socket.address === 0)
  }

  #freePort(): number {
    const first = this.#host.random.integer(0, EPHEMERAL_COUNT)
    for (let step = 0; step < EPHEMERAL_COUNT; step += 1) {
      const port = EPHEMERAL_FIRST + ((first + step) % EPHEMERAL_COUNT)
      if (!this.#sockets.has(port)) return port
    }
    return EPHEMERAL_FIRST
  }

  #close(socket: Binding): void {
    const rest = (this.#sockets.get(socket.port) ?? []).filter(other => other !== socket)
    if (rest.length === 0) this.#sockets.delete(socket.port)
    else this.#sockets.set(socket.port, rest)
  }
}
