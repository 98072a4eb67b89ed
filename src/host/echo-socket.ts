import type { Ipv4Address } from '../wire/address.ts'
import { ICMP_HEADER_BYTES, type IcmpEcho } from '../wire/icmp.ts'
import { IPV4_HEADER_BYTES, type Ipv4Packet } from '../wire/ipv4.ts'
import type { Host } from './host.ts'
import type { IcmpErrorReport } from './icmp.ts'
import type { Interface } from './interface.ts'
import type { SendResult } from './output.ts'

/** One echo request. */
export interface EchoRequest {
  readonly destination: Ipv4Address
  readonly sequence: number
  /** Behind the ICMP header: 56 for a plain ping. */
  readonly dataBytes: number
  readonly source?: Ipv4Address
  readonly interface?: Interface
  readonly ttl?: number
  readonly tos?: number
  /** Default: set when the request fits the route's MTU. */
  readonly dontFragment?: boolean
}

/** An answer: the packet around it tells source and TTL. */
export interface EchoReply {
  readonly packet: Ipv4Packet
  readonly message: IcmpEcho
  readonly receivedAtNs: number
}

/** What ping holds: sends echo requests of one identifier and gets what comes back. */
export class EchoSocket {
  readonly identifier: number
  onReply: (reply: EchoReply) => void = () => {}
  /** Errors and redirects about one of its requests, this host's own about a dead neighbour too. */
  onError: (report: IcmpErrorReport) => void = () => {}
  readonly #host: Host
  readonly #release: () => void

  constructor(host: Host, identifier: number, release: () => void) {
    this.identifier = identifier
    this.#host = host
    this.#release = release
  }

  /** Sends a request. The result is what sendmsg(2) answers. */
  send(request: EchoRequest): SendResult {
    const { destination, sequence, dataBytes, dontFragment, ...rest } = request
    const route = this.#host.routeFor(destination)
    const fits = !route.ok || IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + dataBytes <= route.mtuBytes
    return this.#host.sendPacket({
      ...rest,
      destination,
      dontFragment: dontFragment ?? fits,
      payload: {
        kind: 'icmp',
        type: 8,
        code: 0,
        identifier: this.identifier,
        sequence,
        dataBytes,
        sentAtNs: this.#host.simulator.nowNs,
      },
    })
  }

  close(): void {
    this.onReply = () => {}
    this.onError = () => {}
    this.#release()
  }

  /** Called by the stack. */
  receiveReply(packet: Ipv4Packet, message: IcmpEcho): void {
    this.onReply({ packet, message, receivedAtNs: this.#host.simulator.nowNs })
  }

  /** Called by the stack. */
  receiveError(report: IcmpErrorReport): void {
    this.onError(report)
  }
}
