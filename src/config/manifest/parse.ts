import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Converted, Diagnostic } from '../diagnostic.ts'
import { YamlFile, type YamlPath } from '../yaml-file.ts'
import { checkManifest } from './check.ts'
import { MANIFEST_KINDS } from './kinds.ts'
import type { ManifestIssue } from './validate.ts'

/** One object of a manifest, as written (no defaults), and what is to be said about it. */
export interface ManifestDocument {
  /** Always has apiVersion, kind and metadata; empty texts when the file does not give them. */
  readonly object: KubernetesObject
  readonly source: SourceRef
  /** Place of a field of the object, or of its nearest parent that is written. */
  readonly at: (path: YamlPath) => SourceRef
  readonly issues: readonly ManifestIssue[]
}

/**
 * Reads a YAML or JSON manifest of one or several documents; a `List` is taken apart. The diagnostics repeat the issues
 * with their positions; kubectl words its own errors from the issues.
 */
export function parseManifest(
  text: string,
  options: { readonly file: string },
): Converted<readonly ManifestDocument[]> {
  const { model: files, diagnostics } = YamlFile.parseAll(text, options.file)
  if (files === undefined) return { model: undefined, diagnostics }
  const documents: ManifestDocument[] = []
  const all: Diagnostic[] = [...diagnostics]
  for (const file of files) {
    if (file.value === null || file.value === undefined) continue
    for (const { value, path } of flatten(file.value)) {
      const object = normalise(value)
      const issues = checkManifest(object)
      documents.push({ object, source: file.at(path), at: inner => file.keyAt([...path, ...inner]), issues })
      all.push(...describe(file, path, object, issues))
    }
  }
  return { model: documents, diagnostics: all }
}

/** The object itself, or the items of a List. */
function flatten(value: unknown): { value: unknown; path: YamlPath }[] {
  const list = value as { kind?: unknown; items?: unknown }
  if (typeof value !== 'object' || value === null || list.kind !== 'List' || !Array.isArray(list.items)) {
    return [{ value, path: [] }]
  }
  return list.items.map((item, index) => ({ value: item as unknown, path: ['items', index] }))
}

function normalise(value: unknown): KubernetesObject {
  const written = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Record<
    string,
    unknown
  >
  const metadata = (
    typeof written.metadata === 'object' && written.metadata !== null ? written.metadata : {}
  ) as Record<string, unknown>
  return {
    ...written,
    apiVersion: typeof written.apiVersion === 'string' ? written.apiVersion : '',
    kind: typeof written.kind === 'string' ? written.kind : '',
    metadata: { ...metadata, name: metadata.name === undefined || metadata.name === null ? '' : String(metadata.name) },
  }
}

function describe(
  file: YamlFile,
  path: YamlPath,
  object: KubernetesObject,
  issues: readonly ManifestIssue[],
): Diagnostic[] {
  const name = `${object.kind} "${object.metadata.name}"`
  if (object.apiVersion === '' || object.kind === '') {
    const missing = [object.apiVersion === '' ? 'apiVersion' : '', object.kind === '' ? 'kind' : ''].filter(
      text => text !== '',
    )
    return [
      {
        code: 'manifest/missing-key',
        severity: 'error',
        message: `${missing.join(' and ')} not set`,
        source: file.at(path),
      },
    ]
  }
  const kinds = MANIFEST_KINDS.filter(kind => kind.kind === object.kind)
  if (!kinds.some(kind => kind.apiVersions.includes(object.apiVersion))) {
    const message = `no matches for kind "${object.kind}" in version "${object.apiVersion}"`
    return [{ code: 'manifest/unknown-kind', severity: 'error', message, source: file.at(path) }]
  }
  const found: Diagnostic[] = issues.map(issue => ({
    code: `manifest/${issue.kind}`,
    severity: issue.kind === 'unmodelled' ? 'unmodelled' : 'error',
    message: `${name}: ${issue.message}`,
    source: issue.kind === 'unknown-field' ? file.keyAt([...path, ...issue.path]) : file.at([...path, ...issue.path]),
  }))
  if (kinds[0]!.isUnmodelled === true) {
    const message = `${name}: ${object.kind} is stored but has no effect: not modelled`
    found.push({ code: 'manifest/unmodelled', severity: 'unmodelled', message, source: file.at(path) })
  }
  return found
}
