import type { Dissection } from './dissection.ts'
import { hexAndAsciiDump } from './dump.ts'
import { printEtherType } from './print-ether-type.ts'
import { tagText } from './print-ethernet.ts'
import { ETHER_TYPES, tokenText } from './tokens.ts'

const PACKET_TYPES = ['In', 'B', 'M', 'P', 'Out'] as const

/** Prints a packet of `-i any`: a cooked header of version 2. Source: sll2_if_print of print-sll.c. @returns header length */
export function printCookedV2(sheet: Dissection, length: number): number {
  sheet.protocol = 'sll2'
  if (!sheet.has(0, 20)) {
    sheet.printTruncated()
    return 0
  }
  const index = sheet.uint32(4)
  sheet.print(`${(sheet.interfaceName(index) ?? '?').padEnd(5)} ${(PACKET_TYPES[sheet.uint8(10)] ?? '?').padEnd(3)} `)
  const type = sheet.uint16(0)
  const addressBytes = sheet.uint8(11)
  const head = (): string =>
    `ifindex ${index} ${addressBytes === 6 ? `${sheet.mac(12)} ` : ''}${typeText(sheet, type, length)}`
  return printPayload(sheet, { type, headerBytes: 20, length, head })
}

/** Prints a packet with a cooked header of version 1, as older programs wrote them. Source: sll_if_print. */
export function printCookedV1(sheet: Dissection, length: number): number {
  sheet.protocol = 'sll'
  if (!sheet.has(0, 16)) {
    sheet.printTruncated()
    return 0
  }
  const type = sheet.uint16(14)
  const addressBytes = sheet.uint16(4)
  const direction = (PACKET_TYPES[sheet.uint16(0)] ?? '?').padStart(3)
  const head = (): string =>
    `${direction} ${addressBytes === 6 ? `${sheet.mac(6)} ` : ''}${typeText(sheet, type, length)}`
  return printPayload(sheet, { type, headerBytes: 16, length, head })
}

interface Cooked {
  readonly type: number
  readonly headerBytes: number
  readonly length: number
  /** What -e shows of the header. */
  readonly head: () => string
}

function printPayload(sheet: Dissection, cooked: Cooked): number {
  const { showsLinkHeader, isQuiet } = sheet.options
  if (showsLinkHeader) sheet.print(cooked.head())
  let { type } = cooked
  let at = cooked.headerBytes
  while (type === 0x8100) {
    if (!sheet.has(at, 4)) {
      sheet.protocol = 'vlan'
      sheet.printTruncated()
      return sheet.end
    }
    if (showsLinkHeader) sheet.print(`${tagText(sheet.uint16(at))}, `)
    type = sheet.uint16(at + 2)
    at += 4
    if (!isQuiet) sheet.print(`ethertype ${tokenText(ETHER_TYPES, type, 'Unknown')}, `)
  }
  if (type > 1500 && printEtherType(sheet, type, at, cooked.length - at)) return at
  if (type > 1500 && !showsLinkHeader) sheet.print(cooked.head())
  if (!isQuiet) sheet.print(hexAndAsciiDump(sheet.bytes.subarray(at, sheet.end), '\n\t'))
  return at
}

function typeText(sheet: Dissection, type: number, length: number): string {
  if (sheet.options.isQuiet) return ''
  const hex = `0x${type.toString(16).padStart(4, '0')}`
  if (type === 1) return `802.3, length ${length}: `
  if (type === 4) return `802.2, length ${length}: `
  return `ethertype ${type > 1500 ? tokenText(ETHER_TYPES, type, 'Unknown') : 'Unknown'} (${hex}), length ${length}: `
}
