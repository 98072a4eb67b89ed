/**
 * BGP messages from bytes, with the error handling of RFC 4271 §6 and RFC 7606. Only `DecodeError` is thrown (as
 * `BgpDecodeError`, with what the NOTIFICATION says).
 */
import { ipv4 } from '../address.ts'
import { ByteReader } from '../bytes.ts'
import { DecodeError } from '../decode-error.ts'
import { decodeCapability } from './capability-codec.ts'
import { BGP_HEADER_BYTES, BGP_MAXIMUM_BYTES, MESSAGE_TYPE } from './codes.ts'
import { BgpDecodeError, type UpdateMistake } from './decode-error.ts'
import { decodeUpdate } from './decode-update.ts'
import type { BgpCapability, BgpMessage, BgpOpen } from './message.ts'

/** What the session has negotiated, on which the form of its messages depends. */
export interface BgpDecodeOptions {
  /** Both sides have capability 65. */
  readonly fourOctetAsn: boolean
  /** The peer is in another AS: LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST are discarded (RFC 7606 §7). Default false. */
  readonly isExternal?: boolean
  /** 4096, or 65535 once both sides have capability 6. */
  readonly maximumBytes?: number
}

/** A message as read. */
export interface DecodedBgpMessage {
  /** Undefined for a message that is to be ignored: a ROUTE-REFRESH with filters or of an unknown kind. */
  readonly message: BgpMessage | undefined
  /** Bytes taken. */
  readonly bytes: number
  readonly mistakes: readonly UpdateMistake[]
}

/** Decodes the message at the start of the bytes. */
export function decodeBgpMessage(bytes: Uint8Array, options: BgpDecodeOptions): DecodedBgpMessage {
  const { type, length } = decodeHeader(bytes, options.maximumBytes ?? BGP_MAXIMUM_BYTES)
  const reader = new ByteReader(bytes, BGP_HEADER_BYTES, length)
  switch (type) {
    case MESSAGE_TYPE.open:
      return plain(decodeOpen(reader), length)
    case MESSAGE_TYPE.update: {
      const { update, mistakes } = decodeUpdate(reader, options)
      return { message: update, bytes: length, mistakes }
    }
    case MESSAGE_TYPE.notification: {
      const [code, subcode, ...data] = reader.bytes(reader.remaining)
      return plain({ protocol: 'bgp', type: 'notification', code: code!, subcode: subcode!, data }, length)
    }
    case MESSAGE_TYPE.keepalive:
      return plain({ protocol: 'bgp', type: 'keepalive' }, length)
    default:
      return plain(decodeRouteRefresh(reader), length)
  }
}

function plain(message: BgpMessage | undefined, bytes: number): DecodedBgpMessage {
  return { message, bytes, mistakes: [] }
}

const LENGTHS_MIN: Readonly<Record<number, number>> = {
  [MESSAGE_TYPE.open]: 29,
  [MESSAGE_TYPE.update]: 23,
  [MESSAGE_TYPE.notification]: 21,
  [MESSAGE_TYPE.keepalive]: 19,
  [MESSAGE_TYPE.routeRefresh]: 23,
}

/** RFC 4271 §6.1. OPEN and KEEPALIVE stay within 4096 bytes whatever was agreed (RFC 8654 §4). */
function decodeHeader(bytes: Uint8Array, maximumBytes: number): { type: number; length: number } {
  if (bytes.length < BGP_HEADER_BYTES) throw new DecodeError('header is cut off', bytes.length)
  for (let index = 0; index < 16; index += 1) {
    if (bytes[index] !== 0xff) throw new BgpDecodeError('marker is not all ones', index, 1, 1)
  }
  const length = bytes[16]! * 0x100 + bytes[17]!
  const type = bytes[18]!
  const least = LENGTHS_MIN[type]
  const isLengthWrong = length < BGP_HEADER_BYTES || length > maximumBytes
  if (!isLengthWrong && least === undefined) throw new BgpDecodeError(`type ${type} is unknown`, 18, 1, 3, [type])
  const isShort = least === undefined || length < least
  const isFixedWrong = type === MESSAGE_TYPE.keepalive && length !== BGP_HEADER_BYTES
  const isOpenLong = type === MESSAGE_TYPE.open && length > BGP_MAXIMUM_BYTES
  if (isLengthWrong || isShort || isFixedWrong || isOpenLong) {
    throw new BgpDecodeError(`length ${length} is wrong`, 16, 1, 2, [bytes[16]!, bytes[17]!])
  }
  if (bytes.length < length) throw new DecodeError('message is cut off', bytes.length)
  return { type, length }
}

/** RFC 4271 §6.2. */
function decodeOpen(reader: ByteReader): BgpOpen {
  const start = reader.offset
  const version = reader.uint8()
  if (version !== 4) throw new BgpDecodeError(`version ${version}`, start, 2, 1, [0, 4])
  const shortAsn = reader.uint16()
  const holdSeconds = reader.uint16()
  const routerId = ipv4(reader.uint32())
  const capabilities = decodeParameters(reader)
  const long = capabilities.find(capability => capability.name === 'four-octet-asn')
  const asn = long?.asn ?? shortAsn
  if (asn === 0) throw new BgpDecodeError('AS 0', start + 1, 2, 2)
  if (holdSeconds === 1 || holdSeconds === 2) throw new BgpDecodeError('hold time below 3 s', start + 3, 2, 6)
  if (routerId === 0) throw new BgpDecodeError('router id 0.0.0.0', start + 5, 2, 3)
  return { protocol: 'bgp', type: 'open', version, asn, holdSeconds, routerId, capabilities }
}

/** Optional parameters, in the ordinary form or that of RFC 9072. Anything malformed is 2/0. */
function decodeParameters(reader: ByteReader): readonly BgpCapability[] {
  const capabilities: BgpCapability[] = []
  const at = reader.offset
  try {
    let length = reader.uint8()
    const isExtended = length === 255 && reader.remaining > 0 && reader.uint8() === 255
    if (isExtended) length = reader.uint16()
    if (length !== reader.remaining) throw new DecodeError('length of the optional parameters is wrong', at)
    while (reader.remaining > 0) {
      const type = reader.uint8()
      const parameter = reader.sub(isExtended ? reader.uint16() : reader.uint8())
      if (type !== 2) throw new BgpDecodeError(`parameter ${type} is unknown`, parameter.offset, 2, 4)
      while (parameter.remaining > 0) {
        const code = parameter.uint8()
        capabilities.push(decodeCapability(code, parameter.sub(parameter.uint8())))
      }
    }
  } catch (error) {
    if (error instanceof BgpDecodeError || !(error instanceof DecodeError)) throw error
    throw new BgpDecodeError(error.message, error.offset, 2, 0)
  }
  return capabilities
}

/** RFC 2918 and 7313; longer messages carry outbound route filters (RFC 5291), which are not modelled. */
function decodeRouteRefresh(reader: ByteReader): BgpMessage | undefined {
  const afi = reader.uint16()
  const subtype = reader.uint8()
  const safi = reader.uint8()
  if (subtype !== 0 && subtype !== 1 && subtype !== 2) return undefined
  if (reader.remaining > 0) {
    if (subtype === 0) return undefined
    throw new BgpDecodeError('ROUTE-REFRESH has a wrong length', reader.offset, 7, 1)
  }
  return { protocol: 'bgp', type: 'route-refresh', afi, safi, subtype }
}
