import type { PacketPrinterOptions } from './print/print-packet.ts'
import type { TimeStyle } from './print/time-stamps.ts'

/** A command line of tcpdump. */
export interface TcpdumpOptions {
  readonly printer: PacketPrinterOptions
  /** -i; undefined: the first interface. */
  readonly interface: string | undefined
  /** -c */
  readonly count: number | undefined
  /** -w, `-` for stdout. */
  readonly writeTo: string | undefined
  /** -r */
  readonly readFrom: string | undefined
  /** -s; 0 means the largest. */
  readonly snapshotBytes: number
  /** -Q */
  readonly direction: 'in' | 'out' | 'inout'
  /** --count: only the number of packets. */
  readonly onlyCounts: boolean
  /** --print: also when writing a file. */
  readonly printsWhileWriting: boolean
  /** -D */
  readonly listsInterfaces: boolean
  readonly expression: string
}

/** Letters of options, in getopt's notation; those without meaning here are accepted. */
export const TCPDUMP_OPTIONS = {
  short: 'AbB:c:C:d:DeE:fF:G:hHi:IjJ:KlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#',
  long: {
    number: { argument: 'none', letter: '#' },
    'immediate-mode': { argument: 'none', letter: 'immediate-mode' },
    count: { argument: 'none', letter: 'count' },
    print: { argument: 'none', letter: 'print' },
    interface: { argument: 'value', letter: 'i' },
    direction: { argument: 'value', letter: 'Q' },
    'snapshot-length': { argument: 'value', letter: 's' },
    'absolute-tcp-sequence-numbers': { argument: 'none', letter: 'S' },
    'no-promiscuous-mode': { argument: 'none', letter: 'p' },
    'dont-verify-checksums': { argument: 'none', letter: 'K' },
    'list-interfaces': { argument: 'none', letter: 'D' },
    'packet-buffered': { argument: 'none', letter: 'U' },
    'time-stamp-precision': { argument: 'value', letter: 'precision' },
    micro: { argument: 'none', letter: 'micro' },
    nano: { argument: 'none', letter: 'nano' },
    version: { argument: 'none', letter: 'version' },
  },
} as const

/** Options that change nothing here: buffering, promiscuous mode, optimizer. */
const WITHOUT_MEANING: readonly string[] = [
  'B',
  'f',
  'H',
  'l',
  'N',
  'O',
  'p',
  'U',
  'immediate-mode',
  'j',
  'J',
  'Z',
  'u',
  'b',
]

const TIME_STYLES: readonly TimeStyle[] = ['clock', 'none', 'seconds', 'since-previous', 'date', 'since-first']
const SNAPSHOT_BYTES_DEFAULT = 262_144

/** Reads parsed options. A text is tcpdump's complaint, without its name in front. */
export function tcpdumpOptions(
  options: readonly { readonly name: string; readonly value: string }[],
  operands: readonly string[],
): TcpdumpOptions | string {
  const count = (letter: string): number => options.filter(({ name }) => name === letter).length
  const last = (letter: string): string | undefined => options.findLast(({ name }) => name === letter)?.value
  const unknown = options.find(({ name }) => !KNOWN.includes(name) && !WITHOUT_MEANING.includes(name))
  if (unknown !== undefined) return `option -${unknown.name} is not modelled by drylab`
  const packets = last('c')
  if (packets !== undefined && !(Number.parseInt(packets, 10) > 0)) return `invalid packet count ${packets}`
  const snapshot = Number(last('s') ?? SNAPSHOT_BYTES_DEFAULT)
  if (!(Number.isInteger(snapshot) && snapshot >= 0 && snapshot <= SNAPSHOT_BYTES_DEFAULT)) {
    return `invalid snaplen ${last('s')}`
  }
  const direction = last('Q') ?? 'inout'
  if (direction !== 'in' && direction !== 'out' && direction !== 'inout') {
    return `unknown capture direction \`${direction}'`
  }
  const precision = last('precision') ?? (count('nano') > 0 ? 'nano' : 'micro')
  if (precision !== 'micro' && precision !== 'nano') return `unable to parse time stamp precision '${precision}'`
  if (count('t') >= TIME_STYLES.length) return 'only -t, -tt, -ttt, -tttt, and -ttttt are supported'
  const dumps = [
    ['X', 'hex-and-ascii'],
    ['x', 'hex'],
    ['A', 'ascii'],
  ] as const
  const dump = dumps.find(([letter]) => count(letter) > 0)
  return {
    printer: {
      showsLinkHeader: count('e') > 0,
      verbosity: count('v'),
      isQuiet: count('q') > 0,
      isNumeric: count('n') > 0,
      hasAbsoluteNumbers: count('S') > 0,
      skipsChecksums: count('K') > 0,
      timeStyle: TIME_STYLES[count('t')]!,
      timeDigits: precision === 'nano' ? 9 : 6,
      showsNumber: count('#') > 0,
      dump: dump?.[1] ?? 'none',
      dumpsLinkHeader: dump !== undefined && count(dump[0]) > 1,
    },
    interface: last('i'),
    count: packets === undefined ? undefined : Number.parseInt(packets, 10),
    writeTo: last('w'),
    readFrom: last('r'),
    snapshotBytes: snapshot === 0 ? SNAPSHOT_BYTES_DEFAULT : snapshot,
    direction,
    onlyCounts: count('count') > 0,
    printsWhileWriting: count('print') > 0,
    listsInterfaces: count('D') > 0,
    expression: operands.join(' '),
  }
}

const KNOWN: readonly string[] = [...'AcDeiKnqQrsStvwxX#', 'count', 'print', 'precision', 'micro', 'nano']
