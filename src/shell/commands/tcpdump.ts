import { readAndPrint } from '../../capture/read-and-print.ts'
import { TCPDUMP_OPTIONS, type TcpdumpOptions, tcpdumpOptions } from '../../capture/tcpdump-options.ts'
import type { Interface } from '../../host/interface.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { parseOptions } from '../options.ts'
import { bytesToFileText, fileTextToBytes } from './tcpdump/binary-file.ts'
import { LiveCapture } from './tcpdump/live-capture.ts'

const VERSION = 'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\n'
const USAGE = `${VERSION}Usage: tcpdump [-AdDehKlnNOpqStuUvxX#] [ -c count ] [--count] [ -i interface ] [ -Q in|out|inout ]
\t\t[ -r file ] [ -s snaplen ] [ --time-stamp-precision precision ] [ -w file ] [ expression ]
`

/**
 * `tcpdump` 4.99.3 with libpcap 1.10.3, on the devices of a node (`-i any` too) or over a file. It runs until -c packets
 * have come or it is interrupted. A file that `-w` writes stays in memory.
 */
export const tcpdump: Command = {
  name: 'tcpdump',
  where: 'everywhere',
  *run(context): Coroutine<number> {
    const parsed = parseOptions('tcpdump', context.args, TCPDUMP_OPTIONS)
    if (!parsed.ok) return complain(context, `${parsed.message}\n${USAGE}`)
    if (parsed.options.some(({ name }) => name === 'h' || name === 'version')) {
      context.out(parsed.options.some(({ name }) => name === 'h') ? USAGE : VERSION)
      return 0
    }
    const options = tcpdumpOptions(parsed.options, parsed.operands)
    if (typeof options === 'string') return complain(context, `tcpdump: ${options}\n`)
    if (options.writeTo === '-') return complain(context, 'tcpdump: -w - is not modelled by drylab: name a file\n')
    if (options.listsInterfaces) return listInterfaces(context)
    if (options.readFrom !== undefined) return readFile(context, options)
    return yield* capture(context, options)
  },
}

function complain(context: CommandContext, message: string): number {
  context.error(message)
  return 1
}

function readFile(context: CommandContext, options: TcpdumpOptions): number {
  const { host } = context.node
  const text = context.readFile(options.readFrom!)
  if (text !== undefined && fileTextToBytes(text) === undefined) {
    return complain(context, `tcpdump: ${options.readFrom} is a file of the real machine: use "drylab tcpdump -r"\n`)
  }
  return readAndPrint(options, {
    readBytes: () => (text === undefined ? undefined : fileTextToBytes(text)),
    writeBytes: (path, bytes) => context.writeFile(path, bytesToFileText(bytes)),
    resolve: name => host.names.get(name),
    interfaceName: index => host.interfaces.at(index)?.name,
    out: line => context.out(line),
    error: line => context.error(line),
  })
}

function* capture(context: CommandContext, options: TcpdumpOptions): Coroutine<number> {
  const { interfaces } = context.node.host
  const all = interfaces.all()
  const title = options.interface ?? defaultDevice(all)
  if (title === 'any') return yield* new LiveCapture(context, options, title, all).run()
  const device = interfaces.get(title) ?? (/^\d+$/.test(title) ? all[Number(title) - 1] : undefined)
  if (device === undefined) {
    return complain(context, `tcpdump: ${title}: No such device exists\n(No such device exists)\n`)
  }
  if (!device.isUp) return complain(context, `tcpdump: ${device.name}: That device is not up\n`)
  return yield* new LiveCapture(context, options, device.name, [device]).run()
}

/** The first device that is up and has a carrier, not the loopback device (pcap_findalldevs). */
function defaultDevice(all: readonly Interface[]): string {
  const ready = all.filter(device => !device.isLoopback && device.isUp)
  return (ready.find(device => device.hasCarrier) ?? ready[0])?.name ?? 'any'
}

function listInterfaces(context: CommandContext): number {
  const rows = context.node.host.interfaces.all().map(device => {
    const states = [
      device.isUp ? 'Up' : '',
      device.isUp && device.hasCarrier ? 'Running' : '',
      device.isLoopback ? 'Loopback' : '',
    ]
    return {
      name: device.name,
      isUp: device.isUp,
      isLoopback: device.isLoopback,
      states: states.filter(Boolean).join(', '),
    }
  })
  const rank = (row: (typeof rows)[number]): number => (row.isUp ? 0 : 2) + (row.isLoopback ? 1 : 0)
  const ordered = rows.toSorted((a, b) => rank(a) - rank(b))
  const any = { name: 'any (Pseudo-device that captures on all interfaces)', states: 'Up, Running' }
  const up = ordered.filter(row => row.isUp)
  for (const [index, { name, states }] of [...up, any, ...ordered.filter(row => !row.isUp)].entries()) {
    context.out(`${index + 1}.${name}${states === '' ? ' [none]' : ` [${states}]`}\n`)
  }
  return 0
}
