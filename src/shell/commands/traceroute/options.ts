import type { CommandContext } from '../../command.ts'
import { parseOptions } from '../../options.ts'

/** What the words after `traceroute` say. */
export interface TracerouteOptions {
  readonly destination: string
  readonly method: 'udp' | 'icmp'
  readonly isNumeric: boolean
  readonly firstTtl: number
  readonly hopsMax: number
  readonly probesPerHop: number
  /** -N: probes in flight. */
  readonly simultaneous: number
  readonly waitNs: number
  /** Multiples of an answer's time that later probes wait: of the same hop, of a farther one. 0: not used. */
  readonly hereFactor: number
  readonly nearFactor: number
  readonly packetBytes: number
  readonly port: number
  readonly source: string | undefined
  readonly device: string | undefined
}

/** What was printed instead: the exit code. */
export type TracerouteRefusal = { readonly exitCode: number }

/** Options with a value, and the name that the message about a missing one gives it. */
const VALUE_NAMES: Readonly<Record<string, string>> = {
  f: 'first_ttl',
  g: 'gate,...',
  i: 'device',
  l: 'flow_label',
  m: 'max_ttl',
  M: 'name',
  N: 'squeries',
  O: 'OPTS,...',
  P: 'prot',
  p: 'port',
  q: 'nqueries',
  s: 'src_addr',
  t: 'tos',
  w: 'MAX,HERE,NEAR',
  z: 'sendwait',
}

const UNMODELLED = 'AdDeFglMOPrtTUz6'

/** Parses the words; prints what is wrong with them, as traceroute 2.1.2 does. */
export function parseTracerouteOptions(context: CommandContext): TracerouteOptions | TracerouteRefusal {
  const short = `46AdDeFInrTUV${Object.keys(VALUE_NAMES).join(':')}:`
  const parsed = parseOptions('traceroute', context.args, { short })
  if (!parsed.ok) return refuse(context, reword(parsed.message, context.args))
  const values = new Map(parsed.options.map(option => [option.name, option.value]))
  if (values.has('V')) {
    context.out('Modern traceroute for Linux, version 2.1.2\n')
    return { exitCode: 0 }
  }
  const unmodelled = parsed.options.find(option => UNMODELLED.includes(option.name))
  if (unmodelled !== undefined)
    return refuse(context, `traceroute: option "-${unmodelled.name}" is not modelled by drylab\n`)
  const numbers = new Map<string, number>()
  for (const name of 'fmNpq') {
    const word = values.get(name)
    if (word === undefined) continue
    if (!/^\d+$/.test(word)) return refuse(context, badValue(name, word, context.args))
    numbers.set(name, Number(word))
  }
  const [destination, lengthText] = parsed.operands
  if (destination === undefined) return refuse(context, 'Specify "host" missing argument.\n')
  const limit = checkLimits(numbers)
  if (limit !== undefined) return refuse(context, limit)
  const wait = readWait(values.get('w'))
  if (wait === undefined) return refuse(context, badValue('w', values.get('w')!, context.args))
  return {
    destination,
    method: values.has('I') ? 'icmp' : 'udp',
    isNumeric: values.has('n'),
    firstTtl: numbers.get('f') ?? 1,
    hopsMax: numbers.get('m') ?? 30,
    probesPerHop: numbers.get('q') ?? 3,
    simultaneous: numbers.get('N') ?? 16,
    ...wait,
    packetBytes: Math.max(Number(lengthText ?? 60), 28),
    port: numbers.get('p') ?? 33434,
    source: values.get('s'),
    device: values.get('i'),
  }
}

function checkLimits(numbers: ReadonlyMap<string, number>): string | undefined {
  const hops = numbers.get('m') ?? 30
  const first = numbers.get('f') ?? 1
  const probes = numbers.get('q') ?? 3
  if (first < 1 || first > hops) return 'first hop out of range\n'
  if (hops > 255) return 'max hops cannot be more than 255\n'
  if (probes < 1 || probes > 10) return 'no more than 10 probes per hop\n'
  return undefined
}

/** `MAX[,HERE[,NEAR]]` seconds and factors; a lone MAX switches the factors off. */
function readWait(
  word: string | undefined,
): Pick<TracerouteOptions, 'waitNs' | 'hereFactor' | 'nearFactor'> | undefined {
  if (word === undefined) return { waitNs: 5e9, hereFactor: 3, nearFactor: 10 }
  const parts = word.split(',')
  if (parts.length > 3 || parts.some(part => !/^\d*\.?\d+$/.test(part))) return undefined
  return {
    waitNs: Math.round(Number(parts[0]) * 1e9),
    hereFactor: Number(parts[1] ?? 0),
    nearFactor: Number(parts[2] ?? 0),
  }
}

function badValue(name: string, word: string, args: readonly string[]): string {
  const at = args.findIndex(arg => arg.startsWith(`-${name}`))
  const position = args[at] === `-${name}` ? at + 2 : at + 1
  return `Cannot handle \`-${name}' option with arg \`${word}' (argc ${position})\n`
}

/** getopt's message in the words of traceroute's own parser. */
function reword(message: string, args: readonly string[]): string {
  const name = /'(.)'$/.exec(message)?.[1]
  if (name === undefined) return `Bad option \`${args.find(arg => arg.startsWith('--')) ?? ''}' (argc 1)\n`
  const position = args.findIndex(arg => arg.startsWith('-') && arg.includes(name)) + 1
  const value = VALUE_NAMES[name]
  if (value === undefined) return `Bad option \`-${name}' (argc ${position})\n`
  return `Option \`-${name}' (argc ${position}) requires an argument: \`-${name} ${value}'\n`
}

function refuse(context: CommandContext, message: string): TracerouteRefusal {
  context.error(message)
  return { exitCode: 2 }
}
