import type { StateRow } from '../state/table.ts'
import type { AnnouncementRow } from '../state/tables/announcements.ts'
import { STATE_TABLES } from '../state/tables.ts'
import { type ComparedTable, ofStateTable } from './compared-table.ts'

/** Announcements, one row for all nodes that announce an address the same way. */
export const announcementSets: ComparedTable = {
  ...ofStateTable(STATE_TABLES.announcements),
  key: ['address', 'how'],
  ignored: [],
  take(lab) {
    const sets = new Map<string, AnnouncementRow[]>()
    for (const row of STATE_TABLES.announcements.rows(lab)) {
      const key = `${row.address} ${row.how}`
      sets.set(key, [...(sets.get(key) ?? []), row])
    }
    return { rows: [...sets.values()].map(setRow), notes: [] }
  },
  // who asks first gets the lease
  isLuck: ({ before, columns }) => before.how === 'l2' && columns.every(({ name }) => name === 'by'),
}

function setRow(rows: readonly AnnouncementRow[]): StateRow {
  const [first] = rows
  return {
    address: first!.address,
    how: first!.how,
    by: [...new Set(rows.map(({ by }) => by))].sort(),
    origin: [...new Set(rows.map(({ origin }) => origin))].sort(),
    services: first!.services,
    devices: [...new Set(rows.flatMap(({ devices }) => devices))].sort(),
  }
}
