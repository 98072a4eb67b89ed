import { assert } from '../assert.ts'
import { type Ipv4Address, UNSPECIFIED } from './address.ts'
import { decodeBgpMessage } from './bgp/decode.ts'
import { encodeBgpMessage } from './bgp/encode.ts'
import { messageBytes } from './bgp/length.ts'
import type { BgpMessage, BgpUpdate } from './bgp/message.ts'
import type { CodecContext } from './codec-context.ts'
import { DecodeError } from './decode-error.ts'
import { type HttpContent, httpText } from './http.ts'
import { decodeHttp } from './http-codec.ts'
import {
  type BytesContent,
  indexAfter,
  type RecordList,
  recordBytes,
  type StreamContent,
  type StreamSlice,
} from './stream.ts'

/** Records are cut over several segments, resent, and told to many: their bytes are kept as long as the content is. */
const ENCODED = new WeakMap<StreamContent, Uint8Array>()

/**
 * The bytes of the slices, one behind the other.
 *
 * @param sender address from which they are sent: BGP messages for many peers have it as their next hop
 */
export function encodeSlices(slices: readonly StreamSlice[], sender = UNSPECIFIED): Uint8Array {
  let length = 0
  for (const { from, to } of slices) length += to - from
  const bytes = new Uint8Array(length)
  let at = 0
  for (const slice of slices) {
    encodeSlice(slice, bytes.subarray(at, at + slice.to - slice.from), sender)
    at += slice.to - slice.from
  }
  return bytes
}

/** Writes the bytes of a slice, which are as many as the target has. */
function encodeSlice({ records, from, to }: StreamSlice, target: Uint8Array, sender: Ipv4Address): void {
  let index = indexAfter(records.ends, from)
  for (let position = from; position < to; index += 1) {
    const bytes = encodeRecord(records, index, sender)
    const start = records.ends[index]! - bytes.length
    target.set(bytes.subarray(position - start, to - start), position - from)
    position = start + bytes.length
  }
}

function encodeRecord(records: RecordList, index: number, sender: Ipv4Address): Uint8Array {
  const content = records.contents[index]!
  if (isWrittenBySender(content)) return encodeBgpMessage(content, sender)
  let bytes = ENCODED.get(content)
  if (bytes === undefined) {
    bytes = encodeContent(content)
    const length = recordBytes(records, index)
    assert(bytes.length === length, `a ${content.protocol} record of ${length} bytes has ${bytes.length}`)
    ENCODED.set(content, bytes)
  }
  return bytes
}

/** Whether the bytes depend on the address from which they are sent. */
function isWrittenBySender(content: StreamContent): content is BgpUpdate {
  if (content.protocol !== 'bgp') return false
  const message = content as BgpMessage
  return message.type === 'update' && message.nextHop === 'sender'
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
  if (bytes.length === 0) return []
  const contents: StreamContent[] = []
  const ends: number[] = []
  const add = (content: StreamContent, length: number): void => {
    contents.push(content)
    ends.push((ends.at(-1) ?? 0) + length)
  }
  let at = 0
  if (ports.includes(179)) at = decodeBgp(bytes, context, add)
  else if (ports.includes(80) || ports.includes(8080)) at = decodeHttp(bytes, add)
  if (at < bytes.length) {
    const rest: BytesContent = { protocol: 'bytes', bytes: bytes.slice(at) }
    add(rest, rest.bytes.length)
  }
  return [{ records: { contents, ends }, from: 0, to: bytes.length }]
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
