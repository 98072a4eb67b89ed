/** UPDATE from bytes: RFC 4271 §6.3 as revised by RFC 7606. */
import { type Prefix, prefixOf } from '../address.ts'
import type { ByteReader } from '../bytes.ts'
import { DecodeError } from '../decode-error.ts'
import type { PathAttributes } from './attributes.ts'
import { ATTRIBUTE, ATTRIBUTE_FLAG } from './codes.ts'
import type { BgpDecodeOptions } from './decode.ts'
import { ATTRIBUTE_RULES, emptyDraft, finishAttributes } from './decode-attributes.ts'
import { BgpDecodeError, type UpdateMistake } from './decode-error.ts'
import type { BgpUpdate } from './message.ts'

/**
 * Reads the body of an UPDATE. With a `treat-as-withdraw` among the mistakes the announced prefixes stand among the
 * withdrawn ones.
 */
export function decodeUpdate(
  reader: ByteReader,
  options: BgpDecodeOptions,
): { readonly update: BgpUpdate; readonly mistakes: readonly UpdateMistake[] } {
  const withdrawnReader = subOrReset(reader)
  const attributesReader = subOrReset(reader)
  const withdrawn = decodePrefixes(withdrawnReader)
  const announced = decodePrefixes(reader)
  const mistakes: UpdateMistake[] = []
  const hasAttributes = attributesReader.remaining > 0
  const decoded = decodeAttributes(attributesReader, options, mistakes, announced.length > 0)
  const isWithdrawn = mistakes.some(mistake => mistake.action === 'treat-as-withdraw')
  const base = { protocol: 'bgp', type: 'update', fourOctetAsn: options.fourOctetAsn } as const
  if (isWithdrawn) return { update: { ...base, withdrawn: [...withdrawn, ...announced], announced: [] }, mistakes }
  if (decoded === undefined || !hasAttributes) return { update: { ...base, withdrawn, announced }, mistakes }
  const { nextHop, ...attributes } = decoded
  return { update: { ...base, withdrawn, announced, attributes, nextHop }, mistakes }
}

/** A part with a two-byte length; beyond the message it is a malformed attribute list, which ends the session. */
function subOrReset(reader: ByteReader): ByteReader {
  const at = reader.offset
  if (reader.remaining >= 2) {
    const length = reader.uint16()
    if (length <= reader.remaining) return reader.sub(length)
  }
  throw new BgpDecodeError('length of withdrawn routes or attributes is wrong', at, 3, 1)
}

/** RFC 7606 §5.3: what cannot be parsed as prefixes ends the session. */
function decodePrefixes(reader: ByteReader): readonly Prefix[] {
  const prefixes: Prefix[] = []
  while (reader.remaining > 0) {
    const at = reader.offset
    const length = reader.uint8()
    const count = (length + 7) >> 3
    if (length > 32 || count > reader.remaining) throw new BgpDecodeError('prefix is malformed', at, 3, 10)
    let address = 0
    for (let index = 0; index < 4; index += 1) address = address * 0x100 + (index < count ? reader.uint8() : 0)
    prefixes.push(prefixOf(address, length))
  }
  return prefixes
}

function decodeAttributes(
  reader: ByteReader,
  options: BgpDecodeOptions,
  mistakes: UpdateMistake[],
  hasAnnounced: boolean,
): PathAttributes | undefined {
  const draft = emptyDraft()
  const seen = new Set<number>()
  while (reader.remaining > 0) {
    const header = readHeader(reader)
    if (header === undefined) {
      mistakes.push({ action: 'treat-as-withdraw', attribute: 0, reason: 'attribute runs beyond the list' })
      break
    }
    const { type, flags, value } = header
    if (seen.has(type)) {
      if (type === ATTRIBUTE.mpReach || type === ATTRIBUTE.mpUnreach) {
        throw new BgpDecodeError(`attribute ${type} appears twice`, value.offset, 3, 1)
      }
      mistakes.push({ action: 'attribute-discard', attribute: type, reason: 'attribute appears again' })
      continue
    }
    seen.add(type)
    const mistake = takeAttribute(type, flags, value, options)
    if (mistake !== undefined) mistakes.push({ attribute: type, ...mistake })
  }
  return finishAttributes(draft, options, mistakes, hasAnnounced)

  function takeAttribute(type: number, flags: number, value: ByteReader, context: BgpDecodeOptions) {
    const rule = ATTRIBUTE_RULES[type]
    if (rule === undefined) return takeUnknown(type, flags, value)
    if ((flags & FLAGS_CHECKED) !== rule.flags) {
      return { action: 'treat-as-withdraw', reason: 'attribute flags are wrong' } as const
    }
    if (rule.isInternalOnly && context.isExternal) {
      return { action: 'attribute-discard', reason: 'attribute is not for external peers' } as const
    }
    try {
      return rule.decode(draft, value, context)
        ? undefined
        : ({ action: rule.onMistake, reason: 'attribute is malformed' } as const)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return { action: rule.onMistake, reason: 'attribute is malformed' } as const
    }
  }

  function takeUnknown(type: number, flags: number, value: ByteReader) {
    if ((flags & ATTRIBUTE_FLAG.optional) === 0) {
      const bytes = value.bytes(value.remaining)
      throw new BgpDecodeError(`well-known attribute ${type} is unknown`, value.offset, 3, 2, [flags, type, ...bytes])
    }
    if (flags & ATTRIBUTE_FLAG.transitive) {
      draft.unknown.push({
        type,
        flags: flags & ~ATTRIBUTE_FLAG.extendedLength,
        value: [...value.bytes(value.remaining)],
      })
      return undefined
    }
    const isOtherFamily = type === ATTRIBUTE.mpReach || type === ATTRIBUTE.mpUnreach
    return isOtherFamily
      ? ({ action: 'attribute-discard', reason: 'address family is not modelled' } as const)
      : undefined
  }
}

const FLAGS_CHECKED = ATTRIBUTE_FLAG.optional | ATTRIBUTE_FLAG.transitive

function readHeader(reader: ByteReader): { flags: number; type: number; value: ByteReader } | undefined {
  if (reader.remaining < 3) return undefined
  const flags = reader.uint8()
  const type = reader.uint8()
  const isExtended = (flags & ATTRIBUTE_FLAG.extendedLength) !== 0
  if (isExtended && reader.remaining < 2) return undefined
  const length = isExtended ? reader.uint16() : reader.uint8()
  return length > reader.remaining ? undefined : { flags, type, value: reader.sub(length) }
}
