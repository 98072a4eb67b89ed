import type { IcmpMessage } from '../wire/icmp.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { TcpSegment } from '../wire/tcp.ts'
import type { UdpDatagram } from '../wire/udp.ts'
import { drop } from './drop.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { runPacketHooks } from './run-hooks.ts'
import type { TcpConnection } from './tcp/connection.ts'

/**
 * Delivers a packet to this host's sockets (ip_local_deliver). `isUnicast`: for one of our addresses and in a frame for us;
 * everything else gets no ICMP errors. A protocol that nothing takes is answered by "protocol unreachable".
 * `connection`: the one it belongs to, where that was found before routing.
 */
export function deliverPacket(
  host: Host,
  device: Interface,
  packet: Ipv4Packet,
  isUnicast: boolean,
  connection?: TcpConnection,
): void {
  let received = packet.fragmentBytes === undefined ? packet : reassembled(packet)
  if (!host.hooks.input.isEmpty) {
    const passed = runPacketHooks(host, host.hooks.input, received, device, undefined)
    if (passed === undefined) return
    received = passed
  }
  host.counters.delivered += 1
  const { payload } = received
  switch (payload.kind) {
    case 'icmp':
      host.icmp.receive(received as Ipv4Packet & { readonly payload: IcmpMessage }, device, isUnicast)
      return
    case 'tcp':
      if (isUnicast)
        host.tcp.receive(
          received as Ipv4Packet & { readonly payload: TcpSegment },
          received === packet ? connection : undefined,
        )
      return
    case 'udp':
      host.udp.receive(received as Ipv4Packet & { readonly payload: UdpDatagram }, device, isUnicast)
      return
    case 'ipv4':
      drop(host, 'protocol-unreachable', received, device)
      if (isUnicast) host.icmp.sendError({ packet: received, input: device, type: 3, code: 2 })
  }
}

function reassembled(packet: Ipv4Packet): Ipv4Packet {
  const { fragmentBytes: _, ...whole } = packet
  return whole
}
