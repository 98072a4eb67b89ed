import type { Sysctl } from '../../host/sysctl.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseOptions } from '../options.ts'
import { errorText } from './ip/output.ts'

interface Flags {
  readonly write: boolean
  readonly quiet: boolean
  readonly ignoreUnknown: boolean
  readonly valuesOnly: boolean
  readonly namesOnly: boolean
  readonly noNewline: boolean
  readonly all: boolean
  readonly pattern: string | undefined
  readonly load: string | undefined
}

/** procps `sysctl` 4.0: reads and writes the settings of the host's network namespace. */
export const sysctl: Command = instantCommand('sysctl', 'everywhere', context => {
  const parsed = parseOptions('sysctl', context.args, {
    short: 'bneNwqoxaAXr:fpdhV',
    long: {
      all: { argument: 'none', letter: 'a' },
      binary: { argument: 'none', letter: 'b' },
      ignore: { argument: 'none', letter: 'e' },
      names: { argument: 'none', letter: 'N' },
      values: { argument: 'none', letter: 'n' },
      load: { argument: 'optional', letter: 'p' },
      pattern: { argument: 'value', letter: 'r' },
      quiet: { argument: 'none', letter: 'q' },
      write: { argument: 'none', letter: 'w' },
      system: { argument: 'none' },
    },
  })
  if (!parsed.ok) {
    context.error(`${parsed.message}\n${USAGE}`)
    return 1
  }
  const names = parsed.options.map(option => option.name)
  const lastOf = (...wanted: string[]): string | undefined =>
    parsed.options.find(option => wanted.includes(option.name))?.value
  const flags: Flags = {
    write: names.includes('w'),
    quiet: names.includes('q'),
    ignoreUnknown: names.includes('e'),
    valuesOnly: names.includes('n') || names.includes('b'),
    namesOnly: names.includes('N'),
    noNewline: names.includes('b'),
    all: names.some(name => 'aAX'.includes(name)),
    pattern: lastOf('r'),
    load: lastOf('p', 'f'),
  }
  return run(context, flags, parsed.operands)
})

const USAGE = 'Usage: sysctl [-n] [-e] [-q] [-w] variable[=value] ... | -a | -p [file]\n'

function run(context: CommandContext, flags: Flags, operands: readonly string[]): number {
  if (flags.load !== undefined) return loadFile(context, flags, operands[0] ?? (flags.load || '/etc/sysctl.conf'))
  if (flags.all) return listAll(context, flags)
  if (operands.length === 0) {
    context.error(USAGE)
    return 1
  }
  let code = 0
  for (const word of operands) {
    const wasOk = word.includes('=') || flags.write ? assign(context, flags, word) : show(context, flags, word)
    if (wasOk !== true) code = 1
    if (wasOk === 'stop') break
  }
  return code
}

function listAll(context: CommandContext, flags: Flags): number {
  const { sysctl: settings } = context.node.host
  const pattern = flags.pattern === undefined ? undefined : new RegExp(flags.pattern)
  for (const key of settings.keys())
    if (pattern === undefined || pattern.test(key)) print(context, flags, key, settings.get(key)!)
  return 0
}

/** Dots and slashes change places when a slash comes first: `net/ipv4/conf/eth0.100/rp_filter` (slashdot of procps). */
function dotted(word: string): string {
  const dot = word.indexOf('.')
  const slash = word.indexOf('/')
  if (slash < 0 || (dot >= 0 && dot < slash)) return word
  return word.replace(/[./]/g, character => (character === '.' ? '/' : '.'))
}

function path(key: string): string {
  return `/proc/sys/${key.replace(/[./]/g, character => (character === '.' ? '/' : '.'))}`
}

/** One key, or all keys below a folder. */
function show(context: CommandContext, flags: Flags, word: string): boolean {
  const { sysctl: settings } = context.node.host
  const key = dotted(word)
  const value = settings.get(key)
  if (value !== undefined) {
    print(context, flags, key, value)
    return true
  }
  const below = settings.keys().filter(other => other.startsWith(`${key}.`))
  for (const other of below) print(context, flags, other, settings.get(other)!)
  if (below.length > 0) return true
  return missing(context, flags, settings, key)
}

/** Keys outside of the network namespace belong to the kernel that all containers share: they are not modelled. */
function missing(context: CommandContext, flags: Flags, settings: Sysctl, key: string): boolean {
  if (flags.ignoreUnknown) return true
  const isKernelWide = !key.startsWith('net.') && settings.get(key) === undefined
  if (isKernelWide) context.error(`sysctl: "${key}" is not modelled by drylab\n`)
  else context.error(`sysctl: cannot stat ${path(key)}: No such file or directory\n`)
  return false
}

function print(context: CommandContext, flags: Flags, key: string, value: string): void {
  if (flags.namesOnly) context.out(`${key}\n`)
  else if (flags.valuesOnly) context.out(flags.noNewline ? value : `${value}\n`)
  else context.out(`${key} = ${value}\n`)
}

/** `stop`: what follows on the command line is not looked at. */
function assign(context: CommandContext, flags: Flags, word: string): boolean | 'stop' {
  const match = /^\s*([^\s=]+)\s*=\s*(.*)$/s.exec(word)
  if (match === null) {
    context.error('sysctl: command line(0): invalid syntax, continuing...\n')
    return 'stop'
  }
  const isOptional = match[1]!.startsWith('-')
  const key = dotted(isOptional ? match[1]!.slice(1) : match[1]!)
  const value = match[2]!.trim()
  const settings = context.node.host.sysctl
  if (settings.get(key) === undefined) return isOptional || missing(context, flags, settings, key)
  const result = settings.set(key, value)
  if (!result.ok) {
    const reason = result.errno === 'EACCES' ? 'permission denied on key' : 'setting key'
    const text = result.errno === 'EACCES' ? `${reason} "${key}"` : `${reason} "${key}": ${errorText(result.errno)}`
    context.error(`sysctl: ${text}\n`)
    return isOptional
  }
  if (!flags.quiet) print(context, flags, key, value)
  return true
}

/** `-p FILE`: lines `key = value`, `#` and `;` start comments. */
function loadFile(context: CommandContext, flags: Flags, file: string): number {
  const text = context.readFile(file)
  if (text === undefined) {
    context.error(`sysctl: cannot open "${file}": No such file or directory\n`)
    return 1
  }
  let code = 0
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    if (assign(context, flags, trimmed) !== true) code = 1
  }
  return code
}
