import type { Mutable } from '../../model/mutable.ts'
import { parseAddressCommand } from './address.ts'
import { parseLinkCommand } from './link.ts'
import { parseNeighborCommand } from './neighbor.ts'
import { parseNextHopCommand } from './nexthop.ts'
import type { IpOperation, IpOptions } from './operation.ts'
import { parseRouteCommand } from './route.ts'
import { parseRuleCommand } from './rule.ts'
import { abbreviates, GrammarError, notModelled, WordReader } from './word-reader.ts'

/** The operation, or what `ip` prints on stderr and its exit code. */
export type ParsedIpCommand =
  | { readonly ok: true; readonly options: IpOptions; readonly operation: IpOperation }
  | { readonly ok: false; readonly stderr: string; readonly exitCode: number }

type ObjectParser = (reader: WordReader, options: IpOptions) => IpOperation

/** In ip.c's order, because the first object that a word abbreviates is taken: `ip n` is `neighbor`, `ip r` is `route`. */
const OBJECTS: readonly (readonly [string, ObjectParser | undefined])[] = [
  ['address', parseAddressCommand],
  ['addrlabel', undefined],
  ['maddress', undefined],
  ['route', parseRouteCommand],
  ['rule', parseRuleCommand],
  ['neighbor', parseNeighborCommand],
  ['neighbour', parseNeighborCommand],
  ['ntable', undefined],
  ['ntbl', undefined],
  ['link', parseLinkCommand],
  ['l2tp', undefined],
  ['fou', undefined],
  ['ila', undefined],
  ['macsec', undefined],
  ['tunnel', undefined],
  ['tunl', undefined],
  ['tuntap', undefined],
  ['tap', undefined],
  ['token', undefined],
  ['tcpmetrics', undefined],
  ['tcp_metrics', undefined],
  ['monitor', undefined],
  ['xfrm', undefined],
  ['mroute', undefined],
  ['mrule', undefined],
  ['netns', undefined],
  ['netconf', undefined],
  ['vrf', undefined],
  ['sr', undefined],
  ['nexthop', parseNextHopCommand],
  ['mptcp', undefined],
  ['ioam', undefined],
  ['stats', undefined],
  ['help', (): IpOperation => ({ kind: 'help', object: 'ip' })],
]

/**
 * Parses the words after `ip`, with iproute2's abbreviations and messages.
 * @param words `['-br', 'a']`; no shell syntax
 * @see iproute2 6.1 ip/ip.c
 */
export function parseIpCommand(words: readonly string[]): ParsedIpCommand {
  try {
    const reader = new WordReader(words)
    const options = { ...DEFAULT_OPTIONS }
    const early = readOptions(reader, options)
    return { ok: true, options, operation: early ?? parseObject(reader, options) }
  } catch (problem) {
    if (!(problem instanceof GrammarError)) throw problem
    return { ok: false, stderr: problem.message, exitCode: problem.exitCode }
  }
}

type MutableOptions = Mutable<IpOptions>

/** No option given. */
export const DEFAULT_OPTIONS: IpOptions = {
  family: 'unspecified',
  json: false,
  pretty: false,
  brief: false,
  oneline: false,
  details: false,
  statistics: 0,
  numeric: false,
}

function parseObject(reader: WordReader, options: IpOptions): IpOperation {
  const word = reader.peek()
  if (word === undefined) return { kind: 'help', object: 'ip' }
  reader.next()
  const object = OBJECTS.find(([name]) => abbreviates(word, name))
  if (object === undefined) throw new GrammarError(`Object "${word}" is unknown, try "ip help".\n`, 1)
  if (object[1] === undefined) throw notModelled(`object "${object[0]}"`)
  if (options.family === 'inet6') throw notModelled('IPv6 (-6)')
  return object[1](reader, options)
}

/** Reads the words with a dash. Returns an operation when an option is one (`-V`). */
function readOptions(reader: WordReader, options: MutableOptions): IpOperation | undefined {
  for (;;) {
    const word = reader.peek()
    if (word === undefined || !word.startsWith('-')) return undefined
    reader.next()
    if (word === '--') return undefined
    const name = word.startsWith('--') ? word.slice(1) : word
    const operation = readOption(name, word, reader, options)
    if (operation !== undefined) return operation
  }
}

type OptionAction = (options: MutableOptions, reader: WordReader) => IpOperation | undefined

/** In ip.c's order. The flag says whether abbreviations count. */
const OPTIONS: readonly (readonly [string, OptionAction])[] = [
  ['-loops', (_options, reader) => skip(reader)],
  ['-family', (options, reader) => setFamily(options, reader.next())],
  ['-4', options => setFamily(options, 'inet')],
  ['-6', options => setFamily(options, 'inet6')],
  ['-0', options => setFamily(options, 'link')],
  ['-M', () => refuse('option "-M"')],
  ['-B', () => refuse('option "-B"')],
  ['-human', () => refuse('option "-human"')],
  ['-human-readable', () => refuse('option "-human-readable"')],
  ['-iec', () => refuse('option "-iec"')],
  ['-stats', options => set(options, { statistics: options.statistics + 1 })],
  ['-statistics', options => set(options, { statistics: options.statistics + 1 })],
  ['-details', options => set(options, { details: true })],
  ['-resolve', () => undefined],
  ['-oneline', options => set(options, { oneline: true })],
  ['-timestamp', () => undefined],
  ['-tshort', () => undefined],
  ['-Version', () => ({ kind: 'version' })],
  ['-force', () => undefined],
  ['-batch', () => refuse('option "-batch"')],
  ['-brief', options => set(options, { brief: true })],
  ['-json', options => set(options, { json: true })],
  ['-pretty', options => set(options, { pretty: true })],
  ['-rcvbuf', (_options, reader) => skip(reader)],
  ['-color', () => undefined],
  ['-help', () => ({ kind: 'help', object: 'ip' })],
  ['-netns', () => refuse('option "-netns"')],
  ['-Numeric', options => set(options, { numeric: true })],
  ['-all', () => undefined],
  ['-echo', () => refuse('option "-echo"')],
]

function readOption(name: string, word: string, reader: WordReader, options: MutableOptions): IpOperation | undefined {
  const option = OPTIONS.find(([full]) => abbreviates(name.replace(/^(-co?l?o?r?)=.*/, '$1'), full) && name.length > 1)
  if (option === undefined) throw new GrammarError(`Option "${word}" is unknown, try "ip -help".\n`, 255)
  return option[1](options, reader)
}

function set(options: MutableOptions, values: Partial<IpOptions>): undefined {
  Object.assign(options, values)
}

function skip(reader: WordReader): undefined {
  reader.next()
}

function setFamily(options: MutableOptions, word: string): undefined {
  const families: readonly IpOptions['family'][] = ['inet', 'inet6', 'link', 'bridge', 'mpls']
  const family = families.find(known => known === word)
  if (family === undefined)
    throw new GrammarError(`Error: argument "${word}" is wrong: invalid protocol family\n\n`, 255)
  options.family = family
}

function refuse(what: string): never {
  throw notModelled(what)
}
