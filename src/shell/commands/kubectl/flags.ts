/** Flags of a subcommand, as pflag parses them: `--name value`, `--name=value`, `-nvalue`, `-n value`, `-n=value`. */
export interface FlagSpec {
  readonly name: string
  readonly short?: string
  /** `text` takes a value, `list` may be repeated, `switch` is on when given (`--name=false` turns it off). */
  readonly type: 'text' | 'list' | 'switch'
  /** Parsed but refused: its effect is not modelled. */
  readonly isUnmodelled?: boolean
  /** Parsed and without effect, here or in general. */
  readonly isIgnored?: boolean
}

export interface ParsedFlags {
  readonly operands: readonly string[]
  /** Words after `--`; undefined without one. */
  readonly afterDashes: readonly string[] | undefined
  /** The last value given; switches have `true` or `false`. */
  text(name: string): string | undefined
  /** Values of a list flag, split at commas. */
  list(name: string): readonly string[]
  /** Values of a list flag as they were given. */
  all(name: string): readonly string[]
  isOn(name: string): boolean
}

export type FlagOutcome = { readonly flags: ParsedFlags } | { readonly error: string }

/** Parses words. Errors are worded as pflag's, without `error: `. */
export function parseFlags(words: readonly string[], specs: readonly FlagSpec[]): FlagOutcome {
  const values = new Map<string, string[]>()
  const operands: string[] = []
  let afterDashes: readonly string[] | undefined
  let index = 0
  while (index < words.length) {
    const word = words[index]!
    index += 1
    if (word === '--') {
      afterDashes = words.slice(index)
      break
    }
    if (word === '-' || !word.startsWith('-')) {
      operands.push(word)
      continue
    }
    const step = word.startsWith('--') ? readLong(word, words[index], specs) : readShort(word, words[index], specs)
    if ('error' in step) return step
    if (step.usesNext) index += 1
    for (const { spec, value } of step.found) {
      if (spec.isUnmodelled) return { error: `--${spec.name} is not modelled` }
      values.set(spec.name, [...(values.get(spec.name) ?? []), value])
    }
  }
  return {
    flags: {
      operands,
      afterDashes,
      text: name => values.get(name)?.at(-1),
      list: name => (values.get(name) ?? []).flatMap(value => value.split(',')).filter(value => value !== ''),
      all: name => values.get(name) ?? [],
      isOn: name => values.get(name)?.at(-1) === 'true',
    },
  }
}

type Step =
  | { readonly found: readonly { readonly spec: FlagSpec; readonly value: string }[]; readonly usesNext: boolean }
  | { readonly error: string }

function readLong(word: string, next: string | undefined, specs: readonly FlagSpec[]): Step {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  const spec = specs.find(one => one.name === name)
  if (spec === undefined) return { error: `unknown flag: --${name}` }
  if (equals >= 0) return { found: [{ spec, value: word.slice(equals + 1) }], usesNext: false }
  if (spec.type === 'switch') return { found: [{ spec, value: 'true' }], usesNext: false }
  if (next === undefined) return { error: `flag needs an argument: --${name}` }
  return { found: [{ spec, value: next }], usesNext: true }
}

function readShort(word: string, next: string | undefined, specs: readonly FlagSpec[]): Step {
  const found: { spec: FlagSpec; value: string }[] = []
  for (let position = 1; position < word.length; position += 1) {
    const letter = word[position]!
    const spec = specs.find(one => one.short === letter)
    if (spec === undefined) return { error: `unknown shorthand flag: '${letter}' in ${word}` }
    const rest = word.slice(position + 1)
    if (spec.type === 'switch' && !rest.startsWith('=')) {
      found.push({ spec, value: 'true' })
      continue
    }
    if (rest !== '') return { found: [...found, { spec, value: rest.replace(/^=/, '') }], usesNext: false }
    if (next === undefined) return { error: `flag needs an argument: '${letter}' in ${word}` }
    return { found: [...found, { spec, value: next }], usesNext: true }
  }
  return { found, usesNext: false }
}

/** Flags that every subcommand takes. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: 'namespace', short: 'n', type: 'text' },
  { name: 'context', type: 'text' },
  { name: 'kubeconfig', type: 'text', isIgnored: true },
  { name: 'cluster', type: 'text', isIgnored: true },
  { name: 'request-timeout', type: 'text', isIgnored: true },
  { name: 'v', short: 'v', type: 'text', isIgnored: true },
  { name: 'warnings-as-errors', type: 'switch', isIgnored: true },
]

/** Makes flag lists short to write: `flag('output', 'o')`. */
export function flag(name: string, short?: string, type: FlagSpec['type'] = 'text'): FlagSpec {
  return short === undefined ? { name, type } : { name, short, type }
}

export function switchFlag(name: string, short?: string): FlagSpec {
  return flag(name, short, 'switch')
}

export function ignored(name: string, type: FlagSpec['type'] = 'text', short?: string): FlagSpec {
  return { ...flag(name, short, type), isIgnored: true }
}

export function unmodelled(name: string, type: FlagSpec['type'] = 'text', short?: string): FlagSpec {
  return { ...flag(name, short, type), isUnmodelled: true }
}
