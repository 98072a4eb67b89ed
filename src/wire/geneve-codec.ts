import { ByteReader, ByteWriter } from './bytes.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { decodeEthernet, encodeEthernet } from './ethernet-codec.ts'
import type { GeneveOption, GenevePacket } from './geneve.ts'
import { decodeIpv4, encodeIpv4 } from './ipv4-codec.ts'

const TRANSPARENT_BRIDGING = 0x6558
const IPV4 = 0x0800

/** RFC 8926 §3.4. The C bit follows from the options. */
export function encodeGeneve(packet: GenevePacket, context: CodecContext): Uint8Array {
  const options = new ByteWriter()
  for (const { class: optionClass, type, data } of packet.options) {
    options.uint16(optionClass)
    options.uint8(type)
    options.uint8(data.length / 4)
    options.bytes(data)
  }
  const isCritical = packet.options.some(({ type }) => type >= 0x80)
  const isFrame = !('kind' in packet.payload)
  const writer = new ByteWriter(128)
  writer.uint8(options.length / 4)
  writer.uint8((packet.isControl ? 0x80 : 0) | (isCritical ? 0x40 : 0))
  writer.uint16(isFrame ? TRANSPARENT_BRIDGING : IPV4)
  writer.uint24(packet.vni)
  writer.uint8(0)
  writer.bytes(options.finish())
  writer.bytes('kind' in packet.payload ? encodeIpv4(packet.payload, context) : encodeEthernet(packet.payload, context))
  return writer.finish()
}

/** @throws DecodeError for other versions, options that do not fit, and payloads that are neither frames nor IPv4 */
export function decodeGeneve(bytes: Uint8Array, context: CodecContext): GenevePacket {
  const reader = new ByteReader(bytes)
  const first = reader.uint8()
  if (first >= 0x40) throw new DecodeError(`geneve: version ${first >> 6} is unknown`, 0)
  const flags = reader.uint8()
  const protocol = reader.uint16()
  const vni = reader.uint24()
  reader.uint8()
  const options = decodeOptions(reader.sub((first & 0x3f) * 4))
  const inner = reader.bytes(reader.remaining)
  if (protocol !== TRANSPARENT_BRIDGING && protocol !== IPV4) {
    throw new DecodeError(`geneve: protocol 0x${protocol.toString(16)} is not modelled`, 2)
  }
  const payload = protocol === IPV4 ? decodeIpv4(inner, context) : decodeEthernet(inner, context)
  return { kind: 'geneve', vni, isControl: (flags & 0x80) !== 0, options, payload }
}

function decodeOptions(reader: ByteReader): readonly GeneveOption[] {
  const options: GeneveOption[] = []
  while (reader.remaining > 0) {
    const optionClass = reader.uint16()
    const type = reader.uint8()
    const data = reader.bytes((reader.uint8() & 0x1f) * 4)
    options.push({ class: optionClass, type, data: [...data] })
  }
  return options
}
