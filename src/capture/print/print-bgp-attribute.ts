import type { Dissection } from './dissection.ts'
import { tokenText } from './tokens.ts'
import { printUnknownData } from './unknown-data.ts'

/** Attribute names, IANA's registry as tcpdump spells it. */
export const ATTRIBUTES = {
  1: 'Origin',
  2: 'AS Path',
  3: 'Next Hop',
  4: 'Multi Exit Discriminator',
  5: 'Local Preference',
  6: 'Atomic Aggregate',
  7: 'Aggregator',
  8: 'Community',
  9: 'Originator ID',
  10: 'Cluster List',
  11: 'DPA',
  12: 'Advertisers',
  13: 'RCID Path / Cluster ID',
  14: 'Multi-Protocol Reach NLRI',
  15: 'Multi-Protocol Unreach NLRI',
  16: 'Extended Community',
  17: 'AS4 Path',
  18: 'Aggregator4',
  22: 'PMSI Tunnel',
  23: 'Tunnel Encapsulation',
  24: 'Traffic Engineering',
  25: 'IPv6 Extended Community',
  26: 'Accumulated IGP Metric',
  27: 'PE Distinguisher Label',
  28: 'Entropy Label',
  32: 'Large Community',
  128: 'Attribute Set',
  255: 'Reserved for development',
}

/** Attributes that tcpdump decodes and drylab does not: sessions here never carry them. */
const NOT_DECODED: readonly number[] = [14, 15, 16, 22, 23, 25, 26, 128]

/** Prints an attribute's value; false when it is cut. Source: bgp_attr_print of print-bgp.c. */
export function printBgpAttribute(sheet: Dissection, type: number, at: number, length: number): boolean {
  if (!sheet.has(at, length)) return false
  const text = valueText(sheet, type, at, length)
  if (text === undefined) {
    const isKnown = NOT_DECODED.includes(type)
    sheet.print(isKnown ? '\n\t    not decoded by drylab' : `\n\t    no Attribute ${type} decoder`)
    if (sheet.options.verbosity <= 1) printUnknownData(sheet, at, length, '\n\t    ')
  } else sheet.print(text)
  // tcpdump 4.99.3 has used up the length of large communities by then
  if (sheet.options.verbosity > 1 && length > 0 && type !== 32) printUnknownData(sheet, at, length, '\n\t    ')
  return true
}

const INVALID = 'invalid len'

function valueText(sheet: Dissection, type: number, at: number, length: number): string | undefined {
  switch (type) {
    case 1:
      if (length !== 1) return INVALID
      return tokenText({ 0: 'IGP', 1: 'EGP', 2: 'Incomplete' }, sheet.uint8(at), 'Unknown Origin Typecode')
    case 2:
    case 17:
      return asPathText(sheet, type, at, length)
    case 3:
    case 9:
      return length === 4 ? sheet.address(at) : INVALID
    case 4:
    case 5:
      return length === 4 ? String(sheet.uint32(at)) : INVALID
    case 6:
      return length === 0 ? '' : INVALID
    case 7:
      return aggregatorText(sheet, at, length)
    case 8:
      return communitiesText(sheet, at, length)
    case 10:
      if (length % 4 !== 0) return INVALID
      return words(at, length, 4)
        .map(where => sheet.address(where))
        .join(', ')
    case 18:
      return length === 8 ? ` AS #${sheet.uint32(at)}, origin ${sheet.address(at + 4)}` : INVALID
    case 32:
      if (length === 0 || length % 12 !== 0) return INVALID
      return `\n\t    ${words(at, length, 12)
        .map(where => [0, 4, 8].map(offset => sheet.uint32(where + offset)).join(':'))
        .join(', ')}`
    default:
      return undefined
  }
}

function words(at: number, length: number, size: number): readonly number[] {
  return Array.from({ length: length / size }, (_, index) => at + index * size)
}

function aggregatorText(sheet: Dissection, at: number, length: number): string {
  if (length === 6) return ` AS #${sheet.uint16(at)}, origin ${sheet.address(at + 2)}`
  return length === 8 ? ` AS #${sheet.uint32(at)}, origin ${sheet.address(at + 4)}` : INVALID
}

function communitiesText(sheet: Dissection, at: number, length: number): string {
  if (length % 4 !== 0) return INVALID
  const known = { 4294967041: ' NO_EXPORT', 4294967042: ' NO_ADVERTISE', 4294967043: ' NO_EXPORT_SUBCONFED' }
  return words(at, length, 4)
    .map(where => {
      const isLast = where + 4 === at + length
      const plain = `${sheet.uint16(where)}:${sheet.uint16(where + 2)}${isLast ? '' : ', '}`
      return tokenText(known, sheet.uint32(where), plain)
    })
    .join('')
}

const OPENING = { 1: '{ ', 2: '', 3: '( ', 4: '({ ' }
const CLOSING = { 1: '}', 2: '', 3: ')', 4: '})' }

function asPathText(sheet: Dissection, type: number, start: number, length: number): string {
  if (length % 2 !== 0) return INVALID
  if (length === 0) return 'empty'
  const end = start + length
  const asBytes = type === 17 || !fitsShortNumbers(sheet, start, end) ? 4 : 2
  let text = ''
  for (let at = start; at < end; ) {
    const kind = sheet.uint8(at)
    const count = sheet.uint8(at + 1)
    text += tokenText(OPENING, kind, '?')
    for (let index = 0; index < count; index += 1) {
      const where = at + 2 + index * asBytes
      text += `${asBytes === 2 ? sheet.uint16(where) : sheet.uint32(where)} `
    }
    text += tokenText(CLOSING, kind, '?')
    at += 2 + count * asBytes
  }
  return text
}

/** AS numbers of two bytes are assumed when the segments then end where the attribute ends. */
function fitsShortNumbers(sheet: Dissection, start: number, end: number): boolean {
  let at = start
  while (at < end) {
    const kind = sheet.uint8(at)
    if (kind < 1 || kind > 4) return false
    at += 2 + sheet.uint8(at + 1) * 2
  }
  return at === end
}
