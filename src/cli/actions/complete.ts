import type { Command, Option } from 'commander'
import { LINT_LEVELS } from '../../lint/select-reports.ts'
import { REPORTERS } from '../../scenario/reporters/table.ts'
import { realFiles } from '../real-files.ts'

/** Says that the shell shall complete file names. */
const FILES = ':files'

/** What the values of an option may be, by its long name; options that are not here take anything. */
const OPTION_VALUES: Readonly<Record<string, readonly string[]>> = {
  '--reporter': Object.keys(REPORTERS),
  '--dialect': ['frr', 'vyos'],
  '--size': ['80x24', '100x30', '120x40'],
  '--level': LINT_LEVELS,
  '--format': ['text', 'json', 'sarif'],
}

/** What an argument may be, by its name in the command's usage, given the words before it. */
const ARGUMENT_VALUES: Readonly<Record<string, (before: readonly string[]) => readonly string[]>> = {
  node: ([lab = '']) => nodeNames(lab),
  question: () => ['route', 'reach', 'vip'],
  about: ([lab = '', question]) => (question === 'vip' ? [] : nodeNames(lab)),
  shape: () => ['clos'],
  shell: () => ['bash', 'zsh', 'fish'],
  command: () => [],
}

/** Words that may stand last in a command line of drylab, one a line; `:files` asks for file names. */
export function complete(program: Command, words: readonly string[]): readonly string[] {
  const [name = '', ...rest] = words
  if (words.length <= 1) return start(commandNames(program), name)
  const command = program.commands.find(one => one.name() === name)
  if (command === undefined) return name === 'help' ? start(commandNames(program), rest.at(-1) ?? '') : []
  const current = rest.at(-1) ?? ''
  const before = rest.slice(0, -1)
  const option = findOption(command, before.at(-1))
  if (option !== undefined && takesValue(option))
    return start(option.argChoices ?? OPTION_VALUES[option.long ?? ''] ?? [FILES], current)
  if (current.startsWith('-')) return start(optionNames(command), current)
  const operands = operandsOf(command, before)
  const { registeredArguments } = command
  const argument = registeredArguments[Math.min(operands.length, registeredArguments.length - 1)]
  if (argument === undefined || (operands.length >= registeredArguments.length && !argument.variadic)) return []
  const values = argument.argChoices ?? ARGUMENT_VALUES[argument.name()]?.(operands)
  return start(values ?? [FILES], current)
}

function commandNames(program: Command): readonly string[] {
  return [...program.commands.map(command => command.name()).filter(name => name !== 'complete'), 'help']
}

function optionNames(command: Command): readonly string[] {
  return [...command.options.map(option => option.long ?? option.short ?? ''), '--help']
}

function findOption(command: Command, word: string | undefined): Option | undefined {
  return command.options.find(option => word !== undefined && (option.long === word || option.short === word))
}

function takesValue(option: Option): boolean {
  return option.required
}

/** The words that are neither options nor their values. */
function operandsOf(command: Command, words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    const previous = findOption(command, words[index - 1])
    return !word.startsWith('-') && (previous === undefined || !takesValue(previous))
  })
}

function start(candidates: readonly string[], word: string): readonly string[] {
  return candidates.filter(candidate => candidate === FILES || candidate.startsWith(word))
}

/** Keys below `nodes:` of a containerlab file, read without building anything; those a setup script names too. */
function nodeNames(lab: string): readonly string[] {
  const text = realFiles.readText(lab) ?? ''
  if (!lab.endsWith('.sh')) return ['machine', ...nodeKeys(text)]
  const folder = lab.includes('/') ? lab.slice(0, lab.lastIndexOf('/') + 1) : ''
  const files = [...text.matchAll(/(\S+\.ya?ml)\b/g)].map(match => `${folder}${match[1]}`)
  return ['machine', ...files.flatMap(file => nodeKeys(realFiles.readText(file) ?? ''))]
}

/** Line by line: a key one level below `nodes:`. */
function nodeKeys(text: string): readonly string[] {
  const lines = text.split('\n')
  const at = lines.findIndex(line => /^\s+nodes:\s*$/.test(line))
  if (at < 0) return []
  const depth = /^\s*/.exec(lines[at]!)![0].length
  const names: string[] = []
  let inner: number | undefined
  for (const line of lines.slice(at + 1)) {
    if (/^\s*(#|$)/.test(line)) continue
    const own = /^\s*/.exec(line)![0].length
    if (own <= depth) break
    inner ??= own
    const key = /^\s*["']?([\w.-]+)["']?:/.exec(line)?.[1]
    if (own === inner && key !== undefined) names.push(key)
  }
  return names
}
