import type { Diagnostic } from './diagnostic.ts'

const WORDS = { error: 'error', warning: 'warning', unmodelled: 'not modelled' } as const

/** `file:line:column: severity: message [code]`, one line: editors and CI find the place by it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column } = diagnostic.source
  return printable(
    `${file}:${line}:${column}: ${WORDS[diagnostic.severity]}: ${diagnostic.message} [${diagnostic.code}]`,
  )
}

/** The line above, then the source line and a caret below the place. Without the text only the first line. */
export function renderDiagnostic(diagnostic: Diagnostic, text: string | undefined): string {
  const head = formatDiagnostic(diagnostic)
  const line = text?.split('\n')[diagnostic.source.line - 1]
  if (line === undefined || line.length > 400) return head
  const shown = printable(line)
  const number = String(diagnostic.source.line)
  return `${head}\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${' '.repeat(Math.max(0, diagnostic.source.column - 1))}^`
}

/** Control characters of other people's files must not reach a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}
