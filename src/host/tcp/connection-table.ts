import type { Ipv4Address } from '../../wire/address.ts'
import type { TcpConnection, TcpEndpoints } from './connection.ts'

/** Connections by their four numbers: a map by both ports, and a short list for each. */
export class ConnectionTable {
  readonly #byPorts = new Map<number, TcpConnection[]>()
  readonly #all = new Set<TcpConnection>()

  add(connection: TcpConnection): void {
    const key = portsKey(connection.localPort, connection.remotePort)
    const list = this.#byPorts.get(key)
    if (list === undefined) this.#byPorts.set(key, [connection])
    else list.push(connection)
    this.#all.add(connection)
  }

  remove(connection: TcpConnection): void {
    if (!this.#all.delete(connection)) return
    const key = portsKey(connection.localPort, connection.remotePort)
    const list = this.#byPorts.get(key)!
    if (list.length === 1) this.#byPorts.delete(key)
    else list.splice(list.indexOf(connection), 1)
  }

  find(
    localAddress: Ipv4Address,
    localPort: number,
    remoteAddress: Ipv4Address,
    remotePort: number,
  ): TcpConnection | undefined {
    const list = this.#byPorts.get(portsKey(localPort, remotePort))
    if (list === undefined) return undefined
    for (const connection of list) {
      if (connection.remoteAddress === remoteAddress && connection.localAddress === localAddress) return connection
    }
    return undefined
  }

  has(endpoints: TcpEndpoints): boolean {
    const { localAddress, localPort, remoteAddress, remotePort } = endpoints
    return this.find(localAddress, localPort, remoteAddress, remotePort) !== undefined
  }

  /** All connections, oldest first. */
  snapshot(): readonly TcpConnection[] {
    return [...this.#all]
  }
}

function portsKey(localPort: number, remotePort: number): number {
  return localPort * 0x10000 + remotePort
}
