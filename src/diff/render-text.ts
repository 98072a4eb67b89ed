import type { LabDifference, RowDifference, TableDifference } from './compare.ts'
import { groupColumn, keyText, luckText, named, omittedText, restText, summaryText, valueText } from './row-text.ts'
import { shownColumns } from './shown-columns.ts'

/** Colours, or none. */
interface Paint {
  good(text: string): string
  bad(text: string): string
  dim(text: string): string
  bold(text: string): string
}

/** Lines for a terminal: by table and node, `+` added, `-` removed, `~` changed with both values; the sum last. */
export function renderText({ before, after, tables, notes }: LabDifference, paint: Paint): string {
  const shown = tables.filter(({ rows, omitted }) => rows.length > 0 || omitted > 0)
  const lines = shown.flatMap(table => [...tableLines(table, paint), ''])
  const head = shown.length === 0 ? [] : [paint.dim(`- ${before}`), paint.dim(`+ ${after}`), '']
  const tail = [...notes.map(note => paint.dim(`note: ${note}`)), paint.bold(summaryText(tables))]
  return `${[...head, ...lines, ...tail].join('\n')}\n`
}

function tableLines(table: TableDifference, paint: Paint): readonly string[] {
  const group = groupColumn(table)
  const groups = new Map<string, RowDifference[]>()
  for (const one of table.rows) {
    const name = group === undefined || table.key.length === 1 ? '' : valueText(one.row[group])
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  const omitted = omittedText(table)
  return [
    paint.bold(table.title),
    ...[...groups].flatMap(([name, rows]) => [
      ...(name === '' ? [] : [`  ${name}`]),
      ...rows.map(one => `${name === '' ? '  ' : '    '}${rowLine(table, one, paint)}`),
    ]),
    ...(omitted === undefined ? [] : [paint.dim(`  and ${omitted}`)]),
  ]
}

function rowLine(table: TableDifference, one: RowDifference, paint: Paint): string {
  const { kind, row, columns } = one
  const key = keyText(table, row)
  const luck = luckText(one)
  const end = luck === undefined ? '' : paint.dim(` (${luck})`)
  if (kind !== 'changed') {
    const rest = restText(table, row, shownColumns(table.name, row))
    const text = `${kind === 'added' ? '+' : '-'} ${key}${rest === '' ? '' : `  ${rest}`}`
    return `${kind === 'added' ? paint.good(text) : paint.bad(text)}${end}`
  }
  const changes = columns.map(
    ({ name, before, after }) => `${named(name, paint.bad(valueText(before)))} → ${paint.good(valueText(after))}`,
  )
  return `~ ${key}  ${changes.join('; ')}${end}`
}
