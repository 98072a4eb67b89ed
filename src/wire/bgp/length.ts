import { type Prefix, prefixLength } from '../address.ts'
import { utf8Bytes } from '../utf8.ts'
import type { AsPathSegment, SharedAttributes } from './attributes.ts'
import { AS_TRANS, BGP_HEADER_BYTES, SEGMENT_ASNS_MAX } from './codes.ts'
import type { BgpCapability, BgpMessage, BgpOpen, BgpUpdate } from './message.ts'

/** Length of the encoded message, header included: exactly what `encodeBgpMessage` makes of it, without making it. */
export function messageBytes(message: BgpMessage): number {
  switch (message.type) {
    case 'open':
      return openBytes(message)
    case 'update':
      return updateBytes(message)
    case 'notification':
      return BGP_HEADER_BYTES + 2 + message.data.length
    case 'keepalive':
      return BGP_HEADER_BYTES
    case 'route-refresh':
      return BGP_HEADER_BYTES + 4
  }
}

function openBytes(open: BgpOpen): number {
  const parameters = optionalParametersBytes(open.capabilities)
  const framing = needsExtendedParameters(parameters) ? 3 + open.capabilities.length : 0
  return BGP_HEADER_BYTES + 10 + framing + parameters
}

/** Length of the optional parameters in their ordinary form: two bytes, code, length, value for each capability. */
export function optionalParametersBytes(capabilities: readonly BgpCapability[]): number {
  let bytes = 0
  for (const capability of capabilities) bytes += 4 + capabilityValueBytes(capability)
  return bytes
}

/** Whether the parameters need the two-byte lengths of RFC 9072. */
export function needsExtendedParameters(parametersBytes: number): boolean {
  return parametersBytes > 255
}

/** Length of a capability's value. */
export function capabilityValueBytes(capability: BgpCapability): number {
  switch (capability.name) {
    case 'multiprotocol':
    case 'four-octet-asn':
      return 4
    case 'add-path':
      return 4 * capability.families.length
    case 'paths-limit':
      return 5 * capability.families.length
    case 'extended-next-hop':
      return 6 * capability.families.length
    case 'graceful-restart':
      return 2 + 4 * capability.families.length
    case 'long-lived-graceful-restart':
      return 7 * capability.families.length
    case 'fqdn':
      return 2 + utf8Bytes(capability.hostName) + utf8Bytes(capability.domainName)
    case 'software-version':
      return 1 + utf8Bytes(capability.version)
    case 'unknown':
      return capability.value.length
    default:
      return 0
  }
}

function updateBytes(update: BgpUpdate): number {
  const attributes = update.attributes === undefined ? 0 : attributesBytes(update.attributes, update.fourOctetAsn)
  return BGP_HEADER_BYTES + 4 + prefixesBytes(update.withdrawn) + attributes + prefixesBytes(update.announced)
}

/** Length of prefixes as NLRI: a length byte and as many bytes as it needs. */
function prefixesBytes(prefixes: readonly Prefix[]): number {
  let bytes = 0
  for (const prefix of prefixes) bytes += prefixBytes(prefix)
  return bytes
}

/** Length of one prefix as NLRI. */
export function prefixBytes(prefix: Prefix): number {
  return 1 + ((prefixLength(prefix) + 7) >> 3)
}

/** Length of all path attributes, NEXT_HOP included, with their headers. */
export function attributesBytes(attributes: SharedAttributes, fourOctetAsn: boolean): number {
  const { aggregator } = attributes
  let bytes = 4 + 4 + asPathBytes(attributes.asPath, fourOctetAsn ? 4 : 2) + 7
  if (attributes.med !== undefined) bytes += 7
  if (attributes.localPreference !== undefined) bytes += 7
  if (attributes.atomicAggregate) bytes += 3
  if (aggregator !== undefined) bytes += 3 + (fourOctetAsn ? 8 : 6)
  if (attributes.communities.length > 0) bytes += withHeader(4 * attributes.communities.length)
  if (attributes.originatorId !== undefined) bytes += 7
  if (attributes.clusterList.length > 0) bytes += withHeader(4 * attributes.clusterList.length)
  if (!fourOctetAsn && needsAs4Path(attributes.asPath)) {
    bytes += withHeader(asPathBytes(withoutConfederations(attributes.asPath), 4))
  }
  if (!fourOctetAsn && aggregator !== undefined && aggregator.asn > 0xffff) bytes += 3 + 8
  if (attributes.largeCommunities.length > 0) bytes += withHeader(12 * attributes.largeCommunities.length)
  for (const attribute of attributes.unknown) bytes += withHeader(attribute.value.length)
  return bytes
}

/** An attribute's length with flags, type and one or two length bytes. */
function withHeader(valueBytes: number): number {
  return valueBytes + (valueBytes > 255 ? 4 : 3)
}

/** Length of the value of AS_PATH; segments of more than 255 numbers are split. */
function asPathBytes(path: readonly AsPathSegment[], asnBytes: 2 | 4): number {
  let bytes = 0
  for (const { asns } of path) bytes += 2 * Math.ceil(asns.length / SEGMENT_ASNS_MAX) + asnBytes * asns.length
  return bytes
}

/** Whether some number of the path does not fit two bytes, so that AS4_PATH goes with it (RFC 6793 §4.2.2). */
export function needsAs4Path(path: readonly AsPathSegment[]): boolean {
  return withoutConfederations(path).some(segment => segment.asns.some(asn => asn > 0xffff))
}

/** Confederation segments stay out of AS4_PATH (RFC 6793 §3). */
export function withoutConfederations(path: readonly AsPathSegment[]): readonly AsPathSegment[] {
  return path.filter(segment => segment.type === 'sequence' || segment.type === 'set')
}

/** A number as it stands in a two-byte field. */
export function twoOctetAsn(asn: number): number {
  return asn > 0xffff ? AS_TRANS : asn
}
