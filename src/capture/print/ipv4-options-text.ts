import type { Dissection } from './dissection.ts'
import { tokenText } from './tokens.ts'

const OPTIONS = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  82: 'traceroute',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
}

/** Prints header options; false when they are cut. Source: ip_optprint of print-ip.c. */
export function ipv4OptionsText(sheet: Dissection, start: number, length: number): boolean {
  const end = start + length
  for (let at = start, separator = ''; at < end; separator = ',') {
    const code = sheet.uint8(at)
    sheet.print(`${separator}${tokenText(OPTIONS, code, `unknown ${code}`)}`)
    const optionBytes = code <= 1 ? 1 : sheet.uint8(at + 1)
    if ((code > 1 && optionBytes < 2) || at + optionBytes > end) {
      sheet.print(` [bad length ${optionBytes}]`)
      return true
    }
    if (!sheet.has(at, optionBytes)) return false
    if (code === 0) return true
    if (code === 7 || code === 131 || code === 137) printRoute(sheet, at, optionBytes)
    if (code === 148) printRouterAlert(sheet, at, optionBytes)
    // Differs from tcpdump: the values of a timestamp option are not printed
    at += optionBytes
  }
  return true
}

function printRoute(sheet: Dissection, at: number, length: number): void {
  if (length < 3) {
    sheet.print(` [bad length ${length}]`)
    return
  }
  if (((length + 1) & 3) !== 0) sheet.print(` [bad length ${length}]`)
  const pointer = sheet.uint8(at + 2) - 1
  if (pointer < 3 || ((pointer + 1) & 3) !== 0 || pointer > length + 1) sheet.print(` [bad ptr ${pointer + 1}]`)
  for (let offset = 3; offset < length; offset += 4) {
    sheet.print(` ${sheet.address(at + offset)}${pointer > offset ? ',' : ''}`)
  }
}

function printRouterAlert(sheet: Dissection, at: number, length: number): void {
  if (length < 4) sheet.print(` [bad length ${length}]`)
  else if (sheet.uint16(at + 2) !== 0) sheet.print(` value ${sheet.uint16(at + 2)}`)
}
