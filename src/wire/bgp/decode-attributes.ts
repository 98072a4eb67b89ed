/** How each path attribute is read and what a mistake in it means: RFC 7606 §7, RFC 6793 §6, RFC 8092 §5. */
import { type Ipv4Address, ipv4 } from '../address.ts'
import type { ByteReader } from '../bytes.ts'
import type { AsPathSegment, OriginCode, PathAttributes } from './attributes.ts'
import { AS_TRANS, ATTRIBUTE, ATTRIBUTE_FLAG, SEGMENT_TYPE } from './codes.ts'
import type { BgpDecodeOptions } from './decode.ts'
import type { UpdateMistake } from './decode-error.ts'
import { withoutConfederations } from './length.ts'

interface Aggregator {
  readonly asn: number
  readonly address: Ipv4Address
}

/** Attributes read so far. */
export interface AttributesDraft {
  origin?: OriginCode
  asPath?: readonly AsPathSegment[]
  as4Path?: readonly AsPathSegment[]
  nextHop?: Ipv4Address
  med?: number
  localPreference?: number
  atomicAggregate: boolean
  aggregator?: Aggregator
  as4Aggregator?: Aggregator
  communities: readonly number[]
  largeCommunities: readonly string[]
  originatorId?: Ipv4Address
  clusterList: readonly Ipv4Address[]
  unknown: { type: number; flags: number; value: readonly number[] }[]
}

export function emptyDraft(): AttributesDraft {
  return { atomicAggregate: false, communities: [], largeCommunities: [], clusterList: [], unknown: [] }
}

interface AttributeRule {
  /** Optional and transitive bits as they must be. */
  readonly flags: number
  readonly onMistake: UpdateMistake['action']
  readonly isInternalOnly?: boolean
  /** Reads the value. False when it is malformed. */
  readonly decode: (draft: AttributesDraft, value: ByteReader, options: BgpDecodeOptions) => boolean
}

const WELL_KNOWN = ATTRIBUTE_FLAG.transitive
const OPTIONAL = ATTRIBUTE_FLAG.optional
const BOTH = OPTIONAL | WELL_KNOWN

/** By attribute type. */
export const ATTRIBUTE_RULES: Readonly<Record<number, AttributeRule>> = {
  [ATTRIBUTE.origin]: {
    flags: WELL_KNOWN,
    onMistake: 'treat-as-withdraw',
    decode(draft, value) {
      const isRight = value.remaining === 1
      const origin = value.uint8()
      draft.origin = origin as OriginCode
      return isRight && origin <= 2
    },
  },
  [ATTRIBUTE.asPath]: {
    flags: WELL_KNOWN,
    onMistake: 'treat-as-withdraw',
    decode(draft, value, { fourOctetAsn }) {
      const path = decodeAsPath(value, fourOctetAsn)
      if (path !== undefined) draft.asPath = path
      return path !== undefined
    },
  },
  [ATTRIBUTE.nextHop]: long(WELL_KNOWN, (draft, value) => {
    draft.nextHop = ipv4(value)
  }),
  [ATTRIBUTE.med]: long(OPTIONAL, (draft, value) => {
    draft.med = value
  }),
  [ATTRIBUTE.localPreference]: {
    ...long(WELL_KNOWN, (draft, value) => {
      draft.localPreference = value
    }),
    isInternalOnly: true,
  },
  [ATTRIBUTE.atomicAggregate]: {
    flags: WELL_KNOWN,
    onMistake: 'attribute-discard',
    decode(draft, value) {
      draft.atomicAggregate = value.remaining === 0
      return draft.atomicAggregate
    },
  },
  [ATTRIBUTE.aggregator]: {
    flags: BOTH,
    onMistake: 'attribute-discard',
    decode(draft, value, { fourOctetAsn }) {
      if (value.remaining !== (fourOctetAsn ? 8 : 6)) return false
      draft.aggregator = { asn: fourOctetAsn ? value.uint32() : value.uint16(), address: ipv4(value.uint32()) }
      return true
    },
  },
  [ATTRIBUTE.communities]: {
    flags: BOTH,
    onMistake: 'treat-as-withdraw',
    decode(draft, value) {
      const words = decodeLongs(value, 4)
      if (words !== undefined) draft.communities = [...new Set(words)].sort((a, b) => a - b)
      return words !== undefined
    },
  },
  [ATTRIBUTE.originatorId]: {
    ...long(OPTIONAL, (draft, value) => {
      draft.originatorId = ipv4(value)
    }),
    isInternalOnly: true,
  },
  [ATTRIBUTE.clusterList]: {
    flags: OPTIONAL,
    onMistake: 'treat-as-withdraw',
    isInternalOnly: true,
    decode(draft, value) {
      const words = decodeLongs(value, 4)
      if (words !== undefined) draft.clusterList = words.map(ipv4)
      return words !== undefined
    },
  },
  [ATTRIBUTE.as4Path]: {
    flags: BOTH,
    onMistake: 'attribute-discard',
    decode(draft, value, { fourOctetAsn }) {
      const path = decodeAsPath(value, true)
      if (path === undefined) return false
      if (!fourOctetAsn) draft.as4Path = withoutConfederations(path)
      return true
    },
  },
  [ATTRIBUTE.as4Aggregator]: {
    flags: BOTH,
    onMistake: 'attribute-discard',
    decode(draft, value, { fourOctetAsn }) {
      if (value.remaining !== 8) return false
      const aggregator = { asn: value.uint32(), address: ipv4(value.uint32()) }
      if (!fourOctetAsn) draft.as4Aggregator = aggregator
      return true
    },
  },
  [ATTRIBUTE.largeCommunities]: {
    flags: BOTH,
    onMistake: 'treat-as-withdraw',
    decode(draft, value) {
      const words = decodeLongs(value, 12)
      if (words === undefined) return false
      const triples: (readonly number[])[] = []
      for (let index = 0; index < words.length; index += 3) triples.push(words.slice(index, index + 3))
      triples.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!)
      draft.largeCommunities = [...new Set(triples.map(triple => triple.join(':')))]
      return true
    },
  },
}

function long(flags: number, take: (draft: AttributesDraft, value: number) => void): AttributeRule {
  return {
    flags,
    onMistake: 'treat-as-withdraw',
    decode(draft, value) {
      if (value.remaining !== 4) return false
      take(draft, value.uint32())
      return true
    },
  }
}

/** 32-bit words; undefined unless there is a positive multiple of `unitBytes`. */
function decodeLongs(value: ByteReader, unitBytes: number): readonly number[] | undefined {
  if (value.remaining === 0 || value.remaining % unitBytes !== 0) return undefined
  const words: number[] = []
  while (value.remaining > 0) words.push(value.uint32())
  return words
}

const SEGMENT_NAMES = Object.keys(SEGMENT_TYPE) as AsPathSegment['type'][]

/** Undefined for an unknown segment type, an empty segment or one that runs over (RFC 7606 §7.2). */
function decodeAsPath(value: ByteReader, fourOctetAsn: boolean): readonly AsPathSegment[] | undefined {
  const path: AsPathSegment[] = []
  while (value.remaining > 0) {
    const code = value.uint8()
    const type = SEGMENT_NAMES.find(name => SEGMENT_TYPE[name] === code)
    const count = value.uint8()
    if (type === undefined || count === 0) return undefined
    const asns: number[] = []
    for (let index = 0; index < count; index += 1) asns.push(fourOctetAsn ? value.uint32() : value.uint16())
    path.push({ type, asns })
  }
  return path
}

/** Checks that the mandatory attributes are there and joins the two-byte and four-byte ones. */
export function finishAttributes(
  draft: AttributesDraft,
  options: BgpDecodeOptions,
  mistakes: UpdateMistake[],
  hasAnnounced: boolean,
): PathAttributes | undefined {
  const { origin, asPath, nextHop } = draft
  if (origin === undefined || asPath === undefined || nextHop === undefined) {
    const attribute =
      origin === undefined ? ATTRIBUTE.origin : asPath === undefined ? ATTRIBUTE.asPath : ATTRIBUTE.nextHop
    if (hasAnnounced)
      mistakes.push({ action: 'treat-as-withdraw', attribute, reason: 'mandatory attribute is missing' })
    return undefined
  }
  const isOldAggregator = draft.aggregator !== undefined && draft.aggregator.asn !== AS_TRANS
  const ignoresFour = options.fourOctetAsn || (isOldAggregator && draft.as4Aggregator !== undefined)
  const aggregator = ignoresFour ? draft.aggregator : draft.aggregator && (draft.as4Aggregator ?? draft.aggregator)
  return {
    origin,
    asPath: ignoresFour || draft.as4Path === undefined ? asPath : mergePaths(asPath, draft.as4Path),
    nextHop,
    ...(draft.med === undefined ? {} : { med: draft.med }),
    ...(draft.localPreference === undefined ? {} : { localPreference: draft.localPreference }),
    atomicAggregate: draft.atomicAggregate,
    ...(aggregator === undefined ? {} : { aggregator }),
    communities: draft.communities,
    largeCommunities: draft.largeCommunities,
    ...(draft.originatorId === undefined ? {} : { originatorId: draft.originatorId }),
    clusterList: draft.clusterList,
    unknown: draft.unknown,
  }
}

/** RFC 6793 §4.2.3: what old speakers put in front of AS_PATH, then AS4_PATH. */
function mergePaths(path: readonly AsPathSegment[], four: readonly AsPathSegment[]): readonly AsPathSegment[] {
  let excess = hopCount(path) - hopCount(four)
  if (excess < 0) return path
  const merged: AsPathSegment[] = []
  for (const segment of path) {
    const isConfederation = segment.type === 'confed-sequence' || segment.type === 'confed-set'
    if (excess === 0 && !isConfederation) break
    const count = isConfederation ? 0 : segment.type === 'set' ? 1 : segment.asns.length
    if (count <= excess) merged.push(segment)
    else merged.push({ type: segment.type, asns: segment.asns.slice(0, excess) })
    excess -= Math.min(count, excess)
  }
  const last = merged.at(-1)
  const first = four[0]
  if (last?.type !== 'sequence' || first?.type !== 'sequence') return [...merged, ...four]
  const joined: AsPathSegment = { type: 'sequence', asns: [...last.asns, ...first.asns] }
  return [...merged.slice(0, -1), joined, ...four.slice(1)]
}

function hopCount(path: readonly AsPathSegment[]): number {
  let count = 0
  for (const { type, asns } of path)
    if (type === 'sequence') count += asns.length
    else if (type === 'set') count += 1
  return count
}
