import { shouldBe, verify } from './checksum-text.ts'
import type { Dissection } from './dissection.ts'
import { printIpv4 } from './print-ipv4.ts'
import { portText, tokenText } from './tokens.ts'

const OTHER_TYPES = {
  4: 'source quench',
  9: 'router advertisement',
  10: 'router solicitation',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
}

/** Codes of "unreachable" that name network or host, and what stands behind. */
const UNREACHABLE: Readonly<Record<number, readonly [before: string, after: string]>> = {
  0: ['net ', ''],
  1: ['host ', ''],
  5: ['', ' - source route failed'],
  6: ['net ', ' - unknown'],
  7: ['host ', ' - unknown'],
  8: ['', ' - source host isolated'],
  9: ['net ', ' - admin prohibited'],
  10: ['host ', ' - admin prohibited'],
  11: ['net ', ' - tos prohibited'],
  12: ['host ', ' - tos prohibited'],
  13: ['host ', ' - admin prohibited filter'],
  14: ['host ', ' - host precedence violation'],
  15: ['host ', ' - precedence cutoff'],
}

/** Prints an ICMP message. Source: icmp_print of print-icmp.c. */
export function printIcmp(sheet: Dissection, at: number, length: number, isFragmented: boolean): void {
  sheet.protocol = 'icmp'
  const type = sheet.uint8(at)
  const code = sheet.uint8(at + 1)
  if ((type === 11 && !sheet.has(at + 24, 4)) || (type === 3 && code === 3 && !sheet.has(at + 17, 1))) {
    sheet.printTruncated()
    return
  }
  sheet.print(`ICMP ${messageText(sheet, at, type, code)}, length ${length}`)
  if (sheet.options.verbosity === 0) return
  if (!isFragmented && sheet.has(at, length)) {
    const sum = verify(sheet.bytes.subarray(at, at + length))
    const found = sheet.uint16(at + 2)
    if (sum !== 0) {
      sheet.print(` (wrong icmp cksum ${found.toString(16)} (->${shouldBe(found, sum).toString(16)})!)`)
    }
  }
  if (![3, 4, 5, 11, 12].includes(type)) return
  sheet.print('\n\t')
  const quoted = at + 8
  const quotedBytes = sheet.uint16(quoted + 2)
  sheet.within(quoted + quotedBytes, () => printIpv4(sheet, quoted, quotedBytes))
  sheet.protocol = 'icmp'
  if (type !== 4 && type !== 5 && length > EXTENSION_BYTES_MIN) printExtension(sheet, at, length)
}

/** A message of at least this size may have an extension behind 128 bytes of quote, RFC 4884 §5. */
const EXTENSION_BYTES_MIN = 136
const EXTENSION_AT = 136

/** Differs from tcpdump: of an extension only its presence is told. */
function printExtension(sheet: Dissection, at: number, length: number): void {
  if (!sheet.has(at, EXTENSION_AT + 5)) {
    sheet.printTruncated()
    return
  }
  const start = at + EXTENSION_AT
  const bytes = length - EXTENSION_BYTES_MIN
  const isUnannounced = sheet.uint8(at + 5) === 0
  if (isUnannounced && sheet.has(start, bytes) && verify(sheet.bytes.subarray(start, start + bytes)) !== 0) return
  const version = sheet.uint8(start) >> 4
  sheet.print(`\n\tICMP Multi-Part extension v${version}`)
  sheet.print(version === 2 ? ', not decoded by drylab' : ' packet not supported')
}

function messageText(sheet: Dissection, at: number, type: number, code: number): string {
  switch (type) {
    case 0:
    case 8:
      return `echo ${type === 8 ? 'request' : 'reply'}, id ${sheet.uint16(at + 4)}, seq ${sheet.uint16(at + 6)}`
    case 3:
      return unreachableText(sheet, at, code)
    case 5:
      return redirectText(code, sheet.address(at + 24), sheet.address(at + 4))
    case 11:
      if (code > 1) return `time exceeded-#${code}`
      return code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'
    case 12:
      return `parameter problem - ${code === 0 ? `octet ${sheet.uint8(at + 4)}` : `code ${code}`}`
    case 13:
      return `time stamp query id ${sheet.uint16(at + 4)} seq ${sheet.uint16(at + 6)}`
    case 14:
      return timeStampText(sheet, at)
    case 18:
      return `address mask is 0x${sheet
        .uint32(at + 8)
        .toString(16)
        .padStart(8, '0')}`
    default:
      return tokenText(OTHER_TYPES, type, `type-#${type}`)
  }
}

function timeStampText(sheet: Dissection, at: number): string {
  const time = (offset: number): string => {
    const value = sheet.uint32(at + offset)
    const part = (number: number, width: number): string => String(number).padStart(width, '0')
    const seconds = Math.floor(value / 1000)
    const minutes = Math.floor(seconds / 60)
    return `${part(Math.floor(minutes / 60), 2)}:${part(minutes % 60, 2)}:${part(seconds % 60, 2)}.${part(value % 1000, 3)}`
  }
  return `time stamp reply id ${sheet.uint16(at + 4)} seq ${sheet.uint16(at + 6)}: org ${time(8)}, recv ${time(12)}, xmit ${time(16)}`
}

function redirectText(code: number, about: string, gateway: string): string {
  if (code > 3) return `redirect-#${code} ${about} to ${gateway}`
  return `${code >= 2 ? 'redirect-tos' : 'redirect'} ${about} to ${code % 2 === 0 ? 'net' : 'host'} ${gateway}`
}

function unreachableText(sheet: Dissection, at: number, code: number): string {
  const destination = (): string => sheet.address(at + 24)
  if (code === 2) return `${destination()} protocol ${sheet.uint8(at + 17)} unreachable`
  if (code === 3) return portUnreachableText(sheet, at)
  if (code === 4) {
    const mtu = sheet.uint16(at + 6)
    return `${destination()} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`
  }
  const words = UNREACHABLE[code]
  if (words === undefined) return `${destination()} unreachable - #${code}`
  return `${words[0]}${destination()} unreachable${words[1]}`
}

function portUnreachableText(sheet: Dissection, at: number): string {
  const quoted = at + 8
  const port = sheet.uint16(quoted + (sheet.uint8(quoted) & 15) * 4 + 2)
  const protocol = sheet.uint8(quoted + 9)
  const destination = sheet.address(quoted + 16)
  const { isNumeric } = sheet.options
  if (protocol === 6) return `${destination} tcp port ${portText(port, 'tcp', isNumeric)} unreachable`
  if (protocol === 17) return `${destination} udp port ${portText(port, 'udp', isNumeric)} unreachable`
  return `${destination} protocol ${protocol} port ${port} unreachable`
}
