/** Flags of one containerlab verb: long name, letter if it has one, and whether it takes a value. Source: `containerlab VERB --help`, 0.78. */
export type FlagTable = readonly { readonly long: string; readonly short?: string; readonly takesValue: boolean }[]

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
    const isLong = word.startsWith('--')
    const equals = isLong ? word.indexOf('=') : -1
    const name = isLong ? word.slice(2, equals < 0 ? undefined : equals) : word.slice(1, 2)
    const flag = table.find(({ long, short }) => (isLong ? long : short) === name)
    if (flag === undefined)
      return {
        values,
        rest,
        mistake: isLong ? `unknown flag: --${name}` : `unknown shorthand flag: '${name}' in ${word}`,
      }
    const attached = equals >= 0 ? word.slice(equals + 1) : isLong || word.length === 2 ? undefined : word.slice(2)
    if (!flag.takesValue) values.set(flag.long, attached ?? 'true')
    else {
      const value = attached ?? args[++index]
      if (value === undefined) return { values, rest, mistake: `flag needs an argument: ${word}` }
      values.set(flag.long, value)
    }
  }
  return { values, rest }
}

const GLOBAL: FlagTable = [
  { long: 'topo', short: 't', takesValue: true },
  { long: 'debug', short: 'd', takesValue: false },
  { long: 'runtime', short: 'r', takesValue: true },
  { long: 'name', takesValue: true },
  { long: 'timeout', takesValue: true },
  { long: 'log-level', takesValue: true },
]

export const DEPLOY_FLAGS: FlagTable = [
  ...GLOBAL,
  { long: 'reconfigure', short: 'c', takesValue: false },
  { long: 'format', short: 'f', takesValue: true },
  { long: 'max-workers', takesValue: true },
  { long: 'skip-post-deploy', takesValue: false },
  { long: 'skip-labdir-acl', takesValue: false },
]

export const DESTROY_FLAGS: FlagTable = [
  ...GLOBAL,
  { long: 'all', short: 'a', takesValue: false },
  { long: 'cleanup', short: 'c', takesValue: false },
  { long: 'yes', short: 'y', takesValue: false },
  { long: 'graceful', takesValue: false },
  { long: 'keep-mgmt-net', takesValue: false },
  { long: 'max-workers', takesValue: true },
]

export const INSPECT_FLAGS: FlagTable = [
  ...GLOBAL,
  { long: 'all', short: 'a', takesValue: false },
  { long: 'wide', short: 'w', takesValue: false },
  { long: 'format', short: 'f', takesValue: true },
]

export const EXEC_FLAGS: FlagTable = [
  ...GLOBAL,
  { long: 'cmd', takesValue: true },
  { long: 'format', short: 'f', takesValue: true },
]
