import type { Ipv4Packet } from '../wire/ipv4.ts'
import { ipv4PacketBytes } from '../wire/ipv4.ts'
import { drop } from './drop.ts'
import type { FibEntry } from './fib-entry.ts'
import type { Host } from './host.ts'
import { type Interface, isInSubnet } from './interface.ts'
import { sendToNeighbor } from './output.ts'
import { selectNextHopForPacket } from './path-select.ts'
import { runPacketHooks } from './run-hooks.ts'

/**
 * Passes a packet on, in the order of ip_forward (net/ipv4/ip_forward.c): TTL, MTU, redirect, hooks, neighbour.
 * `isSourceOnLink`: the sender is directly connected to the input device.
 */
export function forwardPacket(
  host: Host,
  input: Interface,
  packet: Ipv4Packet,
  route: FibEntry,
  isSourceOnLink: boolean,
): void {
  const hop = selectNextHopForPacket(host, route, packet)
  const output = hop.interface ?? host.loopback
  if (packet.ttl <= 1) {
    drop(host, 'ttl-exceeded', packet, input)
    host.icmp.sendError({ packet, input, type: 11, code: 0 })
    return
  }
  const mtuBytes = Math.min(route.mtuBytes ?? output.mtuBytes, forwardMtu(host, packet, output))
  if (packet.dontFragment && ipv4PacketBytes(packet) > mtuBytes) {
    drop(host, 'packet-too-big', packet, output)
    host.icmp.sendError({ packet, input, type: 3, code: 4, nextHopMtuBytes: mtuBytes })
    return
  }
  let leaving: Ipv4Packet = withTtl(packet, packet.ttl - 1)
  if (output === input && isSourceOnLink && host.sysctl.either(output, 'send_redirects')) {
    const gateway = hop.gateway ?? packet.destination
    const isShared = host.sysctl.either(output, 'shared_media') || isOnLink(output, packet, gateway)
    if (isShared) host.icmp.sendRedirect(leaving, input, gateway)
  }
  if (!host.hooks.forward.isEmpty) {
    const passed = runPacketHooks(host, host.hooks.forward, leaving, input, output)
    if (passed === undefined) return
    leaving = passed
  }
  host.counters.forwarded += 1
  sendToNeighbor(host, leaving, output, hop.gateway, 'unicast', input)
}

/** Built field by field: this is the one copy that each hop makes. */
function withTtl(packet: Ipv4Packet, ttl: number): Ipv4Packet {
  if (packet.fragmentBytes !== undefined) return { ...packet, ttl }
  return {
    kind: 'ipv4',
    source: packet.source,
    destination: packet.destination,
    ttl,
    tos: packet.tos,
    identification: packet.identification,
    dontFragment: packet.dontFragment,
    options: packet.options,
    payload: packet.payload,
  }
}

/** Learnt path MTUs hold for forwarded packets only with ip_forward_use_pmtu. */
function forwardMtu(host: Host, packet: Ipv4Packet, output: Interface): number {
  if (host.sysctl.ipv4.ip_forward_use_pmtu === 0) return output.mtuBytes
  return Math.min(host.routeExceptions.get(packet.destination)?.mtuBytes ?? output.mtuBytes, output.mtuBytes)
}

function isOnLink(device: Interface, packet: Ipv4Packet, gateway: Ipv4Packet['source']): boolean {
  return device.addresses.some(own => isInSubnet(own, packet.source) && isInSubnet(own, gateway))
}
