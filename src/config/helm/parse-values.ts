import type { Converted } from '../diagnostic.ts'
import { YamlFile } from '../yaml-file.ts'
import type { HelmValues } from './values.ts'

/** Reads a values file (`-f values.yaml`); an empty file has no values. */
export function parseHelmValues(text: string, options: { readonly file: string }): Converted<HelmValues> {
  const { model: file, diagnostics } = YamlFile.parse(text, options.file)
  if (file === undefined) return { model: undefined, diagnostics }
  const { value } = file
  if (value === null || value === undefined) return { model: {}, diagnostics }
  if (typeof value !== 'object' || Array.isArray(value)) {
    const source = file.at([])
    const message = 'a values file holds a mapping'
    return { model: undefined, diagnostics: [{ code: 'helm/wrong-type', severity: 'error', message, source }] }
  }
  return { model: value as HelmValues, diagnostics }
}
