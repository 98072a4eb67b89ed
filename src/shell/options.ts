/** What options a command knows, for `parseOptions`. */
export interface OptionTable {
  /** getopt's string: `c:nqI:`; a colon means that the option takes a value. */
  readonly short: string
  /** Long options: name → `none` or `value`, and the short letter it stands for. */
  readonly long?: Readonly<
    Record<string, { readonly argument: 'none' | 'value' | 'optional'; readonly letter?: string }>
  >
}

interface ParsedOption {
  /** The short letter, or the long option's full name when it has none. */
  readonly name: string
  /** The value; empty when it takes none. */
  readonly value: string
}

/** Options in the order given, with the other words; or getopt's message, without the newline. */
export type ParsedOptions =
  | { readonly ok: true; readonly options: readonly ParsedOption[]; readonly operands: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly kind: 'unknown' | 'missing-value' }

type Failure = Extract<ParsedOptions, { ok: false }>
type Taken = { readonly option: ParsedOption; readonly usedNext: boolean }

/**
 * GNU getopt_long: options anywhere between operands, `-abc` together, `-c3` and `-c 3`, `--name=value`, prefixes of long
 * names, `--` ends options. Messages are worded as glibc words them (posix/getopt.c).
 * @param command name that starts the message: `ping: invalid option -- 'z'`
 */
export function parseOptions(command: string, args: readonly string[], table: OptionTable): ParsedOptions {
  const options: ParsedOption[] = []
  const operands: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') {
      operands.push(...args.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    const taken = word.startsWith('--')
      ? takeLong(command, word, args[at + 1], table)
      : takeShort(command, word, args[at + 1], table)
    if (!Array.isArray(taken)) return taken as Failure
    for (const { option } of taken) options.push(option)
    if (taken.at(-1)?.usedNext) at += 1
  }
  return { ok: true, options, operands }
}

function takeShort(command: string, word: string, next: string | undefined, table: OptionTable): Taken[] | Failure {
  const taken: Taken[] = []
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!
    const place = letter === ':' ? -1 : table.short.indexOf(letter)
    if (place < 0) return { ok: false, kind: 'unknown', message: `${command}: invalid option -- '${letter}'` }
    if (table.short[place + 1] !== ':') {
      taken.push({ option: { name: letter, value: '' }, usedNext: false })
      continue
    }
    const rest = word.slice(at + 1)
    if (rest === '' && next === undefined) {
      return { ok: false, kind: 'missing-value', message: `${command}: option requires an argument -- '${letter}'` }
    }
    taken.push({ option: { name: letter, value: rest === '' ? next! : rest }, usedNext: rest === '' })
    break
  }
  return taken
}

function takeLong(command: string, word: string, next: string | undefined, table: OptionTable): Taken[] | Failure {
  const equals = word.indexOf('=')
  const given = equals < 0 ? word.slice(2) : word.slice(2, equals)
  const value = equals < 0 ? undefined : word.slice(equals + 1)
  const known = Object.keys(table.long ?? {})
  const candidates = known.includes(given) ? [given] : known.filter(name => name.startsWith(given))
  if (candidates.length === 0) {
    return { ok: false, kind: 'unknown', message: `${command}: unrecognized option '--${given}'` }
  }
  if (candidates.length > 1) {
    const list = candidates.map(name => ` '--${name}'`).join('')
    return {
      ok: false,
      kind: 'unknown',
      message: `${command}: option '--${given}' is ambiguous; possibilities:${list}`,
    }
  }
  const name = candidates[0]!
  const { argument, letter } = table.long![name]!
  const option = letter ?? name
  if (argument === 'none') {
    if (value !== undefined) {
      return { ok: false, kind: 'unknown', message: `${command}: option '--${name}' doesn't allow an argument` }
    }
    return [{ option: { name: option, value: '' }, usedNext: false }]
  }
  if (value !== undefined || argument === 'optional')
    return [{ option: { name: option, value: value ?? '' }, usedNext: false }]
  if (next === undefined) {
    return { ok: false, kind: 'missing-value', message: `${command}: option '--${name}' requires an argument` }
  }
  return [{ option: { name: option, value: next }, usedNext: true }]
}
