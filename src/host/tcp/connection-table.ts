import type { Ipv4Address } from '../../wire/address.ts'
import type { TcpConnection, TcpEndpoints } from './connection.ts'

/** Connections by their four numbers: a map by both ports, and a chain of those that have the same ones. */
export class ConnectionTable {
  readonly #byPorts = new Map<number, TcpConnection>()
  #added = 0

  add(connection: TcpConnection): void {
    const key = portsKey(connection.localPort, connection.remotePort)
    connection.serial = this.#added
    this.#added += 1
    connection.nextOfPorts = this.#byPorts.get(key)
    this.#byPorts.set(key, connection)
  }

  /** Does nothing for one that is not in the table. */
  remove(connection: TcpConnection): void {
    const key = portsKey(connection.localPort, connection.remotePort)
    const first = this.#byPorts.get(key)
    const { nextOfPorts } = connection
    if (first !== connection) {
      let before = first
      while (before !== undefined && before.nextOfPorts !== connection) before = before.nextOfPorts
      if (before !== undefined) before.nextOfPorts = nextOfPorts
    } else if (nextOfPorts === undefined) this.#byPorts.delete(key)
    else this.#byPorts.set(key, nextOfPorts)
    connection.nextOfPorts = undefined
  }

  find(
    localAddress: Ipv4Address,
    localPort: number,
    remoteAddress: Ipv4Address,
    remotePort: number,
  ): TcpConnection | undefined {
    let connection = this.#byPorts.get(portsKey(localPort, remotePort))
    while (
      connection !== undefined &&
      (connection.remoteAddress !== remoteAddress || connection.localAddress !== localAddress)
    ) {
      connection = connection.nextOfPorts
    }
    return connection
  }

  has(endpoints: TcpEndpoints): boolean {
    const { localAddress, localPort, remoteAddress, remotePort } = endpoints
    return this.find(localAddress, localPort, remoteAddress, remotePort) !== undefined
  }

  /** All connections, oldest first. */
  snapshot(): readonly TcpConnection[] {
    const all: TcpConnection[] = []
    for (const first of this.#byPorts.values()) {
      for (let one: TcpConnection | undefined = first; one !== undefined; one = one.nextOfPorts) all.push(one)
    }
    return all.sort((a, b) => a.serial - b.serial)
  }
}

function portsKey(localPort: number, remotePort: number): number {
  return (localPort << 16) | remotePort
}
