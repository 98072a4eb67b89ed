import type { Ipv4Address } from '../../wire/address.ts'
import type { TcpConnection } from './connection.ts'
import type { Listener } from './listener.ts'

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

const ANY = 0 as Ipv4Address

/** The row of a listening socket. */
export function listenerRow(listener: Listener): TcpSocketRow {
  return {
    state: 'listen',
    localAddress: listener.address ?? ANY,
    localPort: listener.port,
    remoteAddress: ANY,
    remotePort: 0,
    receiveQueueBytes: 0,
    sendQueueBytes: 0,
  }
}

/** The row of a connection. */
export function connectionRow(connection: TcpConnection): TcpSocketRow {
  return {
    state: connection.state,
    localAddress: connection.localAddress,
    localPort: connection.localPort,
    remoteAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    receiveQueueBytes: 0,
    sendQueueBytes: connection.unacknowledgedBytes,
  }
}
