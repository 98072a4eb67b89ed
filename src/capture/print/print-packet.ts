import { DecodeError } from '../../wire/decode-error.ts'
import { LINK_TYPE } from '../link-type.ts'
import type { CapturedPacket } from '../packet.ts'
import { Dissection, type PrintOptions } from './dissection.ts'
import { asciiDump, hexAndAsciiDump, hexDump } from './dump.ts'
import { printCookedV1, printCookedV2 } from './print-cooked.ts'
import { printEthernet } from './print-ethernet.ts'
import { printIpv4 } from './print-ipv4.ts'
import { printIpv6 } from './print-ipv6.ts'
import { TcpConversations } from './tcp-conversations.ts'
import { TimeStamps, type TimeStyle } from './time-stamps.ts'

/** Everything that decides how packets are printed. */
export interface PacketPrinterOptions extends PrintOptions {
  readonly timeStyle: TimeStyle
  /** Digits behind the second. */
  readonly timeDigits: 6 | 9
  /** -#: the packet's number before the line. */
  readonly showsNumber: boolean
  /** -x, -X, -A; with `includesLinkHeader` -xx, -XX, -AA. */
  readonly dump: 'none' | 'hex' | 'hex-and-ascii' | 'ascii'
  readonly dumpsLinkHeader: boolean
}

const LARGEST_PACKET = 262_144

/** Prints packets one after the other as one run of tcpdump 4.99.3 does: it remembers connections and times. */
export class PacketPrinter {
  readonly #options: PacketPrinterOptions
  readonly #linkType: number
  readonly #interfaceName: (index: number) => string | undefined
  readonly #conversations = new TcpConversations()
  readonly #times: TimeStamps
  #count = 0

  /** @param interfaceName names of interfaces by index, for `-i any` */
  constructor(
    options: PacketPrinterOptions,
    linkType: number,
    interfaceName: (index: number) => string | undefined = () => undefined,
  ) {
    this.#options = options
    this.#linkType = linkType
    this.#interfaceName = interfaceName
    this.#times = new TimeStamps(options.timeStyle, options.timeDigits)
  }

  /** The packet's line, or lines, with the newline at the end. */
  print(packet: CapturedPacket): string {
    this.#count += 1
    const number = this.#options.showsNumber ? `${String(this.#count).padStart(5)}  ` : ''
    const wrong = headerMistakes(packet)
    if (wrong.length > 0)
      return `${number}[Invalid header: ${wrong.join(', ').replace(/^caplen==0, /, 'caplen==0, ')}]\n`
    const sheet = new Dissection(packet.bytes, this.#options, this.#conversations, this.#interfaceName)
    const time = this.#times.text(packet)
    try {
      sheet.linkHeaderBytes = this.#printLink(sheet, packet.wireBytes)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      sheet.printTruncated()
      sheet.linkHeaderBytes = 0
    }
    return `${number}${time}${sheet.text}${this.#dump(packet.bytes, sheet.linkHeaderBytes)}\n`
  }

  #printLink(sheet: Dissection, length: number): number {
    switch (this.#linkType) {
      case LINK_TYPE.ethernet:
        return printEthernet(sheet, 0, length)
      case LINK_TYPE.cookedV1:
        return printCookedV1(sheet, length)
      case LINK_TYPE.cookedV2:
        return printCookedV2(sheet, length)
      case LINK_TYPE.raw:
      case LINK_TYPE.rawIpv4:
        printRaw(sheet, length)
        return 0
      default:
        // Differs from tcpdump: it decodes more link types than these
        sheet.print(hexAndAsciiDump(sheet.bytes, '\n\t'))
        return 0
    }
  }

  #dump(bytes: Uint8Array, linkHeaderBytes: number): string {
    const shown = this.#options.dumpsLinkHeader ? bytes : bytes.subarray(linkHeaderBytes)
    if (shown.length === 0) return ''
    switch (this.#options.dump) {
      case 'none':
        return ''
      case 'hex':
        return hexDump(shown, '\n\t')
      case 'hex-and-ascii':
        return hexAndAsciiDump(shown, '\n\t')
      case 'ascii':
        return asciiDump(shown)
    }
  }
}

/** What cannot be in a packet's header. */
function headerMistakes({ bytes, wireBytes }: CapturedPacket): readonly string[] {
  const wrong: string[] = []
  if (bytes.length === 0) wrong.push('caplen==0')
  if (wireBytes === 0) wrong.push('len==0')
  else if (wireBytes < bytes.length) wrong.push(`len(${wireBytes}) < caplen(${bytes.length})`)
  if (bytes.length > LARGEST_PACKET) wrong.push(`caplen(${bytes.length}) > ${LARGEST_PACKET}`)
  if (wireBytes > LARGEST_PACKET) wrong.push(`len(${wireBytes}) > ${LARGEST_PACKET}`)
  return wrong
}

/** A packet without a link-layer header. */
function printRaw(sheet: Dissection, length: number): void {
  sheet.protocol = 'raw'
  if (sheet.options.showsLinkHeader) sheet.print('ip: ')
  const version = sheet.uint8(0) >> 4
  if (version === 4) printIpv4(sheet, 0, length)
  else if (version === 6) printIpv6(sheet, 0, length)
  else sheet.print(`unknown ip ${version}`)
}
