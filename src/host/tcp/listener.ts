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
  /** IP_TTL of the SYN-ACK and of accepted connections. Default: net.ipv4.ip_default_ttl. */
  readonly ttl?: number
  readonly tos?: number
}

/** A listening socket. Each SYN makes a connection of its own; the program sees it once the handshake is complete. */
export class Listener {
  readonly port: number
  readonly address: Ipv4Address | undefined
  /** TCP_MD5SIG keys by remote address; without one an unsigned SYN is expected. */
  readonly md5Passwords = new Map<Ipv4Address, string>()
  readonly #options: ListenOptions
  readonly #remove: (listener: Listener) => void

  /** @param remove takes it out of the stack */
  constructor(options: ListenOptions, remove: (listener: Listener) => void) {
    this.port = options.port
    this.address = options.address
    this.#options = options
    this.#remove = remove
  }

  /** Stops listening; accepted connections live on. */
  close(): void {
    this.#remove(this)
  }

  /** Makes a new connection this listener's: socket options now, the program's callback when it is established. */
  adopt(connection: TcpConnection): void {
    const { ttl, tos, filter, onConnection } = this.#options
    if (ttl !== undefined) connection.ttl = ttl
    if (tos !== undefined) connection.tos = tos
    connection.md5Password = this.md5Passwords.get(connection.remoteAddress)
    connection.onAccepted = () => {
      if (filter === undefined || filter(connection.remoteAddress)) onConnection(connection)
      else connection.close()
    }
  }
}
