import { ipv4 } from './address.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import type { IcmpEcho, IcmpMessage } from './icmp.ts'
import { decodeIpv4, encodeIpv4 } from './ipv4-codec.ts'

/** Data of at least this size starts with the time of day: a `struct timeval` of 64-bit machines. */
const TIME_BYTES = 16

/** RFC 792 and 1191. */
export function encodeIcmp(message: IcmpMessage, context: CodecContext): Uint8Array {
  const writer = new ByteWriter(64)
  writer.uint8(message.type)
  writer.uint8(message.code)
  writer.uint16(0)
  if ('dataBytes' in message) {
    writer.uint16(message.identifier)
    writer.uint16(message.sequence)
    writer.bytes(echoData(message, context))
  } else {
    if (message.type === 5) writer.uint32(message.gateway)
    else writer.uint32(message.nextHopMtuBytes ?? 0)
    writer.bytes(encodeIpv4(message.quoted, context).subarray(0, message.quotedBytes))
  }
  writer.patchUint16(2, internetChecksum(writer.finish()))
  return writer.finish()
}

/**
 * What iputils' ping puts behind the header: byte i is i, but the first 16 bytes are the time of day as seconds and
 * microseconds, eight bytes each, least significant first. Less than 16 bytes: the pattern alone.
 */
function echoData(echo: IcmpEcho, context: CodecContext): Uint8Array {
  if (echo.data !== undefined) return echo.data
  const data = Uint8Array.from({ length: echo.dataBytes }, (_, index) => index)
  if (data.length < TIME_BYTES) return data
  const view = new DataView(data.buffer)
  const microseconds = Math.floor(context.epochMs * 1000 + echo.sentAtNs / 1000)
  view.setBigUint64(0, BigInt(Math.floor(microseconds / 1e6)), true)
  view.setBigUint64(8, BigInt(microseconds % 1e6), true)
  return data
}

/** @throws DecodeError for what is cut, has a wrong checksum or is of a type that is not modelled */
export function decodeIcmp(bytes: Uint8Array, context: CodecContext, isQuote = false): IcmpMessage {
  const reader = new ByteReader(bytes)
  const type = reader.uint8()
  const code = reader.uint8()
  reader.uint16()
  if (!isQuote && internetChecksum(bytes) !== 0) throw new DecodeError('icmp: checksum is wrong', 2)
  const word = reader.uint32()
  const rest = reader.bytes(reader.remaining)
  if ((type === 0 || type === 8) && code === 0) return decodeEcho(type, word, rest, context)
  const quote = { quotedBytes: rest.length }
  if (type === 5 && (code === 0 || code === 1)) {
    return { kind: 'icmp', type, code, gateway: ipv4(word), quoted: decodeIpv4(rest, context, true), ...quote }
  }
  if (type !== 3 && type !== 11 && type !== 12) {
    throw new DecodeError(`icmp: type ${type} code ${code} is not modelled`, 0)
  }
  const mtu = word % 0x10000 === 0 ? {} : { nextHopMtuBytes: word % 0x10000 }
  return { kind: 'icmp', type, code, ...mtu, quoted: decodeIpv4(rest, context, true), ...quote }
}

function decodeEcho(type: 0 | 8, word: number, data: Uint8Array, context: CodecContext): IcmpEcho {
  const echo: IcmpEcho = {
    kind: 'icmp',
    type,
    code: 0,
    identifier: word >>> 16,
    sequence: word & 0xffff,
    dataBytes: data.length,
    sentAtNs: timeOf(data, context),
  }
  const expected = echoData(echo, context)
  return data.every((byte, index) => byte === expected[index]) ? echo : { ...echo, data: data.slice() }
}

/** The instant in ping's data, nanoseconds of the simulation; 0 when there is none. */
function timeOf(data: Uint8Array, context: CodecContext): number {
  if (data.length < TIME_BYTES) return 0
  const view = new DataView(data.buffer, data.byteOffset)
  const seconds = view.getBigUint64(0, true)
  const microseconds = view.getBigUint64(8, true)
  if (seconds >= 2n ** 33n || microseconds >= 1_000_000n) return 0
  const sinceEpoch = Number(seconds) * 1e6 + Number(microseconds) - context.epochMs * 1000
  return sinceEpoch < 0 ? 0 : sinceEpoch * 1000
}
