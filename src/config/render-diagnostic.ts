import type { SourceRef } from '../model/source.ts'
import type { Diagnostic } from './diagnostic.ts'

const WORDS = { error: 'error', warning: 'warning', unmodelled: 'not modelled' } as const

/** What is said of a place. */
interface Remark {
  readonly source: SourceRef
  /** How grave it is: `error`, `not modelled`. */
  readonly word: string
  readonly message: string
  readonly code: string
}

/** `file:line:column: severity: message [code]`, one line: editors and CI find the place by it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return formatRemark({ ...diagnostic, word: WORDS[diagnostic.severity] })
}

function formatRemark({ source: { file, line, column }, word, message, code }: Remark): string {
  return printable(`${file}:${line}:${column}: ${word}: ${message} [${code}]`)
}

/** The line above, then the source line and a caret below the place. Without the text only the first line. */
export function renderDiagnostic(diagnostic: Diagnostic, text: string | undefined): string {
  return renderPlace({ ...diagnostic, word: WORDS[diagnostic.severity] }, text)
}

/** The same for what is no diagnostic of a front end. */
export function renderPlace(remark: Remark, text: string | undefined): string {
  const head = formatRemark(remark)
  const { source } = remark
  const line = text?.split('\n')[source.line - 1]
  if (line === undefined || line.length > 400) return head
  const shown = printable(line)
  const number = String(source.line)
  return `${head}\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${' '.repeat(Math.max(0, source.column - 1))}^`
}

/** Control characters of other people's files must not reach a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}
