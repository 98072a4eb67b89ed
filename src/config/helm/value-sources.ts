import type { SourceRef } from '../../model/source.ts'
import { YamlFile, type YamlPath } from '../yaml-file.ts'
import type { HelmValues } from './values.ts'

/** Which file or command gave a release its values. */
export class ValueSources {
  /** By dotted path; undefined when it was typed at a prompt. */
  readonly #places = new Map<string, SourceRef | undefined>()
  /** The helm command that made the release what it is: where a value that is missing would be given. */
  readonly command: SourceRef | undefined

  /** @param base the sources of values that are used again */
  constructor(command: SourceRef | undefined, base?: ValueSources) {
    this.command = command
    if (base !== undefined) for (const [path, source] of base.#places) this.#places.set(path, source)
  }

  set(path: string, source: SourceRef | undefined): void {
    this.#places.set(path, source)
  }

  /** Takes over the places of all values of a file. */
  addFile(text: string, file: string): void {
    const parsed = YamlFile.parse(text, file).model
    const walk = (value: unknown, path: YamlPath): void => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
      } else this.set(path.join('.'), parsed?.keyAt(path))
    }
    walk(parsed?.value as HelmValues | null, [])
  }

  /** The place of a value; of the command when nobody gave it. */
  of(path: string): SourceRef | undefined {
    return this.#places.has(path) ? this.#places.get(path) : this.command
  }
}
