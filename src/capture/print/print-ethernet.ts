import type { Dissection } from './dissection.ts'
import { hexAndAsciiDump } from './dump.ts'
import { printEtherType } from './print-ether-type.ts'
import { ETHER_TYPES, tokenText } from './tokens.ts'

const VLAN_TYPES: readonly number[] = [0x8100, 0x9100, 0x9200, 0x88a8]
/** Below this the field is a length (IEEE 802.3). */
const LARGEST_LENGTH = 1500

/**
 * Prints an Ethernet frame. Source: ether_common_print of print-ether.c.
 *
 * @param length what the frame measured on the wire
 * @returns length of the header
 */
export function printEthernet(sheet: Dissection, start: number, length: number): number {
  sheet.protocol = 'ether'
  if (!sheet.has(start, 14)) {
    sheet.printTruncated()
    return sheet.end - start
  }
  const { showsLinkHeader } = sheet.options
  const addresses = `${sheet.mac(start + 6)} > ${sheet.mac(start)}, `
  if (showsLinkHeader) sheet.print(addresses)
  let type = sheet.uint16(start + 12)
  let at = start + 14
  let hasLength = false
  while (VLAN_TYPES.includes(type)) {
    if (!sheet.has(at, 4)) {
      sheet.protocol = 'vlan'
      sheet.printTruncated()
      return sheet.end - start
    }
    if (showsLinkHeader) {
      sheet.print(
        `${etherTypeText(sheet, type)}${hasLength ? ', ' : `, length ${length}: `}${tagText(sheet.uint16(at))}, `,
      )
      hasLength = true
    }
    type = sheet.uint16(at + 2)
    at += 4
  }
  const rest = length - (at - start)
  if (type <= LARGEST_LENGTH) return printLengthField(sheet, { type, start, at, rest, hasLength })
  const head = etherTypeText(sheet, type)
  if (showsLinkHeader) sheet.print(`${head}${hasLength ? ', ' : `, length ${length}: `}`)
  if (printEtherType(sheet, type, at, rest)) return at - start
  if (!showsLinkHeader) sheet.print(`${addresses}${head}, length ${length}: `)
  if (!sheet.options.isQuiet) sheet.print(hexAndAsciiDump(sheet.bytes.subarray(at, sheet.end), '\n\t'))
  return at - start
}

/** An 802.3 frame. Differs from tcpdump: LLC is not decoded, the bytes are dumped. */
function printLengthField(
  sheet: Dissection,
  frame: { type: number; start: number; at: number; rest: number; hasLength: boolean },
): number {
  const { type, start, at, rest, hasLength } = frame
  const length = Math.min(type, rest)
  if (sheet.options.showsLinkHeader) sheet.print(`802.3${hasLength ? '' : `, length ${length}: `}`)
  sheet.print('LLC, not decoded by drylab')
  sheet.print(hexAndAsciiDump(sheet.bytes.subarray(at, Math.min(sheet.end, at + length)), '\n\t'))
  return at - start
}

function etherTypeText(sheet: Dissection, type: number): string {
  const hex = `0x${type.toString(16).padStart(4, '0')}`
  if (sheet.options.isQuiet) return tokenText(ETHER_TYPES, type, `Unknown Ethertype (${hex})`)
  return `ethertype ${tokenText(ETHER_TYPES, type, 'Unknown')} (${hex})`
}

/** A VLAN tag: `vlan 5, p 0`. */
export function tagText(tag: number): string {
  return `vlan ${tag & 0xfff}, p ${tag >> 13}${tag & 0x1000 ? ', DEI' : ''}`
}
