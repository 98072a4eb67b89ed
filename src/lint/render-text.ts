import { renderPlace } from '../config/render-diagnostic.ts'
import type { Report } from './report.ts'

/** A report as a compiler prints it: place, level, message and id; the line with a caret; what to write instead. */
export function renderReport(report: Report, text: string | undefined): string {
  const word = report.isUnmodelled ? 'not modelled' : report.level
  const place = renderPlace({ ...report, word, code: report.rule }, text)
  return report.fix === undefined ? place : `${place}\n  fix: ${report.fix}`
}

/** `2 errors, 1 warning, 0 not modelled`; what is only for information when there is any. */
export function renderCounts(reports: readonly Report[]): string {
  const count = (isCounted: (report: Report) => boolean): number => reports.filter(isCounted).length
  const infos = count(({ level, isUnmodelled }) => level === 'info' && !isUnmodelled)
  return [
    `${count(({ level }) => level === 'error')} errors`,
    `${count(({ level }) => level === 'warning')} warnings`,
    `${count(({ isUnmodelled }) => isUnmodelled)} not modelled`,
    ...(infos === 0 ? [] : [`${infos} for information`]),
  ].join(', ')
}
