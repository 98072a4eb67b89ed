import { hex4, shouldBe } from './checksum-text.ts'
import type { Dissection } from './dissection.ts'
import { printBcmLi } from './print-bcm-li.ts'
import { printBfd } from './print-bfd.ts'
import { printGeneve } from './print-geneve.ts'
import type { Ipv4Header } from './print-ipv4.ts'
import { printVxlan } from './print-vxlan.ts'
import { portText } from './tokens.ts'
import { transportSum } from './transport-checksum.ts'

const HEADER_BYTES = 8

/** Prints a UDP datagram. Source: udp_print of print-udp.c. */
export function printUdp(sheet: Dissection, at: number, available: number, header: Ipv4Header): void {
  sheet.protocol = 'udp'
  if (!sheet.has(at + 2, 2)) {
    sheet.print(`${header.source} > ${header.destination}: `)
    sheet.printTruncated()
    return
  }
  const ports = [sheet.uint16(at), sheet.uint16(at + 2)] as const
  const [from, to] = ports.map(port => portText(port, 'udp', sheet.options.isNumeric))
  sheet.print(`${header.source}.${from} > ${header.destination}.${to}: `)
  if (available < HEADER_BYTES) {
    sheet.print(`truncated-udp ${available}`)
    return
  }
  if (!sheet.has(at + 4, 2)) {
    sheet.printTruncated()
    return
  }
  const total = sheet.uint16(at + 4)
  if (total < HEADER_BYTES) {
    sheet.print(`truncated-udplength ${total}`)
    return
  }
  const announced = total - HEADER_BYTES
  const length = Math.min(announced, available - HEADER_BYTES)
  if (at + HEADER_BYTES > sheet.end) {
    sheet.printTruncated()
    return
  }
  printChecksum(sheet, at, length, header)
  if (!sheet.options.isQuiet && printKnown(sheet, at + HEADER_BYTES, length, ports)) return
  const isShort = announced > length && !header.isFragmented
  sheet.print(isShort ? `UDP, bad length ${announced} > ${length}` : `UDP, length ${announced}`)
}

/** Only from -vv on. */
function printChecksum(sheet: Dissection, at: number, length: number, header: Ipv4Header): void {
  const { verbosity, skipsChecksums } = sheet.options
  if (verbosity < 2 || skipsChecksums || header.isFragmented) return
  const found = sheet.uint16(at + 6)
  if (found === 0) {
    sheet.print('[no cksum] ')
    return
  }
  if (!sheet.has(at, HEADER_BYTES + length)) return
  const sum = transportSum(sheet, at, HEADER_BYTES + length, header)
  sheet.print(sum === 0 ? '[udp sum ok] ' : `[bad udp cksum ${hex4(found)} -> ${hex4(shouldBe(found, sum))}!] `)
}

/** Also bfdd's first source port, and tcpdump 4.99.3 looks at this one first. */
const BCM_LI_PORT = 49152

/** Ports for which tcpdump has printers and drylab has not. */
const NOT_DECODED: readonly number[] = [
  53, 67, 68, 69, 123, 161, 162, 500, 514, 520, 546, 547, 646, 1812, 1813, 4500, 5353, 6343,
]

function printKnown(sheet: Dissection, at: number, length: number, ports: readonly [number, number]): boolean {
  const [from, to] = ports
  if (from === BCM_LI_PORT && !NOT_DECODED.includes(to)) printBcmLi(sheet, at, length)
  else if (to === 3784 || to === 4784 || to === 6784) printBfd(sheet, at, length, to)
  else if (to === 3785) sheet.print(`BFD, Echo, length: ${length}`)
  else if (ports.includes(8472)) printVxlan(sheet, at, length, 'OTV')
  else if (ports.includes(4789)) printVxlan(sheet, at, length, 'VXLAN')
  else if (ports.includes(6081)) printGeneve(sheet, at, length)
  else if (ports.some(port => NOT_DECODED.includes(port))) sheet.print(`UDP, length ${length} (not decoded by drylab)`)
  else return false
  return true
}
