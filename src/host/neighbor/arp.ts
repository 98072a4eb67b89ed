/**
 * ARP: who answers requests, what received packets change, who asks in whose name.
 * Sources: RFC 826; Linux net/ipv4/arp.c (arp_process, arp_solicit, arp_ignore, arp_filter, arp_is_garp, arp_accept).
 */
import { BROADCAST_MAC, type Ipv4Address, isLoopback, isMulticast, ZERO_MAC } from '../../wire/address.ts'
import type { ArpPacket } from '../../wire/arp.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import type { Host } from '../host.ts'
import { type Interface, isInSubnet } from '../interface.ts'
import { transmitFrame } from '../output.ts'
import { routeFor, selectSource } from '../route-select.ts'
import { validateSource } from '../source-validation.ts'
import type { Neighbor } from './neighbor.ts'
import { STATE } from './neighbor-transitions.ts'

/** Takes an ARP packet addressed to this host or to all. */
export function receiveArp(host: Host, device: Interface, frame: EthernetFrame, arp: ArpPacket): void {
  const { targetAddress, senderAddress } = arp
  if (device.isLoopback) return
  if (isMulticast(targetAddress)) {
    host.counters.drop('arp-ignored')
    return
  }
  if (isLoopback(targetAddress) && device.settings.route_localnet === 0) {
    host.counters.drop('arp-ignored')
    return
  }
  if (senderAddress === 0) {
    answerProbe(host, device, arp)
    return
  }
  if (arp.operation === 'request' && answer(host, device, arp)) return
  learn(host, device, frame, arp)
}

/** Sends a request for an entry: broadcast while it is not resolved, to its MAC address when it is probed. */
export function solicit(host: Host, entry: Neighbor): void {
  const device = entry.interface
  const isUnicast = entry.probes < device.neighborSettings.ucast_solicit && entry.state === STATE.probe
  send(host, device, isUnicast ? entry.mac : BROADCAST_MAC, {
    kind: 'arp',
    operation: 'request',
    senderMac: device.mac,
    senderAddress: requestSource(host, entry),
    targetMac: ZERO_MAC,
    targetAddress: entry.address,
  })
}

/** Announces an address of the device: a gratuitous request to all, as arp_notify and daemons send it. */
export function announce(host: Host, device: Interface, address: Ipv4Address): void {
  send(host, device, BROADCAST_MAC, {
    kind: 'arp',
    operation: 'request',
    senderMac: device.mac,
    senderAddress: address,
    targetMac: ZERO_MAC,
    targetAddress: address,
  })
}

/** arp_announce: whose address stands behind `tell`. */
function requestSource(host: Host, entry: Neighbor): Ipv4Address {
  const device = entry.interface
  const waiting = entry.pending.last?.source
  const level = host.sysctl.maximum(device, 'arp_announce')
  if (waiting !== undefined && level < 2 && host.fib.isLocal(waiting)) {
    if (level === 0) return waiting
    const own = device.addresses.find(candidate => candidate.address === waiting)
    if (own !== undefined && isInSubnet(own, entry.address)) return waiting
  }
  return selectSource(host, device, entry.address, 'link')
}

/** Duplicate address probe (sender 0.0.0.0): answered, nothing is learnt. */
function answerProbe(host: Host, device: Interface, arp: ArpPacket): void {
  if (arp.operation !== 'request' || !host.fib.isLocal(arp.targetAddress)) return
  if (!isIgnored(host, device, arp)) reply(host, device, arp)
}

/** Answers a request where that is due. True when the packet is done with. */
function answer(host: Host, device: Interface, arp: ArpPacket): boolean {
  const { senderAddress, targetAddress } = arp
  const route = host.fib.lookup(targetAddress)
  if (route === undefined || !validateSource(host, device, senderAddress).ok) return false
  if (route.type === 'local') {
    if (isIgnored(host, device, arp) || isFiltered(host, device, arp)) host.counters.drop('arp-ignored')
    else learnAndReply(host, device, arp)
    return true
  }
  if (device.settings.forwarding === 0 || route.type !== 'unicast') return false
  const isProxied = host.neighbors.proxies.get(device)?.has(targetAddress) ?? false
  const leavesElsewhere = route.nextHops.some(hop => hop.interface !== device)
  if (!isProxied && !(host.sysctl.either(device, 'proxy_arp') && leavesElsewhere)) return false
  learnAndReply(host, device, arp)
  return true
}

/**
 * Differs from Linux: a proxy answers at once instead of after a random part of proxy_delay.
 */
function learnAndReply(host: Host, device: Interface, arp: ArpPacket): void {
  const entry = host.neighbors.get(device, arp.senderAddress) ?? host.neighbors.create(device, arp.senderAddress)
  host.neighbors.learn(entry, arp.senderMac, false, true)
  reply(host, device, arp)
}

function reply(host: Host, device: Interface, arp: ArpPacket): void {
  send(host, device, arp.senderMac, {
    kind: 'arp',
    operation: 'reply',
    senderMac: device.mac,
    senderAddress: arp.targetAddress,
    targetMac: arp.senderMac,
    targetAddress: arp.senderAddress,
  })
}

/** arp_ignore. */
function isIgnored(host: Host, device: Interface, arp: ArpPacket): boolean {
  const level = host.sysctl.maximum(device, 'arp_ignore')
  if (level === 8) return true
  if (level === 1 || level === 2) {
    const own = device.addresses.find(candidate => candidate.address === arp.targetAddress)
    return own === undefined || (level === 2 && arp.senderAddress !== 0 && !isInSubnet(own, arp.senderAddress))
  }
  if (level !== 3) return false
  for (const other of host.interfaces) {
    if (other.addresses.some(own => own.address === arp.targetAddress && own.scope !== 'host')) return false
  }
  return true
}

/** arp_filter: answer only where the way back leaves by the same device. */
function isFiltered(host: Host, device: Interface, arp: ArpPacket): boolean {
  if (!host.sysctl.either(device, 'arp_filter')) return false
  const back = routeFor(host, { destination: arp.senderAddress, source: arp.targetAddress })
  return !back.ok || back.interface !== device
}

/** What a packet that was not answered changes in the table. */
function learn(host: Host, device: Interface, frame: EthernetFrame, arp: ArpPacket): void {
  const { senderAddress, senderMac } = arp
  const known = host.neighbors.get(device, senderAddress)
  const accepts = isAccepted(host, device, senderAddress)
  if (known === undefined && !accepts) {
    host.counters.drop('arp-ignored')
    return
  }
  const isGratuitous = isGratuitousArp(host, arp)
  const isUnsolicitedReply = arp.operation === 'reply' && host.fib.addressType(senderAddress) === 'unicast'
  if (known === undefined && !isGratuitous && !isUnsolicitedReply) {
    host.counters.drop('arp-ignored')
    return
  }
  const entry = known ?? host.neighbors.create(device, senderAddress)
  const lockNs = 1e7 * device.neighborSettings.locktime
  const mayOverride = isGratuitous || host.simulator.nowNs > entry.updatedAtNs + lockNs
  const isReachable = arp.operation === 'reply' && frame.destination === device.mac
  host.neighbors.learn(entry, senderMac, isReachable, mayOverride)
}

/** Sender asks for, or answers with, its own address; a reply counts only when both hardware addresses agree. */
function isGratuitousArp(host: Host, arp: ArpPacket): boolean {
  if (arp.senderAddress !== arp.targetAddress) return false
  if (arp.operation === 'reply' && arp.targetMac !== arp.senderMac) return false
  return host.fib.addressType(arp.senderAddress) === 'unicast'
}

/** arp_accept: 1 any sender, 2 senders of the device's subnets. */
function isAccepted(host: Host, device: Interface, sender: Ipv4Address): boolean {
  const level = Math.max(host.sysctl.all.arp_accept, device.settings.arp_accept)
  return level === 1 || (level === 2 && device.hasSubnetOf(sender))
}

function send(host: Host, device: Interface, destination: typeof BROADCAST_MAC, arp: ArpPacket): void {
  transmitFrame(host, device, { source: device.mac, destination, payload: arp })
}
