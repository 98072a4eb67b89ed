import { shouldBe, verify } from './checksum-text.ts'
import type { Dissection } from './dissection.ts'
import { ipv4OptionsText } from './ipv4-options-text.ts'
import { printIcmp } from './print-icmp.ts'
import { printIpv6 } from './print-ipv6.ts'
import { printTcp } from './print-tcp.ts'
import { printUdp } from './print-udp.ts'
import { bitsText, IP_PROTOCOLS, protocolName, tokenText } from './tokens.ts'

/** An IPv4 header, as the printers of what it carries need it. */
export interface Ipv4Header {
  readonly at: number
  readonly headerBytes: number
  readonly protocol: number
  readonly source: string
  readonly destination: string
  /** More fragments follow: no checksum can be looked at. */
  readonly isFragmented: boolean
}

const FLAGS = [
  [0x2000, '+'],
  [0x4000, 'DF'],
  [0x8000, 'rsvd'],
] as const
/** ECN bits: 0, ECT(1), ECT(0), CE. */
const ECN = ['', ',ECT(1)', ',ECT(0)', ',CE'] as const
/** Protocols whose printers write addresses and ports themselves. */
const WITH_PORTS: readonly number[] = [6, 17, 132, 33]

/** Prints an IPv4 packet. Source: ip_print of print-ip.c. */
export function printIpv4(sheet: Dissection, at: number, available: number): void {
  sheet.protocol = 'ip'
  const version = sheet.uint8(at) >> 4
  if (version !== 4) {
    sheet.print(version === 6 ? 'IP6, wrong link-layer encapsulation (invalid)' : `IP${version} (invalid)`)
    return
  }
  if (!sheet.options.showsLinkHeader) sheet.print('IP ')
  if (!sheet.has(at, 20)) {
    sheet.printTruncated()
    return
  }
  if (available < 20) {
    sheet.print(`truncated-ip ${available}`)
    return
  }
  const headerBytes = (sheet.uint8(at) & 15) * 4
  if (headerBytes < 20) {
    sheet.print(`bad-hlen ${headerBytes}`)
    return
  }
  let total = sheet.uint16(at + 2)
  if (available < total) sheet.print(`truncated-ip - ${total - available} bytes missing! `)
  if (total < headerBytes) {
    if (total !== 0) {
      sheet.print(`bad-len ${total}`)
      return
    }
    // a segment that the network card would have cut: its length is not filled in
    total = available
  }
  sheet.within(at + total, () => printBody(sheet, at, headerBytes, total))
}

function printBody(sheet: Dissection, at: number, headerBytes: number, total: number): void {
  const flagsAndOffset = sheet.uint16(at + 6)
  const protocol = sheet.uint8(at + 9)
  const source = sheet.address(at + 12)
  const destination = sheet.address(at + 16)
  if (sheet.options.verbosity > 0 && !printFields(sheet, at, headerBytes)) {
    sheet.print(`${source} > ${destination}: `)
    sheet.printTruncated()
    return
  }
  if ((flagsAndOffset & 0x1fff) !== 0) {
    sheet.print(`${source} > ${destination}: ${protocolName(protocol, sheet.options.isNumeric)}`)
    return
  }
  if (!WITH_PORTS.includes(protocol)) sheet.print(`${source} > ${destination}: `)
  if (!sheet.has(at, headerBytes)) {
    sheet.print(` [remaining caplen(${sheet.end - at}) < header length(${headerBytes})]`)
    sheet.need(at, headerBytes)
  }
  const isFragmented = (flagsAndOffset & 0x2000) !== 0
  printPayload(sheet, { at, headerBytes, protocol, source, destination, isFragmented }, total - headerBytes)
}

/** The fields of -v, in brackets. False when the options are cut. */
function printFields(sheet: Dissection, at: number, headerBytes: number): boolean {
  const tos = sheet.uint8(at + 1)
  const ttl = sheet.uint8(at + 8)
  const protocol = sheet.uint8(at + 9)
  const flagsAndOffset = sheet.uint16(at + 6)
  sheet.print(`(tos 0x${tos.toString(16)}${ECN[tos & 3]}`)
  if (ttl >= 1) sheet.print(`, ttl ${ttl}`)
  const flags = bitsText(FLAGS, flagsAndOffset, ', ')
  const name = tokenText(IP_PROTOCOLS, protocol, 'unknown')
  sheet.print(`, id ${sheet.uint16(at + 4)}, offset ${(flagsAndOffset & 0x1fff) * 8}, flags [${flags}]`)
  sheet.print(`, proto ${name} (${protocol}), length ${sheet.uint16(at + 2)}`)
  let isComplete = true
  if (headerBytes > 20) {
    sheet.print(', options (')
    isComplete = ipv4OptionsText(sheet, at + 20, headerBytes - 20)
    if (!isComplete) sheet.print(' [truncated-option]')
    sheet.print(')')
  }
  if (!sheet.options.skipsChecksums && sheet.has(at, headerBytes)) {
    const sum = verify(sheet.bytes.subarray(at, at + headerBytes))
    const found = sheet.uint16(at + 10)
    if (sum !== 0) sheet.print(`, bad cksum ${found.toString(16)} (->${shouldBe(found, sum).toString(16)})!`)
  }
  sheet.print(')\n    ')
  return isComplete
}

function printPayload(sheet: Dissection, header: Ipv4Header, length: number): void {
  const at = header.at + header.headerBytes
  switch (header.protocol) {
    case 1:
      printIcmp(sheet, at, length, header.isFragmented)
      break
    case 4:
      printIpv4(sheet, at, length)
      break
    case 6:
      printTcp(sheet, at, length, header)
      break
    case 17:
      printUdp(sheet, at, length, header)
      break
    case 41:
      printIpv6(sheet, at, length)
      break
    case 59:
      sheet.print('no next header')
      break
    default:
      sheet.print(` ${protocolName(header.protocol, sheet.options.isNumeric)} ${length}`)
  }
}
