import type { LabDifference, RowDifference, TableDifference } from './compare.ts'
import {
  counts,
  groupColumn,
  keyText,
  luckText,
  named,
  omittedText,
  restText,
  summaryText,
  valueText,
} from './row-text.ts'
import { shownColumns } from './shown-columns.ts'

/** Longer tables are folded. */
const MOST_OPEN_ROWS = 10
/** GitHub refuses comments above 65,536 characters. */
const MOST_CHARACTERS = 60_000
/** So many rows of each table are listed, the rest is counted: fewer when the text gets too long. */
const MOST_ROWS = [100, 30, 10, 3, 1]

/** For a comment on a pull request: the sum, a table of counts, then the rows, long tables folded. */
export function renderMarkdown(difference: LabDifference): string {
  let text = ''
  for (const mostRows of MOST_ROWS) {
    text = renderRows(difference, mostRows)
    if (text.length <= MOST_CHARACTERS) break
  }
  return text
}

function renderRows(difference: LabDifference, mostRows: number): string {
  const { before, after, tables, notes } = difference
  const shown = tables.filter(({ rows, omitted }) => rows.length > 0 || omitted > 0)
  const lines = [
    `**drylab diff: ${summaryText(tables)}**`,
    '',
    `From ${escaped(before)} to ${escaped(after)}.`,
    '',
    ...(shown.length === 0 ? [] : [...countLines(shown), '']),
    ...shown.filter(({ rows }) => rows.length > 0).flatMap(table => [...tableLines(table, mostRows), '']),
    ...notes.map(note => `- ${escaped(note)}`),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function countLines(tables: readonly TableDifference[]): readonly string[] {
  return [
    '| | added | removed | changed | |',
    '|---|--:|--:|--:|---|',
    ...tables.map(table => {
      const { added, removed, changed } = counts(table.rows)
      return `| ${escaped(table.title)} | ${added} | ${removed} | ${changed} | ${escaped(omittedText(table) ?? '')} |`
    }),
  ]
}

function tableLines(table: TableDifference, mostRows: number): readonly string[] {
  const group = groupColumn(table)
  const rows = table.rows.slice(0, mostRows)
  const left = table.rows.length - rows.length
  const body = [
    `| ${group === undefined ? '' : group} | | what | before | after |`,
    '|---|---|---|---|---|',
    ...rows.map(one => rowLine(table, one, group)),
    ...(left === 0 ? [] : ['', `and ${left} more`]),
  ]
  if (table.rows.length <= MOST_OPEN_ROWS) return [`**${escaped(table.title)}**`, '', ...body]
  const summary = `<summary>${escaped(table.title)}: ${table.rows.length} rows</summary>`
  return ['<details>', summary, '', ...body, '', '</details>']
}

const SIGNS = { added: '\\+', removed: '\\-', changed: '\\~' } as const

function rowLine(table: TableDifference, one: RowDifference, group: string | undefined): string {
  const { kind, row, columns } = one
  const luck = luckText(one)
  const rest = kind === 'changed' ? '' : restText(table, row, shownColumns(table.name, row))
  const side = (which: 'before' | 'after'): string =>
    kind === 'changed'
      ? columns.map(column => named(column.name, valueText(column[which]))).join('; ')
      : (kind === 'added') === (which === 'after')
        ? rest || 'there'
        : ''
  const name = group === undefined ? '' : valueText(row[group])
  const what = `${table.key.length === 1 && group !== undefined ? '' : keyText(table, row)}${luck === undefined ? '' : ` (${luck})`}`
  const cells = [escaped(name), SIGNS[kind], escaped(what), escaped(side('before')), escaped(side('after'))]
  return `| ${cells.join(' | ')} |`
}

/** Text that Markdown (with GitHub's tables and HTML) shall not take for its own. */
function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]|~#@]/g, character => `\\${character}`)
    .replace(/\r?\n/g, '<br>')
}
