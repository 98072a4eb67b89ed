import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import type { StateRow, StateTable, StateValue } from '../state/table.ts'
import type { Role } from './line.ts'

/** What a row of a view asks `drylab why` when Enter is pressed on it. */
export type Question =
  | { readonly kind: 'route'; readonly node: string; readonly prefix: string }
  | { readonly kind: 'reach'; readonly node: string; readonly target: string }
  | { readonly kind: 'vip'; readonly address: string }
  | { readonly kind: 'service'; readonly service: string }

/** One column of a view. */
export interface ViewColumn<Row = StateRow> {
  readonly title: string
  /** Default left. */
  readonly align?: 'left' | 'right'
  /** The row's column, or the text of the cell. */
  readonly cell: (keyof Row & string) | ((row: Row) => string)
  /** Its look. Default plain. */
  readonly role?: Role | ((row: Row) => Role)
  /** May be cut down to `widthMin` when the screen is narrow; other texts only when that is not enough. */
  readonly isFlexible?: boolean
  /** Where a text that is too long is cut. Default at its end; `middle` for names that differ in their ends. */
  readonly cut?: 'middle'
  /** Default 6 for flexible columns. */
  readonly widthMin?: number
  /** Shown where there is room, or when one scrolls to the right; never when all its cells are empty. */
  readonly isExtra?: boolean
}

/** Where a row leads besides `why`: what acts on it and what is captured. */
export interface RowTarget {
  readonly node?: string
  readonly interface?: string
  readonly pod?: string
  readonly agent?: string
}

/** A table of the program: what `:name` shows. One file each in views/, and one line in views/table.ts. */
export interface ViewDeclaration<Row> {
  /** What is typed after `:`. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly title: string
  /** For the help. */
  readonly description: string
  /** Where the rows come from: the same as `-o json` prints. */
  readonly table: StateTable<Row>
  readonly columns: readonly ViewColumn<Row>[]
  /** What Enter asks. */
  readonly question?: (row: Row) => Question | undefined
  readonly target?: (row: Row) => RowTarget
  /** Told when there is no row. */
  readonly nothing: string
}

/** A view as the program uses it, whatever its rows are. */
export interface View extends Omit<ViewDeclaration<StateRow>, 'table'> {
  /** `node`: the rows of the node that was chosen. */
  readonly scope: 'lab' | 'node' | 'cluster'
  readonly key: readonly string[]
  readonly rows: (lab: Lab, node: LabNode | undefined) => readonly StateRow[]
}

/** @param options `isOfAllNodes`: a node table that is shown as a whole, or with one node of those that share a network */
export function defineView<Row extends { readonly [Column in keyof Row]: StateValue }>(
  { table, ...rest }: ViewDeclaration<Row>,
  options: { readonly isOfAllNodes?: boolean | 'by-host' } = {},
): View {
  const isOfNode = table.scope === 'node' && options.isOfAllNodes === undefined
  return {
    ...(rest as unknown as Omit<ViewDeclaration<StateRow>, 'table'>),
    scope: isOfNode ? 'node' : table.scope === 'node' ? 'lab' : table.scope,
    key: table.key,
    rows: (lab, node) => {
      const rows =
        options.isOfAllNodes === 'by-host'
          ? oneNodePerHost(lab).flatMap(one => table.rows(lab, one))
          : table.rows(lab, isOfNode ? node : undefined)
      return rows as unknown as readonly StateRow[]
    },
  }
}

/** Bridges of a topology are on the machine, and containers may share a network. */
function oneNodePerHost(lab: Lab): readonly LabNode[] {
  const nodes = new Map([lab.machine, ...lab.nodes()].toReversed().map(node => [node.host, node]))
  return [...nodes.values()].toReversed()
}

/** Text of a row that tells it apart. */
export function rowKey({ key }: Pick<View, 'key'>, row: StateRow): string {
  return key.map(name => String(row[name] ?? '')).join(' ')
}

/** A value as text: lists with commas, nothing as an empty text. */
export function valueText(value: StateValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'object' ? value.join(', ') : String(value)
}
