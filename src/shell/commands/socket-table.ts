import type { Host } from '../../host/host.ts'
import type { TcpSocketRow } from '../../host/tcp/socket-row.ts'
import { formatIpv4 } from '../../wire/address.ts'

/** A socket as `ss` and `netstat` list it: listeners first, then connections, each in the stack's order. */
export function tcpSockets(host: Host, which: 'all' | 'listening' | 'connected'): readonly TcpSocketRow[] {
  return host.tcp.snapshot().filter(row => which === 'all' || (row.state === 'listen') === (which === 'listening'))
}

/** `10.0.0.1:179`; `0.0.0.0:*` for a side that is open. */
export function endpoint(address: number, port: number): string {
  return `${formatIpv4(address)}:${port === 0 ? '*' : port}`
}
