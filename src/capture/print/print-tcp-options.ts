import type { Dissection } from './dissection.ts'
import { tokenText } from './tokens.ts'

const NAMES = {
  0: 'eol',
  1: 'nop',
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  6: 'echo',
  7: 'echoreply',
  8: 'TS',
  11: 'cc',
  12: 'ccnew',
  13: '',
  19: 'md5',
  20: 'scps',
  28: 'uto',
  29: 'tcp-ao',
  30: 'mptcp',
  34: 'tfo',
  254: 'exp',
}
/** Lengths of the values of options that have only one. */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  2: 2,
  3: 1,
  6: 4,
  7: 4,
  8: 8,
  11: 4,
  12: 4,
  13: 4,
  19: 16,
  20: 2,
  28: 2,
}

/** Prints the options; false when they are malformed or cut and the line ends with them. Source: tcp_print of print-tcp.c. */
export function printTcpOptions(sheet: Dissection, start: number, length: number, sackBase: number): boolean {
  if (length === 0) return true
  sheet.print(', options [')
  const end = start + length
  let separator = ''
  for (let at = start; at < end; separator = ',') {
    sheet.print(separator)
    const kind = sheet.uint8(at)
    const isSingle = kind <= 1
    const optionBytes = isSingle ? 1 : sheet.uint8(at + 1)
    if (!isSingle && (optionBytes < 2 || optionBytes > end - at)) return endBad(sheet, separator)
    sheet.print(tokenText(NAMES, kind, `unknown-${kind}`))
    if (!isSingle) {
      const value = at + 2
      const expected = VALUE_BYTES[kind]
      const valueBytes = expected ?? optionBytes - 2
      if (value + valueBytes > end) return endBad(sheet, separator)
      if (!sheet.has(value, valueBytes)) {
        sheet.printTruncated()
        if (separator !== '') sheet.print('>')
        return false
      }
      printValue(sheet, kind, value, valueBytes, sackBase)
      at = value + valueBytes
      if (valueBytes + 2 !== optionBytes) sheet.print(`[len ${optionBytes}]`)
    } else at += 1
    if (kind === 0) break
  }
  sheet.print(']')
  return true
}

function endBad(sheet: Dissection, separator: string): false {
  sheet.print(`[bad opt]${separator === '' ? '' : ']'}`)
  return false
}

function printValue(sheet: Dissection, kind: number, at: number, length: number, sackBase: number): void {
  switch (kind) {
    case 2:
      sheet.print(` ${sheet.uint16(at)}`)
      break
    case 3:
      sheet.print(` ${sheet.uint8(at)}`)
      break
    case 4:
      break
    case 5:
      printSack(sheet, at, length, sackBase)
      break
    case 6:
    case 7:
    case 11:
    case 12:
    case 13:
      sheet.print(` ${sheet.uint32(at)}`)
      break
    case 8:
      sheet.print(` val ${sheet.uint32(at)} ecr ${sheet.uint32(at + 4)}`)
      break
    case 19:
      printSignature(sheet, at, length)
      break
    case 20:
      sheet.print(` cap ${hex(sheet, at, 1)} id ${sheet.uint8(at + 1)}`)
      break
    case 28:
      printUserTimeout(sheet, sheet.uint16(at))
      break
    case 34:
      sheet.print(length === 0 ? ' cookiereq' : ` cookie ${hex(sheet, at, length)}`)
      break
    default:
      if (length > 0) sheet.print(` 0x${hex(sheet, at, length)}`)
  }
}

/** Without the key, which -M would give, a signature cannot be checked. */
function printSignature(sheet: Dissection, at: number, length: number): void {
  const why = sheet.isSegmentCut ? 'snaplen too short' : 'shared secret not supplied with -M'
  sheet.print(` ${why}, can't check - ${hex(sheet, at, length)}`)
}

function printUserTimeout(sheet: Dissection, value: number): void {
  sheet.print(` 0x${value.toString(16)} ${value & 1 ? (value >> 1) * 60 : value >> 1}`)
}

function printSack(sheet: Dissection, at: number, length: number, base: number): void {
  if (length % 8 !== 0) {
    sheet.print(' invalid sack')
    return
  }
  sheet.print(` ${length / 8} `)
  for (let offset = 0; offset < length; offset += 8) {
    const edge = (where: number): number => (sheet.uint32(where) - base) >>> 0
    sheet.print(`{${edge(at + offset)}:${edge(at + offset + 4)}}`)
  }
}

function hex(sheet: Dissection, at: number, length: number): string {
  return sheet.mac(at, length).replaceAll(':', '')
}
