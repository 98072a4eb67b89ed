import { type ManifestDocument, parseManifest } from '../../../config/manifest/parse.ts'
import { resolvePath } from '../../../config/path.ts'
import type { Locate } from '../../../kubernetes/api/object-sources.ts'
import type { SourceRef } from '../../../model/source.ts'
import { fail, KubectlError, type KubectlRequest } from './request.ts'

/** A document of a manifest file and the name kubectl gives the file in messages (`STDIN` for `-`). */
export interface FiledDocument {
  readonly document: ManifestDocument
  readonly fileName: string
  /** Place of a field of the object in the user's files. */
  readonly locate: Locate
}

/** Reads all `-f` arguments: files, folders (`-R`: theirs too) and `-`. Ends the command on the first unreadable one. */
export function parseManifestFiles(request: KubectlRequest): readonly FiledDocument[] {
  const names = request.flags.list('filename')
  if (names.length === 0) fail('must specify one of -f and -k')
  return names.flatMap(name => parseOne(request, name))
}

function parseOne(request: KubectlRequest, name: string): FiledDocument[] {
  const { context } = request
  if (/^https?:\/\//.test(name)) fail(`reading a manifest from a URL is not modelled: ${name}`)
  if (name === '-') return parseText(request, context.stdin, 'STDIN', 'STDIN', context.inputPlace?.())
  const folder = context.listFolder(name)
  if (folder !== undefined) return parseFolder(request, name, folder)
  const text = context.readFile(name)
  if (text === undefined) fail(`the path "${name}" does not exist`)
  return parseText(request, text, name, resolvePath(context.cwd, name))
}

function parseFolder(request: KubectlRequest, folder: string, entries: readonly string[]): FiledDocument[] {
  const base = folder.replace(/\/$/, '')
  return [...entries].sort().flatMap(entry => {
    const path = `${base}/${entry}`
    const inner = request.context.listFolder(path)
    if (inner !== undefined) return request.flags.isOn('recursive') ? parseFolder(request, path, inner) : []
    return /\.(ya?ml|json)$/.test(entry) ? parseOne(request, path) : []
  })
}

/** @param within where the text begins in a larger file */
function parseText(
  request: KubectlRequest,
  text: string,
  fileName: string,
  file: string,
  within?: SourceRef,
): FiledDocument[] {
  const { model, diagnostics } = parseManifest(text, { file })
  if (model === undefined) {
    const first = diagnostics[0]!
    throw new KubectlError(
      `error: error parsing ${fileName}: error converting YAML to JSON: yaml: line ${first.source.line}: ${first.message}`,
    )
  }
  const placed = (at: SourceRef): SourceRef =>
    within === undefined ? at : { ...at, file: within.file, line: within.line + at.line - 1 }
  for (const diagnostic of diagnostics)
    if (diagnostic.severity === 'unmodelled')
      request.context.lab.say({ ...diagnostic, source: placed(diagnostic.source) })
  return model.map(document => ({ document, fileName, locate: path => placed(document.at(path)) }))
}
