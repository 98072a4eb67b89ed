/**
 * The ways of a connection's segments, kept with its socket: a connection asks the routing tables once, and again only after
 * something has changed on which their answers depend (`Host.routeGeneration`).
 */
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import type { Host } from '../host.ts'
import type { Interface } from '../interface.ts'
import type { OutputRoute, RouteLookup } from '../route-select.ts'
import type { TcpConnection } from './connection.ts'

/** IPPROTO_TCP */
const TCP_PROTOCOL = 6

/** The way of the segments that leave (`sk_dst_cache`, `__sk_dst_check` in net/core/sock.c). */
export function outputRoute(connection: TcpConnection): RouteLookup {
  const { host } = connection.stack
  const { routeGeneration } = host
  if (connection.outputGeneration === routeGeneration) return connection.outputRoute!
  const route = host.routeFor(connection.remoteAddress, connection.localAddress, {
    tos: connection.tos,
    protocol: TCP_PROTOCOL,
    sourcePort: connection.localPort,
    destinationPort: connection.remotePort,
  })
  if (!route.ok || !isSteady(route)) return route
  connection.outputRoute = route
  connection.outputGeneration = routeGeneration
  return route
}

/**
 * Whether the route stays what it is while the tables do: what was learnt expires, and among several next hops the state of
 * the neighbours decides.
 */
function isSteady(route: OutputRoute): boolean {
  return route.pathMtu === undefined && route.redirected === undefined && (route.route?.nextHops.length ?? 0) <= 1
}

/**
 * The connection of a packet that has not been routed yet (tcp_v4_early_demux, net/ipv4/tcp_ipv4.c). Undefined when there is
 * none, for fragments, and where early demultiplexing is switched off.
 */
export function earlyConnection(host: Host, packet: Ipv4Packet): TcpConnection | undefined {
  const { payload } = packet
  if (payload.kind !== 'tcp' || packet.fragmentBytes !== undefined) return undefined
  const { ip_early_demux: isOn, tcp_early_demux: isOnForTcp } = host.sysctl.ipv4
  return isOn === 0 || isOnForTcp === 0 ? undefined : host.tcp.find(packet, payload)
}

/** Whether what comes in for the connection on this device is known to be for this host, and its source to be valid. */
export function isInputKnown(connection: TcpConnection, device: Interface): boolean {
  return connection.inputDevice === device && connection.inputGeneration === connection.stack.host.routeGeneration
}

/** The tables have said so (`inet_sk_rx_dst_set`). */
export function keepInput(connection: TcpConnection, device: Interface): void {
  connection.inputDevice = device
  connection.inputGeneration = connection.stack.host.routeGeneration
}
