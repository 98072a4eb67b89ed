import type { StateRow, StateValue } from '../state/table.ts'
import type { RowDifference, TableDifference } from './compare.ts'

/** `10.0.0.1 eth1, 10.0.0.5 eth2`; nothing is `-`. */
export function valueText(value: StateValue | undefined): string {
  if (value === null || value === undefined || value === '') return '-'
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(', ')
  return String(value)
}

/** The column by which a report groups rows: the node's or the cluster's, when it is part of the key. */
export function groupColumn({ key }: Pick<TableDifference, 'key'>): string | undefined {
  return ['node', 'cluster', 'from'].includes(key[0]!) ? key[0] : undefined
}

/** What tells the row apart inside its group: `20.0.0.100`, `20.0.0.100/32 from 10.0.5.11`. Numbers that are 0 say nothing. */
export function keyText(table: TableDifference, row: StateRow): string {
  const group = groupColumn(table)
  const words = table.key
    .filter(column => column !== group)
    .flatMap(column => {
      const value = row[column]
      if (value === null || value === undefined || value === 0 || value === '') return []
      return LABELS[column] === undefined ? [valueText(value)] : [`${LABELS[column]} ${valueText(value)}`]
    })
  return words.length === 0 ? valueText(row[table.key[0]!]) : words.join(' ')
}

/** Columns of keys that need a word to be understood. */
const LABELS: Readonly<Record<string, string>> = {
  metric: 'metric',
  tos: 'tos',
  asn: 'AS',
  distance: 'distance',
  to: 'to',
  depth: 'depth',
  localAsn: 'AS',
}

/** A row's values without its key, for rows that only one lab has: `via 10.0.0.1 eth1, protocol bgp`. */
export function restText({ key }: TableDifference, row: StateRow, shown: readonly string[]): string {
  return shown
    .filter(column => !key.includes(column))
    .map(column => ({ column, text: valueText(row[column]) }))
    .filter(({ column, text }) => text !== '-' && text !== 'false' && text !== USUAL[column])
    .map(({ column, text }) => (text === 'true' ? words(column) : named(column, text)))
    .join(', ')
}

/** Values that need not be said. */
const USUAL: Readonly<Record<string, string>> = { type: 'unicast', scope: 'global', weight: '0' }

/** `via 10.0.0.1 eth1`; answers speak for themselves. */
export function named(column: string, text: string): string {
  return column === 'answer' ? text : `${words(column)} ${text}`
}

/** `localPreference` as `local preference`, `isUp` as `up`. */
function words(column: string): string {
  return column
    .replace(/^is(?=[A-Z])/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}

/** Why a difference may be no answer to what was changed: `perhaps luck`, `under 2 of 5 seeds`; undefined when it is one. */
export function luckText({ isLuck, seeds }: RowDifference): string | undefined {
  if (!isLuck) return undefined
  if (seeds === undefined) return 'perhaps luck'
  if (seeds.seen < seeds.of) return `under ${seeds.seen} of ${seeds.of} seeds`
  return 'other values under other seeds'
}

/** How many rows of each kind. */
export function counts(rows: readonly RowDifference[]): Readonly<Record<RowDifference['kind'], number>> {
  const count = (wanted: RowDifference['kind']): number => rows.filter(({ kind }) => kind === wanted).length
  return { added: count('added'), removed: count('removed'), changed: count('changed') }
}

/** `5 differences: 1 added, 2 removed, 2 changed (1 of them perhaps by luck)`. */
export function summaryText(tables: readonly TableDifference[]): string {
  const rows = tables.flatMap(table => table.rows)
  if (rows.length === 0) return 'no differences'
  const { added, removed, changed } = counts(rows)
  const parts = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ]
  const lucky = rows.filter(({ isLuck }) => isLuck).length
  const isTried = rows.some(({ seeds }) => seeds !== undefined)
  const luck = lucky === 0 ? '' : ` (${lucky} of them ${isTried ? '' : 'perhaps '}by luck)`
  return `${rows.length} difference${rows.length === 1 ? '' : 's'}: ${parts.join(', ')}${luck}`
}

/** Rows that are counted only: `12 rows about nodes that run in one of them only`. */
export function omittedText({ omitted }: TableDifference): string | undefined {
  if (omitted === 0) return undefined
  return `${omitted} row${omitted === 1 ? '' : 's'} about nodes that run in one of them only`
}
