import type { Ipv4Address } from '../wire/address.ts'
import type { IcmpMessage } from '../wire/icmp.ts'
import { type Ipv4Packet, protocolNumber } from '../wire/ipv4.ts'
import type { FibNextHop } from './fib.ts'
import type { FibEntry } from './fib-entry.ts'
import type { Host } from './host.ts'
import { multipathHash } from './multipath-hash.ts'
import type { Flow } from './route-select.ts'
import { isUsable } from './usable-next-hops.ts'

/** The next hop of a route for a packet of the host's own (fib_select_path, net/ipv4/fib_semantics.c). */
export function selectNextHop(host: Host, entry: FibEntry, flow: Flow): FibNextHop {
  const { nextHops } = entry
  if (nextHops.length === 1) return nextHops[0]!
  if (flow.interface !== undefined) return nextHops.find(hop => isUsable(hop) && hop.interface === flow.interface)!
  return pick(host, entry, flowHash(host, flow))
}

/** The next hop of a route for a packet that passes through. */
export function selectNextHopForPacket(host: Host, entry: FibEntry, packet: Ipv4Packet): FibNextHop {
  return entry.nextHops.length === 1 ? entry.nextHops[0]! : pick(host, entry, packetHash(host, packet))
}

function flowHash(host: Host, flow: Flow): number {
  if (flow.about !== undefined) return packetHash(host, flow.about)
  const { fib_multipath_hash_policy: policy, fib_multipath_hash_fields: fields } = host.sysctl.ipv4
  const source = flow.source ?? 0
  const protocol = flow.protocol ?? 0
  return hashBy(
    policy,
    fields,
    host.effectiveMultipathSeed,
    source,
    flow.destination,
    protocol,
    flow.sourcePort ?? 0,
    flow.destinationPort ?? 0,
  )
}

/**
 * Differs from Linux: with policy 1 the kernel prefers the sender's socket hash, random per TCP connection, when the
 * packet never left the machine; here the five fields always decide, as they do between separate machines.
 */
function packetHash(host: Host, packet: Ipv4Packet): number {
  const { fib_multipath_hash_policy: policy, fib_multipath_hash_fields: fields } = host.sysctl.ipv4
  const seed = host.effectiveMultipathSeed
  const { payload } = packet
  if (policy === 0 || policy === 2) {
    const keys =
      payload.kind === 'icmp'
        ? quotedPacket(payload, packet)
        : policy === 2 && payload.kind === 'ipv4'
          ? payload
          : packet
    return multipathHash(seed, keys.source, keys.destination, 0, 0, 0)
  }
  const hasPorts = (payload.kind === 'tcp' || payload.kind === 'udp') && packet.fragmentBytes === undefined
  return hashBy(
    policy,
    fields,
    seed,
    packet.source,
    packet.destination,
    protocolNumber(payload),
    hasPorts ? payload.sourcePort : 0,
    hasPorts ? payload.destinationPort : 0,
  )
}

/** ICMP errors go the way of the packet that they quote (ip_multipath_l3_keys). */
function quotedPacket(message: IcmpMessage, packet: Ipv4Packet): Ipv4Packet {
  return 'quoted' in message ? message.quoted : packet
}

/** Policy 3 takes the fields whose bit is set: 1 source, 2 destination, 4 protocol, 16 source port, 32 destination port. */
function hashBy(
  policy: number,
  fields: number,
  seed: number,
  source: number,
  destination: number,
  protocol: number,
  sourcePort: number,
  destinationPort: number,
): number {
  if (policy === 1) return multipathHash(seed, source, destination, protocol, sourcePort, destinationPort)
  if (policy !== 3) return multipathHash(seed, source, destination, 0, 0, 0)
  return multipathHash(
    seed,
    fields & 1 ? source : 0,
    fields & 2 ? destination : 0,
    fields & 4 ? protocol : 0,
    fields & 16 ? sourcePort : 0,
    fields & 32 ? destinationPort : 0,
  )
}

/**
 * The first next hop whose bound the hash does not exceed. Groups of nexthop objects skip members whose neighbour entry
 * exists and is not valid; classic routes do so only with fib_multipath_use_neigh.
 */
function pick(host: Host, entry: FibEntry, hash: number): FibNextHop {
  const { nextHops, bounds } = entry
  const skipsBadNeighbors = entry.nextHopId !== undefined || host.sysctl.ipv4.fib_multipath_use_neigh !== 0
  let firstGood: FibNextHop | undefined
  for (let index = 0; index < nextHops.length; index += 1) {
    const hop = nextHops[index]!
    if (skipsBadNeighbors) {
      if (!hasGoodNeighbor(host, hop)) continue
      firstGood ??= hop
    }
    if (hash <= bounds[index]!) return hop
  }
  return firstGood ?? nextHops.find(isUsable) ?? nextHops[0]!
}

function hasGoodNeighbor(host: Host, hop: FibNextHop): boolean {
  if (hop.isDead) return false
  if (hop.interface === undefined || hop.gateway === undefined) return true
  return host.neighbors.isGood(hop.interface, hop.gateway as Ipv4Address)
}
