import { ipv4 } from './address.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { decodeIcmp, encodeIcmp } from './icmp-codec.ts'
import { IPV4_HEADER_BYTES, type Ipv4Option, type Ipv4Packet, ipv4HeaderBytes, protocolNumber } from './ipv4.ts'
import { decodeTcp, encodeTcp } from './tcp-codec.ts'
import { decodeUdp, encodeUdp } from './udp-codec.ts'

const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS = 0x2000

/** RFC 791 §3.1, whole, whatever its length. Above 65535 bytes the length field cannot be right and is cut. */
export function encodeIpv4(packet: Ipv4Packet, context: CodecContext): Uint8Array {
  const payload = encodePayload(packet, context)
  const header = encodeHeader(packet, payload.length, packet.dontFragment ? DONT_FRAGMENT : 0, packet.options)
  return join(header, payload)
}

/** The fragments in which the packet travels, or the packet alone when it travels whole (ip_do_fragment of Linux). */
export function encodeIpv4Fragments(packet: Ipv4Packet, context: CodecContext): readonly Uint8Array[] {
  const { fragmentBytes } = packet
  if (fragmentBytes === undefined) return [encodeIpv4(packet, context)]
  const payload = encodePayload(packet, context)
  const headerBytes = ipv4HeaderBytes(packet)
  const pieceBytes = Math.max(8, (fragmentBytes - headerBytes) & ~7)
  const fragments: Uint8Array[] = []
  for (let from = 0; from < payload.length; from += pieceBytes) {
    const piece = payload.subarray(from, from + pieceBytes)
    const isLast = from + pieceBytes >= payload.length
    // later fragments keep only the options with the "copied" bit (ip_options_fragment)
    const options = from === 0 ? packet.options : packet.options.filter(({ type }) => type >= 0x80)
    fragments.push(join(encodeHeader(packet, piece.length, from / 8 + (isLast ? 0 : MORE_FRAGMENTS), options), piece))
  }
  return fragments
}

function join(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(header.length + payload.length)
  bytes.set(header)
  bytes.set(payload, header.length)
  return bytes
}

function encodeHeader(
  packet: Ipv4Packet,
  payloadBytes: number,
  flagsAndOffset: number,
  options: readonly Ipv4Option[],
): Uint8Array {
  const headerBytes = ipv4HeaderBytes({ ...packet, options })
  const writer = new ByteWriter(headerBytes)
  writer.uint8(0x40 + headerBytes / 4)
  writer.uint8(packet.tos)
  writer.uint16((headerBytes + payloadBytes) & 0xffff)
  writer.uint16(packet.identification)
  writer.uint16(flagsAndOffset)
  writer.uint8(packet.ttl)
  writer.uint8(protocolNumber(packet.payload))
  writer.uint16(0)
  writer.uint32(packet.source)
  writer.uint32(packet.destination)
  for (const { type, data } of options) {
    writer.uint8(type)
    writer.uint8(2 + data.length)
    writer.bytes(data)
  }
  while (writer.length < headerBytes) writer.uint8(0)
  writer.patchUint16(10, internetChecksum(writer.finish()))
  return writer.finish()
}

function encodePayload(packet: Ipv4Packet, context: CodecContext): Uint8Array {
  const { payload } = packet
  switch (payload.kind) {
    case 'icmp':
      return encodeIcmp(payload, context)
    case 'tcp':
      return encodeTcp(payload, packet)
    case 'udp':
      return encodeUdp(payload, packet, context)
    case 'ipv4':
      return encodeIpv4(payload, context)
  }
}

/**
 * Bytes behind the packet are padding of the frame.
 *
 * @param isQuote the packet is quoted in an ICMP error: it may be cut, checksums are not looked at, missing bytes read as 0
 * @throws DecodeError for what is cut, malformed, a fragment, or of a protocol that is not modelled
 */
export function decodeIpv4(bytes: Uint8Array, context: CodecContext, isQuote = false): Ipv4Packet {
  const reader = new ByteReader(bytes)
  const first = reader.uint8()
  const headerBytes = (first & 15) * 4
  if (first >> 4 !== 4) throw new DecodeError(`ipv4: version ${first >> 4}`, 0)
  if (headerBytes < IPV4_HEADER_BYTES) throw new DecodeError(`ipv4: header of ${headerBytes} bytes`, 0)
  const tos = reader.uint8()
  const totalBytes = reader.uint16()
  if (totalBytes < headerBytes) throw new DecodeError(`ipv4: length ${totalBytes} is below the header's`, 2)
  if (totalBytes > bytes.length && !isQuote) throw new DecodeError('ipv4: packet is cut off', bytes.length)
  const identification = reader.uint16()
  const flagsAndOffset = reader.uint16()
  if ((flagsAndOffset & 0x3fff) !== 0) throw new DecodeError('ipv4: fragments are not modelled', 6)
  const ttl = reader.uint8()
  const protocol = reader.uint8()
  reader.uint16()
  const source = ipv4(reader.uint32())
  const destination = ipv4(reader.uint32())
  const options = decodeOptions(reader.sub(headerBytes - IPV4_HEADER_BYTES))
  if (!isQuote && internetChecksum(bytes.subarray(0, headerBytes)) !== 0) {
    throw new DecodeError('ipv4: header checksum is wrong', 10)
  }
  const ends = { source, destination }
  const payload = decodePayload(protocol, payloadOf(bytes, headerBytes, totalBytes), ends, context, isQuote)
  const dontFragment = (flagsAndOffset & DONT_FRAGMENT) !== 0
  return { kind: 'ipv4', source, destination, ttl, tos, identification, dontFragment, options, payload }
}

/** The payload; what a quote lacks is zero. */
function payloadOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to <= bytes.length) return bytes.subarray(from, to)
  const whole = new Uint8Array(to - from)
  whole.set(bytes.subarray(from))
  return whole
}

function decodePayload(
  protocol: number,
  bytes: Uint8Array,
  ends: Pick<Ipv4Packet, 'source' | 'destination'>,
  context: CodecContext,
  isQuote: boolean,
): Ipv4Packet['payload'] {
  switch (protocol) {
    case 1:
      return decodeIcmp(bytes, context, isQuote)
    case 4:
      return decodeIpv4(bytes, context, isQuote)
    case 6:
      return decodeTcp(bytes, ends, context, isQuote)
    case 17:
      return decodeUdp(bytes, ends, context, isQuote)
    default:
      throw new DecodeError(`ipv4: protocol ${protocol} is not modelled`, 9)
  }
}

/** Options up to the end-of-list option; no-operation options are left out. */
function decodeOptions(reader: ByteReader): readonly Ipv4Option[] {
  const options: Ipv4Option[] = []
  while (reader.remaining > 0) {
    const type = reader.uint8()
    if (type === 0) break
    if (type === 1) continue
    const at = reader.offset
    const length = reader.uint8()
    if (length < 2) throw new DecodeError(`ipv4: option of ${length} bytes`, at)
    options.push({ type, data: [...reader.bytes(length - 2)] })
  }
  return options
}
