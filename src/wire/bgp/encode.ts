/** BGP messages as bytes, RFC 4271 §4. For captures: sessions exchange the objects. */
import { type Ipv4Address, type Prefix, prefixAddress, prefixLength, UNSPECIFIED } from '../address.ts'
import { ByteWriter } from '../bytes.ts'
import type { AsPathSegment, SharedAttributes } from './attributes.ts'
import { capabilityCode, encodeCapabilityValue } from './capability-codec.ts'
import { ATTRIBUTE, ATTRIBUTE_FLAG, BGP_HEADER_BYTES, MESSAGE_TYPE, SEGMENT_ASNS_MAX, SEGMENT_TYPE } from './codes.ts'
import {
  capabilityValueBytes,
  messageBytes,
  needsAs4Path,
  needsExtendedParameters,
  optionalParametersBytes,
  twoOctetAsn,
  withoutConfederations,
} from './length.ts'
import type { BgpMessage, BgpOpen, BgpUpdate } from './message.ts'

/**
 * The bytes of a message, `messageBytes(message)` of them.
 *
 * @param sender the next hop of an UPDATE that has its sender's address there
 */
export function encodeBgpMessage(message: BgpMessage, sender = UNSPECIFIED): Uint8Array {
  const length = messageBytes(message)
  const writer = new ByteWriter(length)
  for (let index = 0; index < 16; index += 1) writer.uint8(0xff)
  writer.uint16(length)
  encodeBody(writer, message, sender)
  return writer.finish()
}

function encodeBody(writer: ByteWriter, message: BgpMessage, sender: Ipv4Address): void {
  switch (message.type) {
    case 'open':
      writer.uint8(MESSAGE_TYPE.open)
      encodeOpen(writer, message)
      break
    case 'update':
      writer.uint8(MESSAGE_TYPE.update)
      encodeUpdate(writer, message, sender)
      break
    case 'notification':
      writer.uint8(MESSAGE_TYPE.notification)
      writer.bytes([message.code, message.subcode, ...message.data])
      break
    case 'keepalive':
      writer.uint8(MESSAGE_TYPE.keepalive)
      break
    case 'route-refresh':
      writer.uint8(MESSAGE_TYPE.routeRefresh)
      writer.uint16(message.afi)
      writer.uint8(message.subtype)
      writer.uint8(message.safi)
      break
  }
}

function encodeOpen(writer: ByteWriter, open: BgpOpen): void {
  writer.uint8(open.version)
  writer.uint16(twoOctetAsn(open.asn))
  writer.uint16(open.holdSeconds)
  writer.uint32(open.routerId)
  const parametersBytes = optionalParametersBytes(open.capabilities)
  const isExtended = needsExtendedParameters(parametersBytes)
  writer.uint8(isExtended ? 255 : parametersBytes)
  if (isExtended) {
    // RFC 9072: a marker and two-byte lengths.
    writer.uint8(255)
    writer.uint16(parametersBytes + open.capabilities.length)
  }
  for (const capability of open.capabilities) {
    const valueBytes = capabilityValueBytes(capability)
    writer.uint8(2)
    if (isExtended) writer.uint16(2 + valueBytes)
    else writer.uint8(2 + valueBytes)
    writer.uint8(capabilityCode(capability))
    writer.uint8(valueBytes)
    encodeCapabilityValue(writer, capability)
  }
}

function encodeUpdate(writer: ByteWriter, update: BgpUpdate, sender: Ipv4Address): void {
  writer.uint16(0)
  encodePrefixes(writer, update.withdrawn)
  const attributesAt = writer.length
  writer.patchUint16(BGP_HEADER_BYTES, attributesAt - BGP_HEADER_BYTES - 2)
  writer.uint16(0)
  const { attributes, nextHop = UNSPECIFIED, fourOctetAsn } = update
  if (attributes !== undefined) {
    encodeAttributes(writer, attributes, nextHop === 'sender' ? sender : nextHop, fourOctetAsn)
  }
  writer.patchUint16(attributesAt, writer.length - attributesAt - 2)
  encodePrefixes(writer, update.announced)
}

function encodePrefixes(writer: ByteWriter, prefixes: readonly Prefix[]): void {
  for (const prefix of prefixes) {
    const length = prefixLength(prefix)
    const address = prefixAddress(prefix)
    writer.uint8(length)
    for (let bits = 0; bits < length; bits += 8) writer.uint8((address >>> (24 - bits)) & 0xff)
  }
}

const { optional: OPTIONAL, transitive: TRANSITIVE, extendedLength: EXTENDED } = ATTRIBUTE_FLAG

/** In order of type, as FRR sends them; AS_PATH always has the extended length. */
function encodeAttributes(
  writer: ByteWriter,
  attributes: SharedAttributes,
  nextHop: Ipv4Address,
  fourOctetAsn: boolean,
): void {
  const { aggregator } = attributes
  const values: { type: number; flags: number; value: readonly number[] }[] = [
    { type: ATTRIBUTE.origin, flags: TRANSITIVE, value: [attributes.origin] },
    { type: ATTRIBUTE.asPath, flags: TRANSITIVE | EXTENDED, value: asPathValue(attributes.asPath, fourOctetAsn) },
    { type: ATTRIBUTE.nextHop, flags: TRANSITIVE, value: long(nextHop) },
  ]
  const add = (type: number, flags: number, value: readonly number[]): number => values.push({ type, flags, value })
  if (attributes.med !== undefined) add(ATTRIBUTE.med, OPTIONAL, long(attributes.med))
  if (attributes.localPreference !== undefined) {
    add(ATTRIBUTE.localPreference, TRANSITIVE, long(attributes.localPreference))
  }
  if (attributes.atomicAggregate) add(ATTRIBUTE.atomicAggregate, TRANSITIVE, [])
  if (aggregator !== undefined) {
    const asn = fourOctetAsn ? long(aggregator.asn) : short(twoOctetAsn(aggregator.asn))
    add(ATTRIBUTE.aggregator, OPTIONAL | TRANSITIVE, [...asn, ...long(aggregator.address)])
  }
  const communities = attributes.communities.flatMap(long)
  if (communities.length > 0) add(ATTRIBUTE.communities, OPTIONAL | TRANSITIVE, communities)
  if (attributes.originatorId !== undefined) add(ATTRIBUTE.originatorId, OPTIONAL, long(attributes.originatorId))
  if (attributes.clusterList.length > 0) add(ATTRIBUTE.clusterList, OPTIONAL, attributes.clusterList.flatMap(long))
  if (!fourOctetAsn && needsAs4Path(attributes.asPath)) {
    add(ATTRIBUTE.as4Path, OPTIONAL | TRANSITIVE, asPathValue(withoutConfederations(attributes.asPath), true))
  }
  if (!fourOctetAsn && aggregator !== undefined && aggregator.asn > 0xffff) {
    add(ATTRIBUTE.as4Aggregator, OPTIONAL | TRANSITIVE, [...long(aggregator.asn), ...long(aggregator.address)])
  }
  const large = attributes.largeCommunities.flatMap(text => text.split(':').flatMap(part => long(Number(part))))
  if (large.length > 0) add(ATTRIBUTE.largeCommunities, OPTIONAL | TRANSITIVE, large)
  values.push(...attributes.unknown)
  values.sort((a, b) => a.type - b.type)
  for (const { type, flags, value } of values) writeAttribute(writer, type, flags, value)
}

function writeAttribute(writer: ByteWriter, type: number, flags: number, value: readonly number[]): void {
  const isExtended = value.length > 255 || type === ATTRIBUTE.asPath
  writer.uint8(isExtended ? flags | EXTENDED : flags & ~EXTENDED)
  writer.uint8(type)
  if (isExtended) writer.uint16(value.length)
  else writer.uint8(value.length)
  writer.bytes(value)
}

function asPathValue(path: readonly AsPathSegment[], fourOctetAsn: boolean): readonly number[] {
  const value: number[] = []
  for (const { type, asns } of path) {
    for (let from = 0; from < asns.length; from += SEGMENT_ASNS_MAX) {
      const part = asns.slice(from, from + SEGMENT_ASNS_MAX)
      value.push(SEGMENT_TYPE[type], part.length)
      for (const asn of part) value.push(...(fourOctetAsn ? long(asn) : short(twoOctetAsn(asn))))
    }
  }
  return value
}

function short(value: number): readonly number[] {
  return [value >>> 8, value & 0xff]
}

function long(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
