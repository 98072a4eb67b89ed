/**
 * Direct server return with dispatch `opt`: the service's address travels to the backend's node in an IPv4 option.
 *
 *    0        1        2        3        4        5        6        7
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 * |  0x9a  |  0x08  | port (little end.)|  service address (little endian) |
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 *
 * Port and address stand in the byte order of a little-endian host, since the datapath swaps them once too often.
 * TCP: only segments with SYN carry it; UDP: every datagram. The backend's node does not take it off.
 * Source: bpf/lib/nodeport.h (dsr_set_opt4, DSR_IPV4_OPT_TYPE).
 */
import { ipv4 } from '../../../wire/address.ts'
import { type Endpoint, isTcpSyn } from '../../../wire/flow.ts'
import { type Ipv4Option, type Ipv4Packet, ipv4HeaderBytes } from '../../../wire/ipv4.ts'

/** copied 1, class 0, number 26. */
const DSR_OPTION_TYPE = 0x9a
const DSR_OPTION_BYTES = 8
const LONGEST_HEADER_BYTES = 60

export function dsrOption(service: Endpoint): Ipv4Option {
  const { address, port } = service
  return {
    type: DSR_OPTION_TYPE,
    data: [port & 255, port >>> 8, address & 255, (address >>> 8) & 255, (address >>> 16) & 255, address >>> 24],
  }
}

/** The service that the packet's option names; undefined without one. */
export function readDsrOption(packet: Ipv4Packet): Endpoint | undefined {
  const option = packet.options.find(candidate => candidate.type === DSR_OPTION_TYPE)
  if (option === undefined || option.data.length !== DSR_OPTION_BYTES - 2) return undefined
  const [low, high, a, b, c, d] = option.data as [number, number, number, number, number, number]
  return { port: low + high * 256, address: ipv4(a + b * 0x100 + c * 0x10000 + d * 0x1000000) }
}

/** The packet with the option in front of all others, if it is one that carries it; undefined when the header gets too long. */
export function addDsrOption(packet: Ipv4Packet, service: Endpoint): Ipv4Packet | undefined {
  if (packet.payload.kind !== 'udp' && !isTcpSyn(packet)) return packet
  const longer = { ...packet, options: [dsrOption(service), ...packet.options] }
  return ipv4HeaderBytes(longer) > LONGEST_HEADER_BYTES ? undefined : longer
}
