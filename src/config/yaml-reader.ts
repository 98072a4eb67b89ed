import { didYouMean } from '../text/nearest.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { YamlFile, YamlPath } from './yaml-file.ts'

export type YamlMap = Readonly<Record<string, unknown>>

/** Reads typed values out of a YAML document and notes every mistake with its position; reading goes on after one. */
export class YamlReader {
  readonly file: YamlFile
  readonly diagnostics: Diagnostic[] = []
  readonly #prefix: string

  /** @param prefix first part of the diagnostic codes: `containerlab` */
  constructor(file: YamlFile, prefix: string) {
    this.file = file
    this.#prefix = prefix
  }

  note(
    severity: Diagnostic['severity'],
    code: string,
    message: string,
    path: YamlPath,
    where: 'key' | 'value' = 'value',
  ): void {
    const source = where === 'key' ? this.file.keyAt(path) : this.file.at(path)
    const known = this.diagnostics.some(
      one => one.message === message && one.source.line === source.line && one.source.column === source.column,
    )
    if (!known) this.diagnostics.push({ code: `${this.#prefix}/${code}`, severity, message, source })
  }

  error(code: string, message: string, path: YamlPath): void {
    this.note('error', code, message, path)
  }

  /** A mapping, or an empty one (noted unless it is absent or null). */
  map(value: unknown, path: YamlPath): YamlMap {
    if (value === undefined || value === null) return {}
    if (typeof value === 'object' && !Array.isArray(value)) return value as YamlMap
    this.#wrongType(value, 'a mapping', path)
    return {}
  }

  list(value: unknown, path: YamlPath): readonly unknown[] {
    if (value === undefined || value === null) return []
    if (Array.isArray(value)) return value
    this.#wrongType(value, 'a list', path)
    return []
  }

  /** Text; numbers and booleans are taken as written, as containerlab's YAML library does for string fields. */
  text(value: unknown, path: YamlPath): string | undefined {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    this.#wrongType(value, 'text', path)
    return undefined
  }

  integer(value: unknown, path: YamlPath, minimum: number, maximum: number): number | undefined {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value
    this.error('wrong-value', `expected a whole number from ${minimum} to ${maximum}, got ${brief(value)}`, path)
    return undefined
  }

  /** Text values of a mapping such as `env` or `labels`. */
  textMap(value: unknown, path: YamlPath): Map<string, string> {
    const result = new Map<string, string>()
    for (const [key, item] of Object.entries(this.map(value, path))) {
      const text = item === null ? '' : this.text(item, [...path, key])
      if (text !== undefined) result.set(key, text)
    }
    return result
  }

  /** Notes every key that the table does not know, with a suggestion. */
  onlyKeys(map: YamlMap, known: readonly string[], path: YamlPath): void {
    for (const key of Object.keys(map)) {
      if (known.includes(key)) continue
      this.note('error', 'unknown-key', `unknown key "${key}"${didYouMean(key, known)}`, [...path, key], 'key')
    }
  }

  get hasErrors(): boolean {
    return this.diagnostics.some(diagnostic => diagnostic.severity === 'error')
  }

  #wrongType(value: unknown, expected: string, path: YamlPath): void {
    this.error('wrong-type', `expected ${expected}, got ${brief(value)}`, path)
  }
}

/** A value as a message shows it. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value !== null && typeof value === 'object') return 'a mapping'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
