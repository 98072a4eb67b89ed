import type { Dissection } from './dissection.ts'
import { ATTRIBUTES, printBgpAttribute } from './print-bgp-attribute.ts'
import { tokenText } from './tokens.ts'

/** Prints what follows the header of an UPDATE. Source: bgp_update_print of print-bgp.c. */
export function printBgpUpdate(sheet: Dissection, start: number, length: number): void {
  if (!printParts(sheet, start, length)) sheet.printTruncated()
}

/** False when the lengths do not fit. */
function printParts(sheet: Dissection, start: number, length: number): boolean {
  const end = start + length
  if (length < 2) return false
  let withdrawn = sheet.uint16(start)
  let at = start + 2
  if (at + withdrawn > end) return false
  if (withdrawn > 1) {
    sheet.print('\n\t  Withdrawn routes:')
    const rest = printPrefixes(sheet, at, withdrawn)
    if (rest === undefined) return false
    at += withdrawn - rest
    withdrawn = rest
  } else at += withdrawn
  if (at + 2 > end) return false
  const attributes = sheet.uint16(at)
  at += 2
  if (withdrawn === 0 && attributes === 0 && at === end) {
    sheet.print('\n\t  End-of-Rib Marker (empty NLRI)')
    return true
  }
  if (attributes > 0) {
    if (at + attributes > end) return false
    const next = printAttributes(sheet, at, at + attributes)
    if (next === undefined) return false
    at = next
  }
  if (at === end) return true
  sheet.print('\n\t  Updated routes:')
  return printPrefixes(sheet, at, end - at) !== undefined
}

/** Where the attributes end; undefined when one of them does not fit. */
function printAttributes(sheet: Dissection, start: number, end: number): number | undefined {
  for (let at = start; at < end; ) {
    if (end - at < 2) {
      sheet.print('\n\t  [path attrs too short]')
      return end
    }
    const flags = sheet.uint8(at)
    const type = sheet.uint8(at + 1)
    const isExtended = (flags & 0x10) !== 0
    at += 2
    if (end - at < (isExtended ? 2 : 1)) {
      sheet.print('\n\t  [path attrs too short]')
      return end
    }
    const length = isExtended ? sheet.uint16(at) : sheet.uint8(at)
    at += isExtended ? 2 : 1
    sheet.print(`\n\t  ${tokenText(ATTRIBUTES, type, 'Unknown Attribute')} (${type}), length: ${length}`)
    if (flags !== 0) sheet.print(`, Flags [${flagsText(flags)}]: `)
    if (end - at < length) {
      sheet.print(' [path attrs too short]')
      return end
    }
    if (!printBgpAttribute(sheet, type, at, length)) return undefined
    at += length
  }
  return end
}

/** `OTPE`, and the unused bits if any is set. */
function flagsText(flags: number): string {
  const letters = ['O', 'T', 'P', 'E'].filter((_, index) => flags & (0x80 >> index)).join('')
  return flags & 0xf ? `${letters}+${(flags & 0xf).toString(16)}` : letters
}

/** Prints prefixes; returns how many bytes are left (0, or more after an illegal one), undefined when the last is cut. */
function printPrefixes(sheet: Dissection, start: number, length: number): number | undefined {
  const hasPathIds = mayHavePathIds(sheet, start, length)
  const end = start + length
  for (let at = start; at < end; ) {
    let pathId: number | undefined
    if (hasPathIds) {
      if (end - at < 4) return undefined
      pathId = sheet.uint32(at)
      at += 4
    }
    if (at >= end) return undefined
    const bits = sheet.uint8(at)
    if (bits > 32) {
      sheet.print('\n\t    (illegal prefix length)')
      return end - at
    }
    const bytes = Math.ceil(bits / 8)
    if (at + 1 + bytes > end) return undefined
    sheet.print(`\n\t    ${prefixText(sheet, at + 1, bits)}`)
    if (pathId !== undefined) sheet.print(`   Path Id: ${pathId}`)
    at += 1 + bytes
  }
  return 0
}

function prefixText(sheet: Dissection, at: number, bits: number): string {
  const parts = [0, 1, 2, 3].map(index => {
    const left = bits - 8 * index
    if (left <= 0) return 0
    const byte = sheet.uint8(at + index)
    return left >= 8 ? byte : byte & (0xff00 >> left) & 0xff
  })
  return `${parts.join('.')}/${bits}`
}

/** Whether prefixes make sense with path identifiers (RFC 7911) and not without: nothing else tells. */
function mayHavePathIds(sheet: Dissection, start: number, length: number): boolean {
  if (length < 5) return false
  let offset = 0
  while (offset < length) {
    offset += 4
    if (!sheet.has(start + offset, 1)) break
    const bits = sheet.uint8(start + offset)
    if (bits > 32) return false
    offset += 1 + Math.ceil(bits / 8)
  }
  if (offset > length) return false
  offset = 0
  while (offset < length) {
    if (!sheet.has(start + offset, 1)) break
    const bits = sheet.uint8(start + offset)
    if (bits < 1 || bits > 32) return true
    offset += 1 + Math.ceil(bits / 8)
  }
  return offset > length
}
