import type { MacAddress } from './address.ts'
import { decodeArp, encodeArp } from './arp-codec.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { ETHERNET_HEADER_BYTES, type EthernetFrame } from './ethernet.ts'
import { decodeIpv4, encodeIpv4 } from './ipv4-codec.ts'

/** EtherTypes of what frames carry here. */
const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806 } as const

/** The frame as captures hold it: no padding to 60 bytes, no check sequence. */
export function encodeEthernet(frame: EthernetFrame, context: CodecContext): Uint8Array {
  const { payload } = frame
  return withEthernetHeader(frame, payload.kind === 'arp' ? encodeArp(payload) : encodeIpv4(payload, context))
}

/** The header of a frame before other bytes than those of its payload: a fragment of it. */
export function withEthernetHeader(frame: EthernetFrame, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter(ETHERNET_HEADER_BYTES + payload.length)
  writeMac(writer, frame.destination)
  writeMac(writer, frame.source)
  writer.uint16(frame.payload.kind === 'arp' ? ETHER_TYPE.arp : ETHER_TYPE.ipv4)
  writer.bytes(payload)
  return writer.finish()
}

/** @throws DecodeError for what is cut, malformed or of a type that is not modelled */
export function decodeEthernet(bytes: Uint8Array, context: CodecContext): EthernetFrame {
  const reader = new ByteReader(bytes)
  const destination = readMac(reader)
  const source = readMac(reader)
  const type = reader.uint16()
  const payload = reader.bytes(reader.remaining)
  switch (type) {
    case ETHER_TYPE.ipv4:
      return { source, destination, payload: decodeIpv4(payload, context) }
    case ETHER_TYPE.arp:
      return { source, destination, payload: decodeArp(payload) }
    default:
      throw new DecodeError(`ethernet: type 0x${type.toString(16).padStart(4, '0')} is not modelled`, 12)
  }
}

/** Six bytes of a MAC address. */
export function writeMac(writer: ByteWriter, mac: MacAddress): void {
  writer.uint16(Math.floor(mac / 2 ** 32))
  writer.uint32(mac % 2 ** 32)
}

export function readMac(reader: ByteReader): MacAddress {
  return (reader.uint16() * 2 ** 32 + reader.uint32()) as MacAddress
}
