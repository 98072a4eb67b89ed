import type { Ipv4Address } from '../../wire/address.ts'
import type { StreamRecord } from '../../wire/stream.ts'
import type { TcpState } from './tcp-machine.ts'

/** Why a connection is over. */
export type TcpCloseReason =
  | 'closed'
  | 'reset'
  | 'refused'
  | 'timeout'
  | 'host-unreachable'
  | 'network-unreachable'
  | 'aborted'

/** One TCP connection as its program sees it. */
export class TcpConnection {
  readonly localAddress: Ipv4Address
  readonly localPort: number
  readonly remoteAddress: Ipv4Address
  readonly remotePort: number
  /** The handshake is complete. Not called for connections that a listener hands out: they are established already. */
  onEstablished: () => void = () => {}
  /** A record has arrived whole and in order. */
  onRecord: (record: StreamRecord) => void = () => {}
  /** The other side has sent its FIN: no more records will come. Answer with `close()`. */
  onRemoteClose: () => void = () => {}
  /** The connection is over. Called once, never from inside `close()` or `abort()`, and not at all after an own `abort()`. */
  onClosed: (reason: TcpCloseReason) => void = () => {}
  /** TCP_NODELAY. Setting it to true releases what Nagle's rule holds back. */
  noDelay = false
  /** IP_TTL of this socket; changes apply to the next segment. */
  ttl = 64
  /** IP_TOS. */
  tos = 0
  /** IP_MINTTL (RFC 5082): segments that arrive with a smaller TTL are dropped silently. 0: none. */
  minimumTtl = 0
  /** TCP_MD5SIG (RFC 2385): segments signed otherwise are dropped silently. */
  md5Password: string | undefined

  constructor(localAddress: Ipv4Address, localPort: number, remoteAddress: Ipv4Address, remotePort: number) {
    this.localAddress = localAddress
    this.localPort = localPort
    this.remoteAddress = remoteAddress
    this.remotePort = remotePort
  }

  get state(): TcpState {
    return 'closed'
  }

  /** Whether both sides know each other: established or later, until both FINs are through. */
  get isEstablished(): boolean {
    return false
  }

  /** One write(2) of these records. Ignored once this side has closed. */
  send(_records: StreamRecord | readonly StreamRecord[]): void {}

  /** Sends what is queued, then FIN. */
  close(): void {}

  /** Sends RST and forgets the connection. */
  abort(): void {}
}
