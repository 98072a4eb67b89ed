import type { Report } from './report.ts'
import type { LintLevel } from './rule.ts'
import { isSuppressed, matches } from './suppressions.ts'

/** From the gravest down. */
export const LINT_LEVELS: readonly LintLevel[] = ['error', 'warning', 'info']

export interface Selection {
  /** Ids of rules and codes of diagnostics, or `group/*`. */
  readonly disabled: readonly string[]
  /** The mildest level that is shown. */
  readonly level: LintLevel
}

/**
 * What the user wants to see, each thing once, in the order of its place; files in the order of their first report. A file
 * that cannot be read as what it is meant to be is told in any case.
 */
export function selectReports(
  reports: readonly Report[],
  { disabled, level }: Selection,
  linesOf: (file: string) => readonly string[],
): readonly Report[] {
  const files = [...new Set(reports.map(report => report.source.file))]
  const seen = new Set<string>()
  return reports
    .filter(report => report.isUnreadable || LINT_LEVELS.indexOf(report.level) <= LINT_LEVELS.indexOf(level))
    .filter(report => report.isUnreadable || !disabled.some(pattern => matches(pattern, report.rule)))
    .filter(report => report.isUnreadable || !isSuppressed(linesOf(report.source.file), report.source, report.rule))
    .filter(({ rule, message, source: { file, line, column } }) => {
      const key = JSON.stringify([rule, message, file, line, column])
      return !seen.has(key) && seen.add(key)
    })
    .sort(({ source: a }, { source: b }) =>
      a.file === b.file ? a.line - b.line || a.column - b.column : files.indexOf(a.file) - files.indexOf(b.file),
    )
}
