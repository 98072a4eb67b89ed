import { DecodeError } from '../../wire/decode-error.ts'
import type { TcpConversations } from './tcp-conversations.ts'

/** What tcpdump's options say about printing. */
export interface PrintOptions {
  /** -e */
  readonly showsLinkHeader: boolean
  /** How many -v. */
  readonly verbosity: number
  /** -q */
  readonly isQuiet: boolean
  /** -n: ports and protocols as numbers. */
  readonly isNumeric: boolean
  /** -S */
  readonly hasAbsoluteNumbers: boolean
  /** -K */
  readonly skipsChecksums: boolean
}

/**
 * One packet being printed: its bytes, how far they may be read, and the text so far. Reading behind the end throws
 * `DecodeError`, which ends the packet's line with `[|protocol]`.
 */
export class Dissection {
  readonly bytes: Uint8Array
  readonly options: PrintOptions
  readonly conversations: TcpConversations
  /** Name of an interface by index, for cooked captures. */
  readonly interfaceName: (index: number) => string | undefined
  /** Readers stop here: the end of what was captured, or of the packet that is being printed. */
  end: number
  /** Who is reading: named when the bytes end too early. */
  protocol = ''
  /** Length of the link-layer header, once it is known. */
  linkHeaderBytes = 0
  /** The segment being printed was not captured whole. */
  isSegmentCut = false
  #text = ''

  constructor(
    bytes: Uint8Array,
    options: PrintOptions,
    conversations: TcpConversations,
    interfaceName: (index: number) => string | undefined,
  ) {
    this.bytes = bytes
    this.options = options
    this.conversations = conversations
    this.interfaceName = interfaceName
    this.end = bytes.length
  }

  get text(): string {
    return this.#text
  }

  print(text: string): void {
    this.#text += text
  }

  /** Says that the bytes end inside the protocol. */
  printTruncated(): void {
    this.print(` [|${this.protocol}]`)
  }

  /** Whether `count` bytes from `at` on may be read. */
  has(at: number, count: number): boolean {
    return at + count <= this.end
  }

  /** Ends the line here when they may not. */
  need(at: number, count: number): void {
    if (!this.has(at, count)) throw new DecodeError('packet is cut off', at)
  }

  uint8(at: number): number {
    this.need(at, 1)
    return this.bytes[at]!
  }

  uint16(at: number): number {
    this.need(at, 2)
    return this.bytes[at]! * 0x100 + this.bytes[at + 1]!
  }

  uint24(at: number): number {
    return this.uint8(at) * 0x10000 + this.uint16(at + 1)
  }

  uint32(at: number): number {
    this.need(at, 4)
    return this.uint16(at) * 0x10000 + this.uint16(at + 2)
  }

  address(at: number): string {
    this.need(at, 4)
    return this.bytes.subarray(at, at + 4).join('.')
  }

  mac(at: number, count = 6): string {
    this.need(at, count)
    return [...this.bytes.subarray(at, at + count)].map(byte => byte.toString(16).padStart(2, '0')).join(':')
  }

  /** Runs `print` with readers stopped at `end`, if that is nearer. */
  within(end: number, print: () => void): void {
    const outer = this.end
    this.end = Math.min(end, outer)
    print()
    this.end = outer
  }
}
