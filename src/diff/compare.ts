import type { StateRow, StateValue } from '../state/table.ts'
import { alignNames } from './align-names.ts'
import type { ChangedColumn, ChangedRow, ComparedTable } from './compared-table.ts'
import { COMPARED_TABLES, type ComparedTableName } from './compared-tables.ts'
import type { LabState } from './lab-state.ts'

/** One row that differs. */
export interface RowDifference {
  readonly kind: 'added' | 'removed' | 'changed'
  /** The row; of a changed one as it was before. */
  readonly row: StateRow
  /** Empty unless it has changed. */
  readonly columns: readonly ChangedColumn[]
  /** May be due to another order of events (who asks first, what came first) rather than to what was changed. */
  readonly isLuck: boolean
  /** Compared under several seeds: under how many of them it differs, and whether with the same values. */
  readonly seeds?: { readonly seen: number; readonly of: number; readonly isSame: boolean }
}

/** What differs in one table. */
export interface TableDifference {
  readonly name: ComparedTableName
  readonly title: string
  readonly key: readonly string[]
  readonly rows: readonly RowDifference[]
  /** Rows about nodes that run in one lab only: counted, not listed. */
  readonly omitted: number
}

/** Everything that differs between two labs. */
export interface LabDifference {
  readonly before: string
  readonly after: string
  readonly tables: readonly TableDifference[]
  readonly notes: readonly string[]
}

/** Compares what two labs show, table by table, rows in the order of the first lab's. */
export function compareStates(before: LabState, other: LabState): LabDifference {
  const after = alignNames(before, other)
  const [own, others] = [new Set(before.nodes), new Set(after.nodes)]
  const strangers = new Set([...own, ...others].filter(node => !own.has(node) || !others.has(node)))
  const names = [...before.tables.keys()].filter(name => after.tables.has(name))
  const tables = inReportOrder(names).map(name => {
    const table: ComparedTable = COMPARED_TABLES[name]
    const isOmitted = (row: StateRow): boolean => table.nodeColumns.some(column => strangers.has(String(row[column])))
    const all = [before, after].map(state => state.tables.get(name)!)
    const [old, current] = all.map(rows => rows.filter(row => !isOmitted(row)))
    const omitted = all.flat().filter(isOmitted).length
    return { name, title: table.title, key: table.key, rows: compareRows(table, old!, current!), omitted }
  })
  return {
    before: before.name,
    after: after.name,
    tables: markRoutes(tables),
    notes: [...new Set([...before.notes, ...after.notes])],
  }
}

/** The difference without what may be luck. */
export function withoutLuck(difference: LabDifference): LabDifference {
  const tables = difference.tables.map(table => ({ ...table, rows: table.rows.filter(({ isLuck }) => !isLuck) }))
  return { ...difference, tables }
}

function inReportOrder(names: readonly ComparedTableName[]): readonly ComparedTableName[] {
  return (Object.keys(COMPARED_TABLES) as ComparedTableName[]).filter(name => names.includes(name))
}

/** Rows by key; of several with one key the first, the second, … belong together. */
function byKey({ key }: ComparedTable, rows: readonly StateRow[]): Map<string, StateRow> {
  const found = new Map<string, StateRow>()
  const uses = new Map<string, number>()
  for (const row of rows) {
    const text = JSON.stringify(key.map(column => row[column]))
    const use = uses.get(text) ?? 0
    uses.set(text, use + 1)
    found.set(use === 0 ? text : `${text} ${use}`, row)
  }
  return found
}

function compareRows(
  table: ComparedTable,
  before: readonly StateRow[],
  after: readonly StateRow[],
): readonly RowDifference[] {
  const old = byKey(table, before)
  const current = byKey(table, after)
  const differences: RowDifference[] = []
  for (const [key, row] of old) {
    const other = current.get(key)
    if (other === undefined) {
      differences.push({ kind: 'removed', row, columns: [], isLuck: false })
      continue
    }
    const columns = changedColumns(table, row, other)
    if (columns.length === 0) continue
    const change: ChangedRow = { before: row, after: other, columns }
    differences.push({ kind: 'changed', row, columns, isLuck: table.isLuck?.(change) ?? false })
  }
  for (const [key, row] of current)
    if (!old.has(key)) differences.push({ kind: 'added', row, columns: [], isLuck: false })
  return differences
}

function changedColumns({ key, ignored }: ComparedTable, before: StateRow, after: StateRow): readonly ChangedColumn[] {
  return Object.keys(before).flatMap(name => {
    if (key.includes(name) || ignored.includes(name)) return []
    const [old, current] = [before[name]!, after[name]!]
    return isSame(old, current) ? [] : [{ name, before: old, after: current }]
  })
}

function isSame(one: StateValue, other: StateValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((value, index) => value === other[index])
}

/** A route to a prefix whose best path is another by luck may be luck too. */
function markRoutes(tables: readonly TableDifference[]): readonly TableDifference[] {
  const lucky = new Set(
    tables
      .filter(({ name }) => name === 'bgpPaths')
      .flatMap(({ rows }) => rows.filter(({ isLuck }) => isLuck).map(({ row }) => `${row.node} ${row.prefix}`)),
  )
  if (lucky.size === 0) return tables
  const destination = (row: StateRow): string => {
    const text = row.destination === 'default' ? '0.0.0.0/0' : String(row.destination)
    return `${row.node} ${text.includes('/') ? text : `${text}/32`}`
  }
  return tables.map(table =>
    table.name !== 'routes'
      ? table
      : {
          ...table,
          rows: table.rows.map(one => ({
            ...one,
            isLuck: one.isLuck || (one.kind === 'changed' && lucky.has(destination(one.row))),
          })),
        },
  )
}
