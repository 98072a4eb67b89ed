import { BFD_PORT } from './bfd.ts'
import { decodeBfd, encodeBfd } from './bfd-codec.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { GENEVE_PORT } from './geneve.ts'
import { decodeGeneve, encodeGeneve } from './geneve-codec.ts'
import { type PacketEnds, pseudoHeaderSum } from './pseudo-header.ts'
import { UDP_HEADER_BYTES, type UdpDatagram, type UdpPayload, udpPatternByte } from './udp.ts'

const UDP = 17

/** RFC 768, with a checksum. */
export function encodeUdp(datagram: UdpDatagram, ends: PacketEnds, context: CodecContext): Uint8Array {
  const payload = encodePayload(datagram, context)
  const writer = new ByteWriter(UDP_HEADER_BYTES + payload.length)
  const bytes = UDP_HEADER_BYTES + payload.length
  writer.uint16(datagram.sourcePort)
  writer.uint16(datagram.destinationPort)
  writer.uint16(bytes & 0xffff)
  writer.uint16(0)
  writer.bytes(payload)
  // a sum of zero is sent as its other form: zero means "no checksum"
  writer.patchUint16(6, internetChecksum(writer.finish(), pseudoHeaderSum(ends, UDP, bytes)) || 0xffff)
  return writer.finish()
}

function encodePayload(datagram: UdpDatagram, context: CodecContext): Uint8Array {
  const { payload, payloadBytes } = datagram
  if (payload === undefined) return Uint8Array.from({ length: payloadBytes }, (_, index) => udpPatternByte(index))
  if (payload.kind === 'bfd') return encodeBfd(payload)
  return payload.kind === 'geneve' ? encodeGeneve(payload, context) : payload.bytes
}

/** @throws DecodeError for what is cut or has a wrong checksum or length */
export function decodeUdp(bytes: Uint8Array, ends: PacketEnds, context: CodecContext, isQuote = false): UdpDatagram {
  const reader = new ByteReader(bytes)
  const sourcePort = reader.uint16()
  const destinationPort = reader.uint16()
  const length = reader.uint16()
  const checksum = reader.uint16()
  if (length < UDP_HEADER_BYTES || length > bytes.length) throw new DecodeError(`udp: length ${length} is wrong`, 4)
  const whole = bytes.subarray(0, length)
  if (!isQuote && checksum !== 0 && internetChecksum(whole, pseudoHeaderSum(ends, UDP, length)) !== 0) {
    throw new DecodeError('udp: checksum is wrong', 6)
  }
  const data = whole.subarray(UDP_HEADER_BYTES)
  const payload = isQuote ? undefined : decodePayload(destinationPort, data, context)
  return {
    kind: 'udp',
    sourcePort,
    destinationPort,
    payloadBytes: data.length,
    ...(payload === undefined ? {} : { payload }),
  }
}

function decodePayload(port: number, data: Uint8Array, context: CodecContext): UdpPayload | undefined {
  if (data.every((byte, index) => byte === udpPatternByte(index))) return undefined
  const bfd = port === BFD_PORT ? decodeBfd(data) : undefined
  if (bfd !== undefined) return bfd
  return port === GENEVE_PORT ? decodeGeneve(data, context) : { kind: 'bytes', bytes: data.slice() }
}
