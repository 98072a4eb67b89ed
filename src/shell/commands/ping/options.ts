import type { CommandContext } from '../../command.ts'
import { parseOptions } from '../../options.ts'

/** What the words after `ping` say. */
export interface PingOptions {
  readonly destination: string
  /** -c; undefined: until interrupted. */
  readonly count: number | undefined
  readonly intervalNs: number
  /** -I: a device's name or an address. */
  readonly source: string | undefined
  readonly dataBytes: number
  readonly ttl: number | undefined
  readonly tos: number
  /** -W: how long to wait after the last request when nothing was received. */
  readonly lingerNs: number
  /** -w */
  readonly deadlineNs: number | undefined
  readonly isQuiet: boolean
  readonly isNumeric: boolean
  /** -M: `do` sets DF and fails locally, `dont` leaves it out, `want` is the default. */
  readonly pathMtu: 'do' | 'want' | 'dont'
  readonly showsTimestamps: boolean
  readonly reportsMissing: boolean
}

/** What was printed instead: the exit code. */
export type PingRefusal = { readonly exitCode: number }

const USAGE =
  'Usage: ping [-DnOq] [-c count] [-i interval] [-I source] [-M do|want|dont] [-Q tos] [-s size] [-t ttl] [-w deadline] [-W timeout] destination\n'

/** Options of iputils that exist and are not simulated. */
const UNMODELLED = 'aAbBdfFhlLmNpPrRSTUv'

/** Parses the words; prints what is wrong with them, as iputils 20221126 does. */
export function parsePingOptions(context: CommandContext): PingOptions | PingRefusal {
  const parsed = parseOptions('ping', context.args, { short: '46aAbBc:dDfF:hI:i:l:Lm:M:nNOp:qQ:rRs:S:t:T:UvVw:W:' })
  if (!parsed.ok) return refuse(context, `${parsed.message}\n\n${USAGE}`, 2)
  const values = new Map(parsed.options.map(option => [option.name, option.value]))
  if (values.has('V')) {
    context.out(
      'ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n',
    )
    return { exitCode: 0 }
  }
  if (values.has('6')) return refuse(context, 'ping: IPv6 (-6) is not modelled by drylab\n', 2)
  for (const { name } of parsed.options) {
    if (UNMODELLED.includes(name) && name !== 'v')
      return refuse(context, `ping: option "-${name}" is not modelled by drylab\n`, 2)
  }
  const numbers = readNumbers(context, values)
  if ('exitCode' in numbers) return numbers
  const [destination] = parsed.operands
  if (destination === undefined) return refuse(context, 'ping: usage error: Destination address required\n', 1)
  if (parsed.operands.length > 1) return refuse(context, 'ping: source routes are not modelled by drylab\n', 2)
  const mode = values.get('M') ?? 'want'
  if (mode !== 'do' && mode !== 'want' && mode !== 'dont') {
    return refuse(context, `ping: invalid -M argument: ${mode}\n`, 2)
  }
  return {
    destination,
    ...numbers,
    source: values.get('I'),
    isQuiet: values.has('q'),
    isNumeric: values.has('n'),
    pathMtu: mode,
    showsTimestamps: values.has('D'),
    reportsMissing: values.has('O'),
  }
}

type Numbers = Pick<PingOptions, 'count' | 'intervalNs' | 'dataBytes' | 'ttl' | 'tos' | 'lingerNs' | 'deadlineNs'>

/** Limits of iputils' strtol_or_err; the message repeats the word. */
const INTEGER_LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  c: [1, Number.MAX_SAFE_INTEGER],
  s: [0, 0x7fffffff],
  t: [0, 255],
  w: [0, 0x7fffffff],
  Q: [0, 255],
}

function readNumbers(context: CommandContext, values: ReadonlyMap<string, string>): Numbers | PingRefusal {
  const integers = new Map<string, number>()
  for (const [name, [lowest, highest]] of Object.entries(INTEGER_LIMITS)) {
    const word = values.get(name)
    if (word === undefined) continue
    const value = /^0x[0-9a-f]+$/i.test(word) || /^-?\d+$/.test(word) ? Number(word) : Number.NaN
    if (Number.isNaN(value)) return refuse(context, `ping: invalid argument: '${word}'\n`, 1)
    if (value < lowest || value > highest) {
      const top = highest === Number.MAX_SAFE_INTEGER ? '9223372036854775807' : String(highest)
      return refuse(context, `ping: invalid argument: '${word}': out of range: ${lowest} <= value <= ${top}\n`, 1)
    }
    integers.set(name, value)
  }
  const intervalNs = readSeconds(values.get('i') ?? '1')
  const lingerNs = readSeconds(values.get('W') ?? '10')
  if (intervalNs === undefined) return refuse(context, `ping: bad timing interval: ${values.get('i')}\n`, 2)
  if (lingerNs === undefined) return refuse(context, `ping: bad linger time: ${values.get('W')}\n`, 2)
  const deadline = integers.get('w')
  return {
    count: integers.get('c'),
    dataBytes: integers.get('s') ?? 56,
    ttl: integers.get('t'),
    tos: integers.get('Q') ?? 0,
    deadlineNs: deadline === undefined || deadline === 0 ? undefined : deadline * 1e9,
    intervalNs,
    lingerNs,
  }
}

function readSeconds(word: string): number | undefined {
  return /^\d*\.?\d+$/.test(word) ? Math.round(Number(word) * 1e9) : undefined
}

function refuse(context: CommandContext, message: string, exitCode: number): PingRefusal {
  context.error(message)
  return { exitCode }
}
