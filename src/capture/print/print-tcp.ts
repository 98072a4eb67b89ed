import { hex4, shouldBe } from './checksum-text.ts'
import type { Dissection } from './dissection.ts'
import { printBgp } from './print-bgp.ts'
import type { Ipv4Header } from './print-ipv4.ts'
import { printTcpOptions } from './print-tcp-options.ts'
import { printText } from './print-text.ts'
import { bitsText, portText } from './tokens.ts'
import { transportSum } from './transport-checksum.ts'

const FLAGS = [
  [0x01, 'F'],
  [0x02, 'S'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, '.'],
  [0x20, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
] as const
const FIN_SYN_RST = 0x07
const SYN = 0x02
const RST = 0x04
const ACK = 0x10
const URG = 0x20

/** Prints a TCP segment. Source: tcp_print of print-tcp.c. */
export function printTcp(sheet: Dissection, at: number, length: number, header: Ipv4Header): void {
  sheet.protocol = 'tcp'
  const { options } = sheet
  if (!sheet.has(at + 2, 2)) {
    sheet.print(`${header.source} > ${header.destination}:`)
    sheet.printTruncated()
    return
  }
  const ports = [sheet.uint16(at), sheet.uint16(at + 2)] as const
  const [from, to] = ports.map(port => portText(port, 'tcp', options.isNumeric))
  sheet.print(`${header.source}.${from} > ${header.destination}.${to}: `)
  if (!sheet.has(at, 20)) {
    sheet.printTruncated()
    return
  }
  const headerBytes = (sheet.uint8(at + 12) >> 4) * 4
  if (headerBytes < 20) {
    sheet.print(` tcp ${(length - headerBytes) >>> 0} [bad hdr length ${headerBytes} - too short, < 20]`)
    return
  }
  const tooLong = ` [bad hdr length ${headerBytes} - too long, > ${length}]`
  if (options.isQuiet) {
    sheet.print(`tcp ${(length - headerBytes) >>> 0}${headerBytes > length ? tooLong : ''}`)
    return
  }
  const flags = sheet.uint8(at + 13)
  sheet.print(`Flags [${bitsText(FLAGS, flags, '')}]`)
  const numbers = relate(sheet, at, flags, header, ports)
  if (headerBytes > length) {
    sheet.print(tooLong)
    return
  }
  if (options.verbosity > 0 && !header.isFragmented) printChecksum(sheet, at, length, header)
  const dataBytes = length - headerBytes
  if (options.verbosity > 1 || dataBytes > 0 || (flags & FIN_SYN_RST) !== 0) {
    sheet.print(`, seq ${numbers.sequence}`)
    if (dataBytes > 0) sheet.print(`:${(numbers.sequence + dataBytes) >>> 0}`)
  }
  if ((flags & ACK) !== 0) sheet.print(`, ack ${numbers.acknowledgment}`)
  sheet.print(`, win ${sheet.uint16(at + 14)}`)
  if ((flags & URG) !== 0) sheet.print(`, urg ${sheet.uint16(at + 18)}`)
  sheet.isSegmentCut = !sheet.has(at, length)
  if (!printTcpOptions(sheet, at + 20, headerBytes - 20, numbers.sackBase)) return
  sheet.print(`, length ${dataBytes}`)
  if (dataBytes > 0) printData(sheet, at, headerBytes, dataBytes, flags, ports)
}

function relate(
  sheet: Dissection,
  at: number,
  flags: number,
  header: Ipv4Header,
  ports: readonly [number, number],
): { readonly sequence: number; readonly acknowledgment: number; readonly sackBase: number } {
  const sequence = sheet.uint32(at + 4)
  const acknowledgment = sheet.uint32(at + 8)
  if (sheet.options.hasAbsoluteNumbers || (flags & ACK) === 0) return { sequence, acknowledgment, sackBase: 0 }
  const key = (where: number): string => sheet.mac(where, 4)
  return sheet.conversations.relate(
    { address: key(header.at + 12), port: ports[0] },
    { address: key(header.at + 16), port: ports[1] },
    (flags & SYN) !== 0,
    sequence,
    acknowledgment,
  )
}

function printChecksum(sheet: Dissection, at: number, length: number, header: Ipv4Header): void {
  if (sheet.options.skipsChecksums || !sheet.has(at, length)) return
  const sum = transportSum(sheet, at, length, header)
  const found = sheet.uint16(at + 16)
  const verdict = sum === 0 ? '(correct)' : `(incorrect -> ${hex4(shouldBe(found, sum))})`
  sheet.print(`, cksum ${hex4(found)} ${verdict}`)
}

/** Ports whose text tcpdump prints. Nothing else is decoded here besides BGP. */
const TEXT_PROTOCOLS: readonly (readonly [
  ports: readonly number[],
  protocol: 'smtp' | 'whois' | 'ssh' | 'ftp' | 'http' | 'rtsp',
])[] = [
  [[25], 'smtp'],
  [[43], 'whois'],
  [[22], 'ssh'],
  [[21], 'ftp'],
  [[80, 8080], 'http'],
  [[554, 8554], 'rtsp'],
]
/** Ports for which tcpdump has printers and drylab has not. */
const NOT_DECODED: readonly number[] = [23, 1723, 6379, 139, 445, 10288, 6633, 6653, 53, 639, 323, 646, 2049]

function printData(
  sheet: Dissection,
  at: number,
  headerBytes: number,
  length: number,
  flags: number,
  ports: readonly [number, number],
): void {
  if (!sheet.has(at, headerBytes)) {
    sheet.print(` [remaining caplen(${sheet.end - at}) < header length(${headerBytes})]`)
    sheet.need(at, headerBytes)
  }
  const data = at + headerBytes
  if ((flags & RST) !== 0 && sheet.options.verbosity > 0) printResetText(sheet, data, length)
  else if (ports.includes(179)) printBgp(sheet, data)
  else {
    const text = TEXT_PROTOCOLS.find(([known]) => ports.some(port => known.includes(port)))
    if (text !== undefined) {
      sheet.print(': ')
      printText(sheet, text[1], data, length)
    } else if (ports.some(port => NOT_DECODED.includes(port))) sheet.print(': not decoded by drylab')
  }
}

/** Data in a reset may be an explanation (RFC 9293 §3.5.3): at most 30 characters are shown. */
function printResetText(sheet: Dissection, at: number, length: number): void {
  const shown = Math.min(length, 30)
  sheet.print(length > 30 ? ' [RST+' : ' [RST')
  sheet.print(' ')
  for (let offset = 0; offset < shown; offset += 1) {
    const byte = sheet.has(at + offset, 1) ? sheet.uint8(at + offset) : undefined
    if (byte === undefined) {
      sheet.printTruncated()
      break
    }
    sheet.print(printable(byte))
  }
  sheet.print(']')
}

/** A byte in caret notation where it is not printable: `^A`, `M-^A`. */
export function printable(byte: number): string {
  const meta = byte >= 0x80 ? 'M-' : ''
  const low = byte & 0x7f
  const isVisible = low >= 0x20 && low < 0x7f
  return `${meta}${isVisible ? '' : '^'}${String.fromCharCode(isVisible ? low : low ^ 0x40)}`
}
