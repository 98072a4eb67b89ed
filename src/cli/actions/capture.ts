import { writeFileSync } from 'node:fs'
import { readCapture } from '../../capture/file/read-capture.ts'
import { writePcapng } from '../../capture/file/write-pcapng.ts'
import type { LabNode } from '../../lab/node.ts'
import { fileTextToBytes } from '../../shell/commands/tcpdump/binary-file.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { type CommandLab, openForCommand } from '../open-for-command.ts'

export interface CaptureOptions {
  readonly seed?: number
  readonly settle: string
  /** Simulated time to capture for; with `run`: how long to go on after the command. */
  readonly for?: string
  /** A command to run meanwhile, on the node `on` or the machine. */
  readonly run?: string
  readonly on?: string
  readonly write?: string
}

/** Where a capture made in the lab waits until it is written to the disk. */
const INSIDE = '/tmp/drylab-capture.pcap'
const SPAN = '10s'

/** `drylab capture LAB NODE:INTERFACE [tcpdump's words]`: deploys, settles, captures for a while or during a command. */
export async function capture(
  path: string,
  place: string,
  words: readonly string[],
  options: CaptureOptions,
): Promise<number> {
  const settleNs = parseDurationNs(options.settle)
  const spanNs = parseDurationNs(options.for ?? (options.run === undefined ? SPAN : '0s'))
  if (settleNs === undefined || spanNs === undefined) {
    return complain(`"${settleNs === undefined ? options.settle : options.for}" is not a duration such as 10s or 5m`)
  }
  const colon = place.lastIndexOf(':')
  if (colon < 1) return complain(`"${place}" is not NODE:INTERFACE, such as leaf01:eth1 or client:any`)
  const opened = await openForCommand(path, options)
  if (opened === undefined) return EXIT_CODE.usage
  const node = findNode(opened, place.slice(0, colon))
  const other = options.on === undefined ? opened.lab.machine : findNode(opened, options.on)
  if (node === undefined || other === undefined) return EXIT_CODE.usage
  await opened.settle(settleNs)
  const file = options.write === undefined ? [] : ['-w', INSIDE]
  const args = ['tcpdump', '-i', place.slice(colon + 1), ...(words.length === 0 ? ['-nn'] : words), ...file]
  const command = opened.terminal.start(args.map(quote).join(' '), { node })
  if (command === undefined) return complain('the words of tcpdump cannot be quoted')
  if (options.run !== undefined) {
    const ran = await opened.terminal.run(options.run, { node: other })
    process.stderr.write(ran.stdout + ran.stderr)
  }
  const { simulator } = opened.lab
  simulator.runWhile(() => !command.task.isDone, simulator.nowNs + spanNs)
  command.task.interrupt()
  simulator.runWhile(() => !command.task.isDone, simulator.nowNs + 1e9)
  const { stdout, stderr } = command.output()
  process.stdout.write(stdout.replace(/\n\n$/, '\n').replace(/^\n$/, ''))
  process.stderr.write(stderr)
  const exitCode = command.task.result?.exitCode ?? EXIT_CODE.failed
  if (options.write !== undefined && exitCode === 0) save(opened, node, place, options.write)
  return exitCode
}

function complain(message: string): number {
  process.stderr.write(`error: ${message}\n`)
  return EXIT_CODE.usage
}

function findNode({ lab }: CommandLab, name: string): LabNode | undefined {
  const node = lab.node(name)
  if (node === undefined) {
    const names = lab.nodes().map(one => one.name)
    complain(`there is no node "${name}"; there are ${names.join(', ')}`)
  }
  return node
}

/** For the shell's own words: everything in single quotes. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Classic pcap, or pcapng with the interface's name when the file is named so. */
function save({ terminal }: CommandLab, node: LabNode, place: string, path: string): void {
  const bytes = fileTextToBytes(terminal.filesOf(node).readText(INSIDE) ?? '') ?? new Uint8Array()
  const read = path.endsWith('.pcapng') ? readCapture(bytes) : undefined
  if (read === undefined || 'error' in read) {
    writeFileSync(path, bytes)
    return
  }
  const packets = read.packets.map(packet => ({ ...packet, interface: 0, direction: undefined, comments: [] }))
  writeFileSync(
    path,
    writePcapng([{ name: place, description: `captured at ${place}`, linkType: read.linkType }], packets),
  )
}
