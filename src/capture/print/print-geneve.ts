import type { Dissection } from './dissection.ts'
import { printEtherType } from './print-ether-type.ts'
import { printEthernet } from './print-ethernet.ts'
import { bitsText, ETHER_TYPES, tokenText } from './tokens.ts'

const FLAGS = [
  [0x80, 'O'],
  [0x40, 'C'],
  [0x20, 'R1'],
  [0x10, 'R2'],
  [0x08, 'R3'],
  [0x04, 'R4'],
  [0x02, 'R5'],
  [0x01, 'R6'],
] as const

/** Prints a Geneve packet with what it carries. Source: geneve_print of print-geneve.c. */
export function printGeneve(sheet: Dissection, at: number, length: number): void {
  sheet.protocol = 'geneve'
  sheet.print('Geneve')
  if (length < 8) {
    sheet.print(` [length ${length} < 8] (invalid)`)
    return
  }
  if (!sheet.has(at, 8)) {
    sheet.printTruncated()
    return
  }
  const first = sheet.uint8(at)
  if (first >> 6 !== 0) {
    sheet.print(` ERROR: unknown-version ${first >> 6}`)
    return
  }
  const protocol = sheet.uint16(at + 2)
  sheet.print(`, Flags [${bitsText(FLAGS, sheet.uint8(at + 1), '')}], vni 0x${sheet.uint24(at + 4).toString(16)}`)
  const reserved = sheet.uint8(at + 7)
  if (reserved !== 0) sheet.print(`, rsvd 0x${reserved.toString(16)}`)
  const { showsLinkHeader, verbosity } = sheet.options
  const hex = protocol.toString(16)
  if (showsLinkHeader) sheet.print(`, proto ${tokenText(ETHER_TYPES, protocol, 'unknown')} (0x${hex.padStart(4, '0')})`)
  const optionsBytes = (first & 0x3f) * 4
  if (length - 8 < optionsBytes) {
    sheet.print(` truncated-geneve - ${optionsBytes - (length - 8)} bytes missing`)
    return
  }
  if (!sheet.has(at + 8, optionsBytes)) {
    sheet.printTruncated()
    return
  }
  if (optionsBytes > 0) {
    sheet.print(', options [')
    if (verbosity > 0) printOptions(sheet, at + 8, optionsBytes)
    else sheet.print(`${optionsBytes} bytes`)
    sheet.print(']')
  }
  sheet.print(verbosity === 0 ? ': ' : '\n\t')
  const inner = at + 8 + optionsBytes
  const rest = length - 8 - optionsBytes
  if (printEtherType(sheet, protocol, inner, rest)) return
  if (protocol === 0x6558) printEthernet(sheet, inner, rest)
  else sheet.print(`geneve-proto-0x${hex}`)
}

function printOptions(sheet: Dissection, start: number, length: number): void {
  const end = start + length
  for (let at = start, separator = ''; at < end; separator = ', ') {
    const optionClass = sheet.uint16(at)
    const type = sheet.uint8(at + 2)
    const optionBytes = 4 + (sheet.uint8(at + 3) & 0x1f) * 4
    sheet.print(
      `${separator}class ${className(optionClass)} (0x${optionClass.toString(16)}) type 0x${type.toString(16)}`,
    )
    sheet.print(`${type & 0x80 ? '(C)' : ''} len ${optionBytes}`)
    if (at + optionBytes > end) {
      sheet.print(' [bad length]')
      return
    }
    if (sheet.options.verbosity > 1 && optionBytes > 4) {
      sheet.print(' data')
      for (let offset = 4; offset < optionBytes; offset += 4) {
        sheet.print(
          ` ${sheet
            .uint32(at + offset)
            .toString(16)
            .padStart(8, '0')}`,
        )
      }
    }
    at += optionBytes
  }
}

function className(optionClass: number): string {
  if (optionClass <= 0xff) return 'Standard'
  if (optionClass >= 0xfff0) return 'Experimental'
  const known = {
    256: 'Linux',
    257: 'Open vSwitch',
    258: 'Open Virtual Networking (OVN)',
    259: 'In-band Network Telemetry (INT)',
    260: 'VMware',
  }
  return tokenText(known, optionClass, 'Unknown')
}
