import type { BgpCapability } from './message.ts'

/** Message types, RFC 4271 §4.1 and RFC 2918. */
export const MESSAGE_TYPE = { open: 1, update: 2, notification: 3, keepalive: 4, routeRefresh: 5 } as const

/** Marker, length and type. */
export const BGP_HEADER_BYTES = 19

/** RFC 4271 §4.1; RFC 8654 lifts it to 65535. */
export const BGP_MAXIMUM_BYTES = 4096

/** AS_TRANS, RFC 6793. */
export const AS_TRANS = 23456

/** Path attribute types, IANA registry. */
export const ATTRIBUTE = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPreference: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8,
  originatorId: 9,
  clusterList: 10,
  mpReach: 14,
  mpUnreach: 15,
  as4Path: 17,
  as4Aggregator: 18,
  largeCommunities: 32,
} as const

/** Attribute flag bits, RFC 4271 §4.3. */
export const ATTRIBUTE_FLAG = { optional: 0x80, transitive: 0x40, partial: 0x20, extendedLength: 0x10 } as const

/** Capability codes by name, IANA registry; 67 is the code FRR uses for dynamic capabilities. */
export const CAPABILITY_CODE = {
  multiprotocol: 1,
  'route-refresh': 2,
  'extended-next-hop': 5,
  'extended-message': 6,
  'graceful-restart': 64,
  'four-octet-asn': 65,
  dynamic: 67,
  'add-path': 69,
  'enhanced-route-refresh': 70,
  'long-lived-graceful-restart': 71,
  fqdn: 73,
  'software-version': 75,
  'paths-limit': 76,
  'route-refresh-old': 128,
} as const satisfies Record<Exclude<BgpCapability['name'], 'unknown'>, number>

/** AS_PATH segment types, RFC 4271 §4.3 and RFC 5065 §3. */
export const SEGMENT_TYPE = { set: 1, sequence: 2, 'confed-sequence': 3, 'confed-set': 4 } as const

/** Most AS numbers that one segment holds: its count is one byte. */
export const SEGMENT_ASNS_MAX = 255
