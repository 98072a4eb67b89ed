/** Flags of one containerlab verb: takes a value or not. Source: `containerlab VERB --help`, 0.78. */
export type FlagTable = Readonly<Record<string, { readonly long: string; readonly takesValue: boolean }>>

export interface ParsedFlags {
  readonly values: ReadonlyMap<string, string>
  readonly rest: readonly string[]
  /** Cobra's text for the first mistake. */
  readonly mistake?: string
}

/** Flags as cobra reads them: `-t FILE`, `-tFILE`, `--topo FILE`, `--topo=FILE`, in any place. */
export function parseFlags(args: readonly string[], table: FlagTable): ParsedFlags {
  const values = new Map<string, string>()
  const rest: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!
    if (!word.startsWith('-') || word === '-') {
      rest.push(word)
      continue
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = word.startsWith('--') ? word.slice(2, equals < 0 ? undefined : equals) : word.slice(1, 2)
    const flag =
      Object.values(table).find(({ long }) => long === name) ?? (word.startsWith('--') ? undefined : table[name])
    if (flag === undefined)
      return {
        values,
        rest,
        mistake: word.startsWith('--') ? `unknown flag: --${name}` : `unknown shorthand flag: '${name}' in ${word}`,
      }
    const attached =
      equals >= 0 ? word.slice(equals + 1) : word.startsWith('--') || word.length === 2 ? undefined : word.slice(2)
    if (!flag.takesValue) values.set(flag.long, attached ?? 'true')
    else {
      const value = attached ?? args[++index]
      if (value === undefined) return { values, rest, mistake: `flag needs an argument: ${word}` }
      values.set(flag.long, value)
    }
  }
  return { values, rest }
}

const GLOBAL: FlagTable = {
  t: { long: 'topo', takesValue: true },
  d: { long: 'debug', takesValue: false },
  r: { long: 'runtime', takesValue: true },
  '1': { long: 'name', takesValue: true },
  '2': { long: 'timeout', takesValue: true },
  '3': { long: 'log-level', takesValue: true },
}

export const DEPLOY_FLAGS: FlagTable = {
  ...GLOBAL,
  c: { long: 'reconfigure', takesValue: false },
  f: { long: 'format', takesValue: true },
  '4': { long: 'max-workers', takesValue: true },
  '5': { long: 'skip-post-deploy', takesValue: false },
  '6': { long: 'skip-labdir-acl', takesValue: false },
}

export const DESTROY_FLAGS: FlagTable = {
  ...GLOBAL,
  a: { long: 'all', takesValue: false },
  c: { long: 'cleanup', takesValue: false },
  y: { long: 'yes', takesValue: false },
  '4': { long: 'graceful', takesValue: false },
  '5': { long: 'keep-mgmt-net', takesValue: false },
  '6': { long: 'max-workers', takesValue: true },
}

export const INSPECT_FLAGS: FlagTable = {
  ...GLOBAL,
  a: { long: 'all', takesValue: false },
  w: { long: 'wide', takesValue: false },
  f: { long: 'format', takesValue: true },
}

export const EXEC_FLAGS: FlagTable = {
  ...GLOBAL,
  '4': { long: 'cmd', takesValue: true },
  f: { long: 'format', takesValue: true },
}
