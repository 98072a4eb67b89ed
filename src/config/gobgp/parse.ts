import { parse, TomlError } from 'smol-toml'
import type { GobgpModel } from '../../model/gobgp.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Converted, Diagnostic } from '../diagnostic.ts'
import { convertGobgp } from './convert.ts'
import { gobgpSchema } from './schema.ts'

/** gobgpd's default port. */
const BGP_PORT = 179

/**
 * Reads a gobgpd configuration in TOML (`gobgpd -f FILE`). Codes `gobgp/toml` (not TOML), `gobgp/wrong-value` and
 * `gobgp/not-modelled` (a table or key that is understood by nobody here).
 */
export function parseGobgpConfig(text: string, options: { readonly file: string }): Converted<GobgpModel> {
  const { file } = options
  let value: unknown
  try {
    value = parse(text)
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown
    const message = thrown.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '')
    const source = { file, line: thrown.line, column: thrown.column }
    return { model: undefined, diagnostics: [{ code: 'gobgp/toml', severity: 'error', message, source }] }
  }
  const parsed = gobgpSchema.safeParse(value)
  if (!parsed.success) {
    const diagnostics = parsed.error.issues.map(issue => wrongValue(text, file, issue.path, issue.message))
    return { model: undefined, diagnostics }
  }
  const diagnostics = unknownKeys(value, parsed.data).map(path => notModelled(text, file, path))
  const { port = BGP_PORT } = parsed.data.global.config
  const source = { file, line: 1, column: 1 }
  return {
    model: { bgp: convertGobgp(parsed.data, source), listenPort: port === -1 ? undefined : port },
    diagnostics,
  }
}

function wrongValue(text: string, file: string, path: readonly PropertyKey[], message: string): Diagnostic {
  const problem = message.charAt(0).toLowerCase() + message.slice(1)
  const source = whereIs(text, file, path)
  return { code: 'gobgp/wrong-value', severity: 'error', message: `${dotted(path)}: ${problem}`, source }
}

function notModelled(text: string, file: string, path: readonly PropertyKey[]): Diagnostic {
  const message = `${dotted(path)} is not modelled and has no effect`
  return { code: 'gobgp/not-modelled', severity: 'unmodelled', message, source: whereIs(text, file, path) }
}

function dotted(path: readonly PropertyKey[]): string {
  return path.filter(key => typeof key !== 'number').join('.')
}

/** Keys of the file that the schema left out. */
function unknownKeys(raw: unknown, known: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (Array.isArray(raw) && Array.isArray(known))
    return raw.flatMap((item, index) => unknownKeys(item, known[index], [...path, index]))
  if (!isTable(raw) || !isTable(known)) return []
  return Object.keys(raw).flatMap(key => {
    const inner = [...path, key]
    return Object.hasOwn(known, key) ? unknownKeys(raw[key], known[key], inner) : [inner]
  })
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** The TOML reader keeps no positions of keys: the first line that names the last key of the path, after the numbered table. */
function whereIs(text: string, file: string, path: readonly PropertyKey[]): SourceRef {
  const names = path.filter(key => typeof key === 'string')
  const index = path.find(key => typeof key === 'number') ?? 0
  const lines = text.split('\n')
  let start = 0
  let tables = -1
  if (path.includes(index)) {
    start = Math.max(
      0,
      lines.findIndex(line => line.trim().startsWith(`[[${names[0]}]]`) && ++tables === index),
    )
  }
  for (const name of names.reverse()) {
    const line = lines.findIndex((content, at) => at >= start && content.includes(name))
    if (line >= 0) return { file, line: line + 1, column: lines[line]!.indexOf(name) + 1 }
  }
  return { file, line: 1, column: 1 }
}
