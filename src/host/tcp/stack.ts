import type { Ipv4Address } from '../../wire/address.ts'
import type { IcmpError } from '../../wire/icmp.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import type { TcpSegment } from '../../wire/tcp.ts'
import type { Host } from '../host.ts'
import { TcpConnection } from './connection.ts'
import { Listener, type ListenOptions } from './listener.ts'

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

/** A row of `ss -tan` or `netstat -tn`. */
export interface TcpSocketRow {
  readonly state: TcpConnection['state'] | 'listen'
  readonly localAddress: Ipv4Address
  readonly localPort: number
  readonly remoteAddress: Ipv4Address
  readonly remotePort: number
  readonly receiveQueueBytes: number
  readonly sendQueueBytes: number
}

/** The TCP of one host. */
export class TcpStack {
  constructor(_host: Host) {}

  /** Takes a segment addressed to this host. */
  receive(_packet: Ipv4Packet & { readonly payload: TcpSegment }): void {}

  /** Takes an ICMP error about a segment of this host. */
  receiveError(_error: IcmpError): void {}

  listen(options: ListenOptions): Listener | { readonly error: 'EADDRINUSE' } {
    return new Listener(options, () => {})
  }

  /** Starts a connection. The SYN leaves in an event of the same instant, so callbacks set on the result see everything. */
  connect(options: ConnectOptions): TcpConnection {
    return new TcpConnection(options.source ?? (0 as Ipv4Address), 0, options.destination, options.port)
  }

  /** Forgets every connection and listener without a word on the wire: the kernel is gone. */
  vanish(): void {}

  /** Every socket: listeners by port, then connections, oldest first. */
  snapshot(): readonly TcpSocketRow[] {
    return []
  }
}
