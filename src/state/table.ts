import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'

/** What a cell may hold: rows are flat, and JSON as they are. Addresses, prefixes and MAC addresses are text. */
export type StateValue = string | number | boolean | null | readonly string[]

/** A row as those see it who know no table in particular: by column. */
export type StateRow = Readonly<Record<string, StateValue>>

/**
 * Rows of one kind of everything that can be looked at: the same that the emulated commands print, in their order. Values
 * are of the instant of the call; nothing is kept.
 */
export interface StateTable<Row> {
  /** As in `drylab state LAB routes`: camel case. */
  readonly name: string
  /** For a heading: `BGP sessions`. */
  readonly title: string
  /**
   * `node`: rows begin with a column `node`. `cluster`: they begin with a column `cluster`. `lab`: rows of the whole lab.
   */
  readonly scope: 'lab' | 'node' | 'cluster'
  /** Columns that tell the rows of the table apart. */
  readonly key: readonly (keyof Row & string)[]
  /** Columns that follow time, counters or the name of the lab rather than the network's state: a comparison leaves them out. */
  readonly volatile: readonly (keyof Row & string)[]
  /** With a node its rows only (tables of other scopes: what concerns it); without one those of the whole lab. */
  rows(lab: Lab, node?: LabNode): readonly Row[]
}

/** Checks that the rows of a table are flat. */
export function defineTable<Row extends { readonly [Column in keyof Row]: StateValue }>(
  table: StateTable<Row>,
): StateTable<Row> {
  return table
}
