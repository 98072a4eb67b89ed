import { ByteReader, ByteWriter } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { md5 } from './md5.ts'
import { type PacketEnds, pseudoHeaderSum } from './pseudo-header.ts'
import { decodeStream, encodeSlices } from './stream-codec.ts'
import { TCP_HEADER_BYTES, type TcpOptions, type TcpSegment, tcpHeaderBytes } from './tcp.ts'

const TCP = 6
const OPTION = {
  end: 0,
  nop: 1,
  maximumSegmentSize: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  md5: 19,
}

/** RFC 9293 §3.1, options in the order and padding of Linux (tcp_options_write). */
export function encodeTcp(segment: TcpSegment, ends: PacketEnds): Uint8Array {
  const payload = encodeSlices(segment.payload, ends.source)
  const headerBytes = tcpHeaderBytes(segment)
  const bytes = headerBytes + payload.length
  const writer = new ByteWriter(bytes)
  writer.uint16(segment.sourcePort)
  writer.uint16(segment.destinationPort)
  writer.uint32(segment.sequence)
  writer.uint32(segment.acknowledgment)
  writer.uint8((headerBytes / 4) << 4)
  writer.uint8(segment.flags)
  writer.uint16(segment.window)
  writer.uint32(0)
  const { md5Password, md5Signature } = segment.options
  const signature = md5Password === undefined ? md5Signature : sign(md5Password, ends, bytes, writer.finish(), payload)
  writeOptions(writer, segment.options, signature)
  writer.bytes(payload)
  writer.patchUint16(16, internetChecksum(writer.finish(), pseudoHeaderSum(ends, TCP, bytes)))
  return writer.finish()
}

/** RFC 2385 §2.0: pseudo header, header without options and with a zero checksum, data, key. */
function sign(
  password: string,
  ends: PacketEnds,
  segmentBytes: number,
  header: Uint8Array,
  payload: Uint8Array,
): readonly number[] {
  const writer = new ByteWriter(128)
  writer.uint32(ends.source)
  writer.uint32(ends.destination)
  writer.uint16(TCP)
  writer.uint16(segmentBytes)
  writer.bytes(header)
  writer.bytes(payload)
  writer.bytes(new TextEncoder().encode(password))
  return [...md5(writer.finish())]
}

function writeOptions(writer: ByteWriter, options: TcpOptions, signature: readonly number[] | undefined): void {
  const { maximumSegmentSize, sackPermitted, timestamps, windowScale, sack } = options
  if (signature !== undefined) writer.bytes([OPTION.nop, OPTION.nop, OPTION.md5, 18, ...signature])
  if (maximumSegmentSize !== undefined) {
    writer.bytes([OPTION.maximumSegmentSize, 4])
    writer.uint16(maximumSegmentSize)
  }
  if (timestamps !== undefined) {
    writer.bytes(sackPermitted ? [OPTION.sackPermitted, 2] : [OPTION.nop, OPTION.nop])
    writer.bytes([OPTION.timestamps, 10])
    writer.uint32(timestamps.value)
    writer.uint32(timestamps.echo)
  } else if (sackPermitted) writer.bytes([OPTION.nop, OPTION.nop, OPTION.sackPermitted, 2])
  if (windowScale !== undefined) writer.bytes([OPTION.nop, OPTION.windowScale, 3, windowScale])
  if (sack === undefined || sack.length === 0) return
  writer.bytes([OPTION.nop, OPTION.nop, OPTION.sack, 2 + 8 * sack.length])
  for (const { left, right } of sack) {
    writer.uint32(left)
    writer.uint32(right)
  }
}

/** @throws DecodeError for what is cut, has a wrong checksum or an option that does not fit */
export function decodeTcp(bytes: Uint8Array, ends: PacketEnds, context: CodecContext, isQuote = false): TcpSegment {
  const reader = new ByteReader(bytes)
  const sourcePort = reader.uint16()
  const destinationPort = reader.uint16()
  const sequence = reader.uint32()
  const acknowledgment = isQuote && reader.remaining < 4 ? 0 : reader.uint32()
  const headerBytes = (reader.uint8() >> 4) * 4
  const flags = reader.uint8() & 0x3f
  const window = reader.uint16()
  reader.uint32()
  const fields = { kind: 'tcp', sourcePort, destinationPort, sequence, acknowledgment, flags, window } as const
  // a quote that ends behind the ports and the sequence number
  if (isQuote && headerBytes === 0) return { ...fields, options: {}, payload: [], payloadBytes: 0 }
  if (headerBytes < TCP_HEADER_BYTES) throw new DecodeError(`tcp: header of ${headerBytes} bytes`, 12)
  const options = decodeOptions(reader.sub(headerBytes - TCP_HEADER_BYTES))
  if (!isQuote && internetChecksum(bytes, pseudoHeaderSum(ends, TCP, bytes.length)) !== 0) {
    throw new DecodeError('tcp: checksum is wrong', 16)
  }
  const payload = decodeStream(bytes.subarray(headerBytes), [sourcePort, destinationPort], context)
  return { ...fields, options, payload, payloadBytes: bytes.length - headerBytes }
}

function decodeOptions(reader: ByteReader): TcpOptions {
  let options: TcpOptions = {}
  while (reader.remaining > 0) {
    const kind = reader.uint8()
    if (kind === OPTION.end) break
    if (kind === OPTION.nop) continue
    const at = reader.offset
    const length = reader.uint8()
    if (length < 2) throw new DecodeError(`tcp: option of ${length} bytes`, at)
    options = { ...options, ...decodeOption(kind, reader.sub(length - 2)) }
  }
  return options
}

/** Options that are not modelled are left out. */
function decodeOption(kind: number, value: ByteReader): TcpOptions {
  switch (kind) {
    case OPTION.maximumSegmentSize:
      return { maximumSegmentSize: value.uint16() }
    case OPTION.windowScale:
      return { windowScale: value.uint8() }
    case OPTION.sackPermitted:
      return { sackPermitted: true }
    case OPTION.timestamps:
      return { timestamps: { value: value.uint32(), echo: value.uint32() } }
    case OPTION.sack: {
      const sack: { left: number; right: number }[] = []
      while (value.remaining > 0) sack.push({ left: value.uint32(), right: value.uint32() })
      return { sack }
    }
    case OPTION.md5:
      return { md5Signature: [...value.bytes(16)] }
    default:
      return {}
  }
}
