import { readCapture } from './file/read-capture.ts'
import { writePcap } from './file/write-pcap.ts'
import { compileFilter, type FilterOptions } from './filter/compile-filter.ts'
import { LINK_TYPE, linkTypeText } from './link-type.ts'
import type { CapturedPacket } from './packet.ts'
import { PacketPrinter } from './print/print-packet.ts'
import type { TcpdumpOptions } from './tcpdump-options.ts'

/** What a run of tcpdump over a file needs from outside. */
export interface ReadAndPrintContext {
  readonly readBytes: (path: string) => Uint8Array | undefined
  readonly writeBytes: (path: string, bytes: Uint8Array) => void
  readonly resolve?: FilterOptions['resolve']
  readonly interfaceName?: (index: number) => string | undefined
  out(text: string): void
  error(text: string): void
}

/** `tcpdump -r FILE`: prints or writes the packets that pass the filter. Returns the exit status. */
export function readAndPrint(options: TcpdumpOptions, context: ReadAndPrintContext): number {
  const path = options.readFrom!
  const fail = (message: string): number => {
    context.error(`tcpdump: ${message}\n`)
    return 1
  }
  const bytes = context.readBytes(path)
  if (bytes === undefined) return fail(`${path}: No such file or directory`)
  const capture = readCapture(bytes)
  if ('error' in capture) return fail(capture.error)
  const { linkType } = capture
  const named = linkTypeText(linkType)
  const link = named.includes('(') ? `link-type ${named}` : `link-type ${linkType}`
  context.error(`reading from file ${path}, ${link}, snapshot length ${capture.snapshotBytes}\n`)
  if (linkType === LINK_TYPE.cookedV2) context.error('Warning: interface names might be incorrect\n')
  const filter = compileFilter(options.expression, {
    linkType,
    ...(context.resolve === undefined ? {} : { resolve: context.resolve }),
  })
  if (!filter.ok) return fail(filter.message)
  const isPrinting = options.writeTo === undefined || options.printsWhileWriting
  const taken = capture.packets.filter(packet => filter.matches(packet.bytes, packet.wireBytes)).slice(0, options.count)
  if (options.writeTo !== undefined)
    context.writeBytes(options.writeTo, writePcap(linkType, taken, capture.snapshotBytes))
  if (options.onlyCounts) context.out(`${taken.length} packet${taken.length === 1 ? '' : 's'}\n`)
  else if (isPrinting) printAll(taken, linkType, options, context)
  const isComplete = options.count === undefined || taken.length < options.count
  return capture.problem === undefined || !isComplete ? 0 : fail(`pcap_loop: ${capture.problem}`)
}

function printAll(
  packets: readonly CapturedPacket[],
  linkType: number,
  options: TcpdumpOptions,
  context: ReadAndPrintContext,
): void {
  const printer = new PacketPrinter(options.printer, linkType, context.interfaceName)
  for (const packet of packets) context.out(printer.print(packet))
}
