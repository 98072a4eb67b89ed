/**
 * The way in: what a device received, as far as the decision between this host and others.
 * Sources: Linux net/ipv4/ip_input.c (ip_rcv), net/ipv4/route.c (ip_route_input_slow, ip_error).
 */
import { isGroupMac, isLoopback, isMulticast, LIMITED_BROADCAST } from '../wire/address.ts'
import { type EthernetFrame, frameBytes } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import { drop } from './drop.ts'
import { forwardPacket } from './forward.ts'
import type { Host } from './host.ts'
import { deliverPacket } from './input.ts'
import type { Interface } from './interface.ts'
import { receiveArp } from './neighbor/arp.ts'
import { runFrameHooks, runPacketHooks } from './run-hooks.ts'
import { validateSource } from './source-validation.ts'
import { earlyConnection, isInputKnown, keepInput } from './tcp/kept-routes.ts'

/** Takes a frame off a device: ingress hooks, then by its MAC address and type. */
export function receiveFrame(host: Host, device: Interface, frame: EthernetFrame): void {
  device.counters.receivedPackets += 1
  device.counters.receivedBytes += frameBytes(frame)
  let received = frame
  if (!host.hooks.ingress.isEmpty) {
    const passed = runFrameHooks(host, host.hooks.ingress, frame, device)
    if (passed === undefined) return
    received = passed
  }
  const isForUs = received.destination === device.mac
  if (!isForUs && !isGroupMac(received.destination)) {
    device.counters.receiveDrops += 1
    host.counters.drop('other-host')
    return
  }
  const { payload } = received
  if (payload.kind === 'arp') receiveArp(host, device, received, payload)
  else receivePacket(host, device, payload, isForUs)
}

/** Takes an IP packet. `isUnicastFrame`: it came in a frame for our own MAC address. */
export function receivePacket(host: Host, device: Interface, packet: Ipv4Packet, isUnicastFrame: boolean): void {
  if (host.hooks.prerouting.isEmpty) {
    routePacket(host, device, packet, isUnicastFrame)
    return
  }
  const passed = runPacketHooks(host, host.hooks.prerouting, packet, device, undefined)
  if (passed !== undefined) routePacket(host, device, passed, isUnicastFrame)
}

function routePacket(host: Host, device: Interface, packet: Ipv4Packet, isUnicastFrame: boolean): void {
  const connection = isUnicastFrame ? earlyConnection(host, packet) : undefined
  if (connection !== undefined && isInputKnown(connection, device)) {
    deliverPacket(host, device, packet, true, connection)
    return
  }
  const { source, destination } = packet
  if (isMulticast(source) || source === LIMITED_BROADCAST) {
    drop(host, 'martian-source', packet, device)
    return
  }
  if (isLoopback(source) && !isLoopbackAllowed(device)) {
    drop(host, 'martian-source', packet, device)
    return
  }
  if (destination === LIMITED_BROADCAST || isMulticast(destination)) {
    deliverPacket(host, device, packet, false)
    return
  }
  if (source >>> 24 === 0) {
    drop(host, 'martian-source', packet, device)
    return
  }
  if (destination >>> 24 === 0) {
    drop(host, 'martian-destination', packet, device)
    return
  }
  if (isLoopback(destination) && !isLoopbackAllowed(device)) {
    drop(host, 'martian-destination', packet, device)
    return
  }

  const route = host.fib.lookup(destination, packet.tos)
  const isForwarding = device.settings.forwarding !== 0
  if (route === undefined) {
    refuse(host, device, packet, isForwarding ? 0 : undefined, isUnicastFrame)
    return
  }
  if (route.type === 'blackhole') {
    drop(host, 'route-blackhole', packet, device)
    return
  }
  if (route.type === 'unreachable') {
    refuse(host, device, packet, isForwarding ? 1 : undefined, isUnicastFrame)
    return
  }
  if (route.type === 'prohibit') {
    refuse(host, device, packet, isForwarding ? 13 : undefined, isUnicastFrame)
    return
  }

  const isLocal = route.type === 'local' || route.type === 'broadcast'
  if (!isLocal && !isForwarding) {
    drop(host, 'not-forwarding', packet, device)
    return
  }
  const verdict = validateSource(host, device, source)
  if (!verdict.ok) {
    drop(host, verdict.reason, packet, device)
    return
  }
  if (isLocal) {
    const isUnicast = route.type === 'local' && isUnicastFrame
    if (isUnicast && connection !== undefined) keepInput(connection, device)
    deliverPacket(host, device, packet, isUnicast, connection)
    return
  }
  if (!isUnicastFrame) {
    drop(host, 'broadcast-not-forwarded', packet, device)
    return
  }
  forwardPacket(host, device, packet, route, verdict.isOnLink)
}

/** No route, or a route that refuses: answered by the codes 3/0, 3/1, 3/13, at most at ip_error's rate; hosts say nothing. */
function refuse(
  host: Host,
  device: Interface,
  packet: Ipv4Packet,
  code: 0 | 1 | 13 | undefined,
  isUnicastFrame: boolean,
): void {
  drop(host, code === 1 ? 'route-unreachable' : code === 13 ? 'route-prohibit' : 'no-route', packet, device)
  if (code !== undefined && isUnicastFrame) host.icmp.sendRouteError(packet, device, code)
}

function isLoopbackAllowed(device: Interface): boolean {
  return device.isLoopback || device.settings.route_localnet !== 0
}
