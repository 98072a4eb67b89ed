import type { LabDifference, RowDifference } from './compare.ts'
import { counts } from './row-text.ts'

/** The difference as one JSON document, stable to compare: tables in fixed order, rows in the first lab's. */
export function renderJson({ before, after, tables, notes }: LabDifference): string {
  const document = {
    before,
    after,
    isEqual: tables.every(({ rows }) => rows.length === 0),
    ...counts(tables.flatMap(({ rows }) => rows)),
    notes,
    tables: tables.map(({ name, key, rows, omitted }) => ({
      table: name,
      key,
      omitted,
      added: rows.filter(({ kind }) => kind === 'added').map(({ row }) => row),
      removed: rows.filter(({ kind }) => kind === 'removed').map(({ row }) => row),
      changed: rows.filter(({ kind }) => kind === 'changed').map(one => changedJson(key, one)),
    })),
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function changedJson(key: readonly string[], { row, columns, isLuck, seeds }: RowDifference): object {
  return {
    key: Object.fromEntries(key.map(column => [column, row[column]])),
    before: Object.fromEntries(columns.map(({ name, before }) => [name, before])),
    after: Object.fromEntries(columns.map(({ name, after }) => [name, after])),
    isLuck,
    ...(seeds === undefined ? {} : { seeds }),
  }
}
