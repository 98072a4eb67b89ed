import { type Ipv4Address, isMulticast, LIMITED_BROADCAST } from '../wire/address.ts'
import type { IcmpEcho, IcmpError, IcmpMessage, IcmpRedirect } from '../wire/icmp.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../wire/ipv4.ts'
import { EchoSocket } from './echo-socket.ts'
import type { Host } from './host.ts'
import { IcmpRateLimit } from './icmp-rate-limit.ts'
import type { Interface } from './interface.ts'
import { selectSource } from './route-select.ts'

/** An error about a packet, for `Icmp.sendError`. */
export interface IcmpErrorRequest {
  /** The packet in question, as it is to be quoted. */
  readonly packet: Ipv4Packet
  /** Where it came in; undefined for this host's own. */
  readonly input: Interface | undefined
  readonly type: 3 | 11 | 12
  readonly code: number
  readonly nextHopMtuBytes?: number
}

/** An error as a socket gets it: the message, who sent it, and the packet around it. */
export interface IcmpErrorReport {
  readonly message: IcmpError | IcmpRedirect
  readonly from: Ipv4Address
  readonly packet: Ipv4Packet
}

type IcmpPacket = Ipv4Packet & { readonly payload: IcmpMessage }

/** An error may have 576 bytes in all: so much of the packet is quoted. */
const QUOTE_BYTES = 548
/** IPTOS_PREC_INTERNETCONTROL */
const INTERNET_CONTROL = 0xc0

/** ICMP of one host: answers echo requests, makes errors, passes errors on to sockets. Source: Linux net/ipv4/icmp.c. */
export class Icmp {
  readonly #host: Host
  readonly #limit: IcmpRateLimit
  readonly #echoSockets = new Map<number, EchoSocket>()

  constructor(host: Host) {
    this.#host = host
    this.#limit = new IcmpRateLimit(host)
  }

  /** A socket that sends echo requests, as ping opens one. Default identifier: a random one that is free. */
  openEcho(identifier?: number): EchoSocket {
    let chosen = identifier ?? this.#host.random.integer(1, 65536)
    while (identifier === undefined && this.#echoSockets.has(chosen)) chosen = (chosen % 65535) + 1
    const socket = new EchoSocket(this.#host, chosen, () => this.#echoSockets.delete(chosen))
    this.#echoSockets.set(chosen, socket)
    return socket
  }

  /** Takes an ICMP packet for this host. */
  receive(packet: IcmpPacket, device: Interface, isUnicast: boolean): void {
    const { payload } = packet
    switch (payload.type) {
      case 8:
        this.#answerEcho(packet, payload, isUnicast)
        return
      case 0:
        this.#echoSockets.get(payload.identifier)?.receiveReply(packet, payload)
        return
      case 5:
        this.#learnRedirect(packet, payload, device)
        this.#report({ message: payload, from: packet.source, packet })
        return
      default:
        this.#receiveError(packet, payload)
        return
    }
  }

  /**
   * Makes an error about a packet, unless it must not be: about ICMP errors, broadcasts, packets without a source; or the
   * limits forbid it (icmp_send).
   */
  sendError(request: IcmpErrorRequest): void {
    const { packet, input, type, code } = request
    const { destination, source } = packet
    if (isIcmpError(packet) || source === 0 || source === LIMITED_BROADCAST || isMulticast(source)) return
    if (destination === LIMITED_BROADCAST || isMulticast(destination)) return
    if (this.#host.fib.addressType(destination) === 'broadcast') return
    const isLoopback = this.#host.isLocalAddress(source)
    if (!this.#limit.allows(source, type, code, isLoopback)) {
      this.#host.counters.drop('icmp-rate-limit')
      return
    }
    this.#sendAbout(packet, input, {
      kind: 'icmp',
      type,
      code,
      ...(request.nextHopMtuBytes === undefined ? {} : { nextHopMtuBytes: request.nextHopMtuBytes }),
      quoted: packet,
      quotedBytes: Math.min(QUOTE_BYTES, ipv4PacketBytes(packet)),
    })
  }

  /** The answer of a route that refuses: it costs two tokens of the same bucket (ip_error). */
  sendRouteError(packet: Ipv4Packet, input: Interface, code: 0 | 1 | 13): void {
    if (!this.#limit.allowsRouteError(packet.source)) {
      this.#host.counters.drop('icmp-rate-limit')
      return
    }
    this.sendError({ packet, input, type: 3, code })
  }

  /** Tells a sender on the same link of a better gateway (ip_rt_send_redirect). `packet` with its TTL decremented. */
  sendRedirect(packet: Ipv4Packet, input: Interface, gateway: Ipv4Address): void {
    if (isIcmpError(packet) || !this.#limit.allowsRedirect(packet.source)) return
    const quotedBytes = Math.min(QUOTE_BYTES, ipv4PacketBytes(packet))
    this.#sendAbout(packet, input, { kind: 'icmp', type: 5, code: 1, gateway, quoted: packet, quotedBytes })
  }

  /** Source: the address that the packet was for if it is ours, else what the route back to the sender says. */
  #sendAbout(packet: Ipv4Packet, input: Interface | undefined, message: IcmpError | IcmpRedirect): void {
    const host = this.#host
    const usesInput = host.sysctl.ipv4.icmp_errors_use_inbound_ifaddr !== 0 && input !== undefined
    const source = host.isLocalAddress(packet.destination)
      ? packet.destination
      : usesInput
        ? selectSource(host, input, packet.source, 'link')
        : undefined
    host.sendPacket({
      destination: packet.source,
      ...(source === undefined || source === 0 ? {} : { source }),
      tos: (packet.tos & 0x1e) | INTERNET_CONTROL,
      payload: message,
      about: packet,
    })
  }

  #answerEcho(packet: Ipv4Packet, request: IcmpEcho, isUnicast: boolean): void {
    const { icmp_echo_ignore_all: ignoresAll, icmp_echo_ignore_broadcasts: ignoresBroadcasts } = this.#host.sysctl.ipv4
    if (ignoresAll !== 0 || (!isUnicast && ignoresBroadcasts !== 0)) return
    this.#host.sendPacket({
      destination: packet.source,
      ...(this.#host.isLocalAddress(packet.destination) ? { source: packet.destination } : {}),
      tos: packet.tos,
      options: packet.options,
      payload: { ...request, type: 0 },
    })
  }

  #receiveError(packet: IcmpPacket, message: IcmpError): void {
    const { quoted, nextHopMtuBytes } = message
    if (message.type === 3 && message.code === 4 && nextHopMtuBytes !== undefined) {
      if (this.#host.sysctl.ipv4.ip_no_pmtu_disc === 0) {
        this.#host.routeExceptions.learnMtu(quoted.destination, nextHopMtuBytes)
      }
    }
    this.#report({ message, from: packet.source, packet })
  }

  /** Errors go to the socket that sent the quoted packet. */
  #report(report: IcmpErrorReport): void {
    const { payload } = report.message.quoted
    if (payload.kind === 'udp') {
      this.#host.udp.receiveError(report)
      return
    }
    if (payload.kind === 'icmp' && payload.type === 8) this.#echoSockets.get(payload.identifier)?.receiveError(report)
    else if (payload.kind === 'tcp' && report.message.type !== 5) this.#host.tcp.receiveError(report.message)
  }

  /**
   * Obeys a redirect of the present gateway (__ip_do_redirect): a new gateway that is not resolved yet is only asked for,
   * so that the next redirect takes effect.
   */
  #learnRedirect(packet: Ipv4Packet, message: IcmpRedirect, device: Interface): void {
    const host = this.#host
    const isRouter = device.settings.forwarding !== 0
    const accepts = isRouter
      ? host.sysctl.all.accept_redirects !== 0 && device.settings.accept_redirects !== 0
      : host.sysctl.either(device, 'accept_redirects')
    const { destination } = message.quoted
    const route = host.routeFor(destination)
    if (!accepts || !route.ok || route.gateway !== packet.source || route.interface !== device) return
    if (host.fib.addressType(message.gateway) !== 'unicast' || !device.hasSubnetOf(message.gateway)) return
    const known = host.neighbors.get(device, message.gateway)
    if (known?.isValid) host.routeExceptions.learnGateway(destination, message.gateway)
    else host.neighbors.resolve(device, message.gateway)
  }
}

/** ICMP errors never cause ICMP errors. */
function isIcmpError(packet: Ipv4Packet): boolean {
  return packet.payload.kind === 'icmp' && packet.payload.type !== 8 && packet.payload.type !== 0
}
