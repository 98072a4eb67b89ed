import { alignTabs } from '../text/tab-writer.ts'
import type { StateRow, StateValue } from './table.ts'

/** Rows as aligned columns below their names; empty text without rows. */
export function renderRows(rows: readonly StateRow[], columns: readonly string[]): string {
  if (rows.length === 0) return ''
  const cells = rows.map(row => columns.map(column => cellText(row[column] ?? null)))
  return alignTabs([columns.map(heading), ...cells], { minimumWidth: 4, padding: 2 })
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}

/** `localPreference` as `LOCAL PREFERENCE`, `isUp` as `UP`. */
function heading(column: string): string {
  return column
    .replace(/^is(?=[A-Z])/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}

function cellText(value: StateValue): string {
  if (value === null || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(',')
  return String(value)
}
