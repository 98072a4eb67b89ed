import type { CellTable } from './table-layout.ts'

/** By which column rows stand. */
export interface SortOrder {
  /** Its title. */
  readonly column: string
  readonly isDescending: boolean
}

const COLLATOR = new Intl.Collator('en', { numeric: true })
const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 }

/**
 * The rows by what is seen in one column: spans of time by length, the numbers in texts by value (`leaf2` before `leaf10`,
 * addresses), nothing last. Rows that are equal there stay as they were.
 */
export function sortTable(table: CellTable, order: SortOrder | undefined): CellTable {
  const column = table.columns.findIndex(({ title }) => title === order?.column)
  if (order === undefined || column < 0) return table
  const sign = order.isDescending ? -1 : 1
  const keys = table.cells.map(cells => ({ text: cells[column]!.trim(), seconds: secondsOf(cells[column]!.trim()) }))
  const indexes = [...table.rows.keys()].sort((a, b) => {
    const [first, second] = [keys[a]!, keys[b]!]
    if (first.text === '' || second.text === '') return Number(first.text === '') - Number(second.text === '')
    if (first.seconds !== undefined && second.seconds !== undefined) return sign * (first.seconds - second.seconds)
    return sign * COLLATOR.compare(first.text, second.text)
  })
  return { ...table, rows: indexes.map(index => table.rows[index]!), cells: indexes.map(index => table.cells[index]!) }
}

/** `3m04s` as a number; undefined when the text is no span of time. */
function secondsOf(text: string): number | undefined {
  if (!/^-?(?:\d+(?:\.\d+)?[dhms])+$/.test(text)) return undefined
  const parts = [...text.matchAll(/([\d.]+)([dhms])/g)]
  const seconds = parts.reduce((sum, [, value, unit]) => sum + Number(value) * UNIT_SECONDS[unit!]!, 0)
  return text.startsWith('-') ? -seconds : seconds
}
