import type { Lab } from '../lab/lab.ts'
import type { StateRow, StateTable, StateValue } from '../state/table.ts'

/** Rows of one table of a lab, and what should be said about them. */
export interface TakenRows {
  readonly rows: readonly StateRow[]
  readonly notes: readonly string[]
}

/** How a table of two labs is compared. */
export interface ComparedTable {
  readonly title: string
  /** Columns that tell rows apart. */
  readonly key: readonly string[]
  /** Columns that say more about a row, but are not compared. */
  readonly ignored: readonly string[]
  /** Columns of the key that name a node: rows about nodes that run in one of the labs only are counted, not listed. */
  readonly nodeColumns: readonly string[]
  take(lab: Lab): TakenRows
  /** Whether a change may be due to another order of events rather than to what was changed. */
  isLuck?(change: ChangedRow): boolean
}

/** A row that both labs have, with other values. */
export interface ChangedRow {
  readonly before: StateRow
  readonly after: StateRow
  readonly columns: readonly ChangedColumn[]
}

/** A column with both values. */
export interface ChangedColumn {
  readonly name: string
  readonly before: StateValue
  readonly after: StateValue
}

/** A table of the lab's state, compared as it is: without the columns that follow time, counters or the lab's name. */
export function ofStateTable<Row extends object>(
  table: StateTable<Row>,
  ignored: readonly (keyof Row & string)[] = [],
): ComparedTable {
  return {
    title: table.title,
    key: table.key,
    ignored: [...table.volatile, ...ignored],
    nodeColumns: table.scope === 'node' ? ['node'] : [],
    // defineTable has checked that the rows are flat
    take: lab => ({ rows: table.rows(lab) as readonly object[] as readonly StateRow[], notes: [] }),
  }
}

/** Cilium's end of a pod's veth pair: `lxc` and letters drawn for the pod. */
export function isPodDevice(name: string): boolean {
  return /^lxc[0-9a-f]+$/.test(name)
}
