import { type FrrVersion, releaseText } from '../../model/frr-version.ts'
import type { RouterModel } from '../../model/router.ts'
import type { RouterStatement } from '../../model/router-statement.ts'
import type { Converted } from '../diagnostic.ts'
import { frrVersionOfImage, type RouterVersion, versionAssumed } from '../router-version.ts'
import { convertDraft } from './convert.ts'
import { DiagnosticCollector } from './diagnostic-collector.ts'
import { FrrReader } from './reader.ts'

export interface FrrConfigOptions {
  /** Name for diagnostics. */
  readonly file: string
  /** Decides over the image's tag. */
  readonly version?: FrrVersion
  /** Image of the node: `quay.io/frrouting/frr:10.1.0`. */
  readonly image?: string
}

/**
 * Reads an integrated frr.conf as `vtysh -b` does: whatever it says, there is a model of the lines that are understood, and
 * a diagnostic for each of the others.
 */
export function parseFrrConfig(text: string, options: FrrConfigOptions): Converted<RouterModel> {
  const { file, image } = options
  const version = versionOf(options)
  if (text.includes('\0')) {
    const message = 'not a text file: it contains a zero byte'
    const diagnostic = { code: 'frr/not-text', severity: 'error', message, source: positionOfZero(text, file) } as const
    return { model: undefined, diagnostics: [diagnostic] }
  }
  const collector = new DiagnosticCollector()
  const reader = readLines(text, file, version, collector)
  const assumed = version.isKnown ? [] : [versionAssumed(version, image, { file, line: 1, column: 1 })]
  return {
    model: convertDraft(reader.draft, version, 'frr'),
    diagnostics: [...assumed, ...collector.diagnostics()],
  }
}

/** The lines of the same text that are understood, each with its place. */
export function frrStatements(text: string, options: FrrConfigOptions): readonly RouterStatement[] {
  const statements: RouterStatement[] = []
  readLines(text, options.file, versionOf(options), new DiagnosticCollector(), statements)
  return statements
}

function readLines(
  text: string,
  file: string,
  version: RouterVersion,
  collector: DiagnosticCollector,
  statements?: RouterStatement[],
): FrrReader {
  const reader = new FrrReader(version.version, collector, statements)
  let line = 0
  for (const written of text.split(/\r?\n/)) {
    line++
    reader.readLine(written, { file, line, column: written.search(/\S/) + 1 })
  }
  return reader
}

function versionOf({ version, image }: FrrConfigOptions): RouterVersion {
  if (version === undefined) return frrVersionOfImage(image)
  return { version, text: releaseText(version), isKnown: true }
}

function positionOfZero(
  text: string,
  file: string,
): { readonly file: string; readonly line: number; readonly column: number } {
  const before = text.slice(0, text.indexOf('\0'))
  const lineStart = before.lastIndexOf('\n') + 1
  return { file, line: before.split('\n').length, column: before.length - lineStart + 1 }
}
