/**
 * The way out: packets of this host's own, and the last stations that forwarded ones share.
 * Sources: Linux net/ipv4/ip_output.c, net/ipv4/route.c. Not modelled: queueing disciplines.
 */
import { BROADCAST_MAC, type Ipv4Address, isMulticast, type MacAddress } from '../wire/address.ts'
import { type EthernetFrame, frameBytes } from '../wire/ethernet.ts'
import { type Ipv4Option, type Ipv4Packet, ipv4HeaderBytes, ipv4PacketBytes, protocolNumber } from '../wire/ipv4.ts'
import { drop } from './drop.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { packetWatcher } from './packet-watch.ts'
import type { Errno } from './result.ts'
import { type Flow, type OutputRoute, type RouteLookup, routeFor } from './route-select.ts'
import { runFrameHooks, runPacketHooks } from './run-hooks.ts'

/** What a socket hands down. */
export interface OutgoingPacket {
  readonly destination: Ipv4Address
  /** Default: what the route says. */
  readonly source?: Ipv4Address
  /** Default: net.ipv4.ip_default_ttl. */
  readonly ttl?: number
  readonly tos?: number
  /** Default: true for TCP and UDP, false for ICMP. */
  readonly dontFragment?: boolean
  readonly options?: readonly Ipv4Option[]
  /** Default: the counter of (source, destination, protocol); TCP gives its own. */
  readonly identification?: number
  readonly payload: Ipv4Packet['payload']
  /** SO_BINDTODEVICE. */
  readonly interface?: Interface
  /** The source need not be an address of this host. */
  readonly isTransparent?: boolean
  /** MSG_CONFIRM or TCP progress: the next hop is known to be alive. */
  readonly confirmsNeighbor?: boolean
  /** The packet that this one is about: an ICMP error takes its path among several. */
  readonly about?: Ipv4Packet
}

/** What sendmsg(2) answers. */
export type SendResult =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly errno: Extract<
        Errno,
        'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL' | 'EMSGSIZE' | 'ENOBUFS' | 'EPERM'
      >
      /** With EMSGSIZE: what would have fitted. */
      readonly mtuBytes?: number
    }

const SENT: SendResult = { ok: true }

/** Sends a packet of the host's own. */
export function sendPacket(host: Host, outgoing: OutgoingPacket): SendResult {
  const route = routeFor(host, flowOf(outgoing))
  if (!route.ok) return { ok: false, errno: route.errno as 'ENETUNREACH' }
  const packet = buildPacket(host, outgoing, route)
  if (outgoing.confirmsNeighbor) host.neighbors.confirm(route.interface, route.gateway ?? packet.destination)
  return sendRouted(host, packet, route)
}

/** Sends a whole packet on the way that its socket knows (`__ip_queue_xmit`). */
export function sendRouted(host: Host, packet: Ipv4Packet, route: RouteLookup): SendResult {
  if (!route.ok) return { ok: false, errno: route.errno as 'ENETUNREACH' }
  const isTooBig = route.type !== 'local' && ipv4PacketBytes(packet) > route.mtuBytes
  if (isTooBig && packet.dontFragment) return { ok: false, errno: 'EMSGSIZE', mtuBytes: route.mtuBytes }
  return leave(host, packet, route)
}

/**
 * The last station of IP: the postrouting hooks, then the neighbour. `input` is where a forwarded packet came in.
 */
export function sendToNeighbor(
  host: Host,
  packet: Ipv4Packet,
  device: Interface,
  gateway: Ipv4Address | undefined,
  type: OutputRoute['type'],
  input: Interface | undefined,
): void {
  let leaving = packet
  if (!host.hooks.postrouting.isEmpty) {
    const passed = runPacketHooks(host, host.hooks.postrouting, packet, input, device)
    if (passed === undefined) return
    leaving = passed
  }
  if (device.isLoopback) {
    loop(host, leaving)
    return
  }
  if ((leaving.fragmentBytes ?? ipv4PacketBytes(leaving)) > device.mtuBytes) {
    if (leaving.dontFragment) {
      drop(host, 'packet-too-big', leaving, device)
      return
    }
    leaving = { ...leaving, fragmentBytes: fragmentBytes(leaving, device.mtuBytes) }
  }
  if (type === 'broadcast') {
    emitFrame(host, device, BROADCAST_MAC, leaving)
    return
  }
  if (type === 'multicast' || isMulticast(leaving.destination)) {
    emitFrame(host, device, multicastMac(leaving.destination), leaving)
    return
  }
  host.neighbors.send(device, gateway ?? leaving.destination, leaving, input)
}

/** Puts a packet into a frame and passes it to the device, through the egress hooks. */
export function emitFrame(host: Host, device: Interface, mac: MacAddress, packet: Ipv4Packet): void {
  const frame: EthernetFrame = { source: device.mac, destination: mac, payload: packet }
  if (host.hooks.egress.isEmpty) {
    transmitFrame(host, device, frame)
    return
  }
  const passed = runFrameHooks(host, host.hooks.egress, frame, device)
  if (passed !== undefined) transmitFrame(host, device, passed)
}

/** Hands a frame to the device's driver. */
export function transmitFrame(host: Host, device: Interface, frame: EthernetFrame): void {
  const { counters, port, bridge } = device
  if (!device.isUp || (port !== undefined && !port.transmit(frame))) {
    counters.transmitDrops += 1
    const reason = !device.isUp ? 'interface-down' : device.hasCarrier ? 'frame-too-long' : 'no-carrier'
    host.counters.drop(reason)
    if (frame.payload.kind === 'ipv4') packetWatcher(host.simulator)?.onDrop(host.name, frame.payload, reason)
    return
  }
  counters.transmittedPackets += 1
  counters.transmittedBytes += frameBytes(frame)
  if (port !== undefined) return
  for (const tap of device.taps) tap(frame, 'out')
  if (bridge !== undefined) bridge.transmitFromHost(frame)
  else if (device.kind !== 'dummy') host.counters.drop('device-not-modelled')
}

/** A packet to one of our own addresses comes back in at the same instant, as the loopback device does it. */
function loop(host: Host, packet: Ipv4Packet): void {
  const device = host.loopback
  if (!device.isUp) {
    drop(host, 'interface-down', packet, device)
    return
  }
  const frame: EthernetFrame = { source: device.mac, destination: device.mac, payload: packet }
  for (const tap of device.taps) tap(frame, 'out')
  device.counters.transmittedPackets += 1
  device.counters.transmittedBytes += frameBytes(frame)
  host.simulator.schedule(host.origin, 0, () => {
    for (const tap of device.taps) tap(frame, 'in')
    host.receiveFrame(device, frame)
  })
}

function flowOf(outgoing: OutgoingPacket): Flow {
  const { payload } = outgoing
  const hasPorts = payload.kind === 'tcp' || payload.kind === 'udp'
  // A raw socket's flow has type and code where others have the destination port (raw_probe_proto_opt).
  const echoPort = payload.kind === 'icmp' && payload.type === 8 ? 8 << 8 : 0
  return {
    destination: outgoing.destination,
    source: outgoing.source,
    tos: outgoing.tos ?? 0,
    protocol: protocolNumber(payload),
    sourcePort: hasPorts ? payload.sourcePort : 0,
    destinationPort: hasPorts ? payload.destinationPort : echoPort,
    interface: outgoing.interface,
    isTransparent: outgoing.isTransparent,
    about: outgoing.about,
  }
}

function buildPacket(host: Host, outgoing: OutgoingPacket, route: OutputRoute): Ipv4Packet {
  const { destination, payload } = outgoing
  const source = outgoing.source || route.source
  return {
    kind: 'ipv4',
    source,
    destination,
    ttl: outgoing.ttl ?? (isMulticast(destination) ? 1 : host.sysctl.ipv4.ip_default_ttl),
    tos: outgoing.tos ?? 0,
    identification: outgoing.identification ?? host.identification.next(source, destination, protocolNumber(payload)),
    dontFragment: outgoing.dontFragment ?? payload.kind !== 'icmp',
    options: outgoing.options ?? NO_IP_OPTIONS,
    payload,
  }
}

/** Of nearly all packets. */
export const NO_IP_OPTIONS: readonly Ipv4Option[] = []

/** The output hooks, then out; a hook that changed the destination has the packet routed again. */
function leave(host: Host, packet: Ipv4Packet, route: OutputRoute): SendResult {
  host.counters.sent += 1
  let leaving = packet
  let way = route
  if (!host.hooks.output.isEmpty) {
    const passed = runPacketHooks(host, host.hooks.output, packet, undefined, route.interface)
    if (passed === undefined) return SENT
    if (passed.destination !== packet.destination || passed.source !== packet.source) {
      const again = routeFor(host, { ...flowOf(passed), isTransparent: true })
      if (!again.ok) return { ok: false, errno: again.errno as 'ENETUNREACH' }
      way = again
    }
    leaving = passed
  }
  sendToNeighbor(host, leaving, way.interface, way.gateway, way.type, undefined)
  return SENT
}

/** Fragments carry multiples of eight bytes (ip_do_fragment). */
function fragmentBytes(packet: Ipv4Packet, mtuBytes: number): number {
  const headerBytes = ipv4HeaderBytes(packet)
  return headerBytes + ((mtuBytes - headerBytes) & ~7)
}

/** 01:00:5e and the low 23 bits, RFC 1112. */
function multicastMac(address: Ipv4Address): MacAddress {
  return (0x01005e000000 + (address & 0x7fffff)) as MacAddress
}
