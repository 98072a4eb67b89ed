import type { Ipv4Address } from '../../wire/address.ts'
import type { TcpConnection } from './connection.ts'

export interface ListenOptions {
  readonly port: number
  /** Undefined: every local address. */
  readonly address?: Ipv4Address
  /** The handshake of a new connection is complete. Set its callbacks here. */
  readonly onConnection: (connection: TcpConnection) => void
  /** False: the connection is accepted and closed at once, as a daemon does with a peer it does not know. */
  readonly filter?: (remote: Ipv4Address) => boolean
  /** IP_TTL of the listener and of what it accepts. Default: net.ipv4.ip_default_ttl. */
  readonly ttl?: number
  readonly tos?: number
}

/** A listening socket. */
export class Listener {
  readonly port: number
  readonly address: Ipv4Address | undefined
  readonly options: ListenOptions
  /** TCP_MD5SIG keys by remote address. */
  readonly md5Passwords = new Map<Ipv4Address, string>()
  readonly #remove: (listener: Listener) => void

  constructor(options: ListenOptions, remove: (listener: Listener) => void) {
    this.port = options.port
    this.address = options.address
    this.options = options
    this.#remove = remove
  }

  /** Stops listening; accepted connections live on. */
  close(): void {
    this.#remove(this)
  }
}
