import { assert } from '../assert.ts'
import { decodeBgpMessage } from './bgp/decode.ts'
import { encodeBgpMessage } from './bgp/encode.ts'
import { messageBytes } from './bgp/length.ts'
import type { BgpMessage } from './bgp/message.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { type HttpContent, httpText } from './http.ts'
import { decodeHttp } from './http-codec.ts'
import type { BytesContent, StreamContent, StreamRecord, StreamSlice } from './stream.ts'

/** Records are cut over several segments and resent: their bytes are kept as long as the record is. */
const ENCODED = new WeakMap<StreamRecord, Uint8Array>()

/** The bytes of the slices, one behind the other. */
export function encodeSlices(slices: readonly StreamSlice[]): Uint8Array {
  let length = 0
  for (const { from, to } of slices) length += to - from
  const bytes = new Uint8Array(length)
  let at = 0
  for (const { record, from, to } of slices) {
    bytes.set(encodeRecord(record).subarray(from, to), at)
    at += to - from
  }
  return bytes
}

/** The bytes of a record, `record.bytes` of them. */
function encodeRecord(record: StreamRecord): Uint8Array {
  let bytes = ENCODED.get(record)
  if (bytes === undefined) {
    bytes = encodeContent(record.content)
    assert(
      bytes.length === record.bytes,
      `a ${record.content.protocol} record of ${record.bytes} bytes has ${bytes.length}`,
    )
    ENCODED.set(record, bytes)
  }
  return bytes
}

function encodeContent(content: StreamContent): Uint8Array {
  switch (content.protocol) {
    case 'bgp':
      return encodeBgpMessage(content as BgpMessage)
    case 'http':
      return new TextEncoder().encode(httpText(content as HttpContent))
    case 'bytes':
      return (content as BytesContent).bytes
  }
}

/**
 * What a segment carries, by its ports: BGP messages (179) and HTTP (80, 8080) as far as they are whole and well-formed,
 * otherwise plain bytes.
 */
export function decodeStream(
  bytes: Uint8Array,
  ports: readonly [number, number],
  context: CodecContext,
): readonly StreamSlice[] {
  const slices: StreamSlice[] = []
  const add = (content: StreamContent, length: number): void => {
    slices.push({ record: { bytes: length, content }, from: 0, to: length })
  }
  let at = 0
  if (ports.includes(179)) at = decodeBgp(bytes, context, add)
  else if (ports.includes(80) || ports.includes(8080)) at = decodeHttp(bytes, add)
  if (at < bytes.length) {
    const rest: BytesContent = { protocol: 'bytes', bytes: bytes.slice(at) }
    add(rest, rest.bytes.length)
  }
  return slices
}

/** Takes whole messages that encode to the same bytes again; returns how far it came. */
function decodeBgp(
  bytes: Uint8Array,
  context: CodecContext,
  add: (content: StreamContent, length: number) => void,
): number {
  let at = 0
  try {
    while (at < bytes.length) {
      const rest = bytes.subarray(at)
      const decoded = decodeBgpMessage(rest, { fourOctetAsn: context.fourOctetAsn ?? true, maximumBytes: 65535 })
      const { message } = decoded
      if (message === undefined || messageBytes(message) !== decoded.bytes) return at
      if (!encodeBgpMessage(message).every((byte, index) => byte === rest[index])) return at
      add(message, decoded.bytes)
      at += decoded.bytes
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  return at
}
