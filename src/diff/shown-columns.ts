import type { ComparedTable } from './compared-table.ts'
import { COMPARED_TABLES, type ComparedTableName } from './compared-tables.ts'

/** The columns of a row that are compared, in its own order. */
export function shownColumns(name: ComparedTableName, row: object): readonly string[] {
  const table: ComparedTable = COMPARED_TABLES[name]
  return Object.keys(row).filter(column => !table.key.includes(column) && !table.ignored.includes(column))
}
