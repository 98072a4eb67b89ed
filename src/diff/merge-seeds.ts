import type { LabDifference, RowDifference, TableDifference } from './compare.ts'

/**
 * Differences of the same two sides under several seeds as one: a row that differs the same way under every seed is due to
 * what was changed, any other may be luck. Rows in the order of the first seed that has them, with its values.
 */
export function mergeSeeds(differences: readonly LabDifference[]): LabDifference {
  const [first] = differences
  const tables = first!.tables.map((_, index) => mergeTables(differences.map(one => one.tables[index]!)))
  return { ...first!, tables, notes: [...new Set(differences.flatMap(({ notes }) => notes))] }
}

interface Seen {
  readonly row: RowDifference
  readonly values: Set<string>
  seeds: number
}

function mergeTables(tables: readonly TableDifference[]): TableDifference {
  const found = new Map<string, Seen>()
  for (const { key, rows } of tables) {
    const uses = new Map<string, number>()
    for (const row of rows) {
      const text = JSON.stringify([row.kind, key.map(column => row.row[column])])
      const use = uses.get(text) ?? 0
      uses.set(text, use + 1)
      const id = `${text} ${use}`
      const seen = found.get(id) ?? { row, values: new Set<string>(), seeds: 0 }
      seen.values.add(JSON.stringify(row.columns.length === 0 ? row.row : row.columns))
      seen.seeds += 1
      found.set(id, seen)
    }
  }
  const rows = [...found.values()].map(({ row, values, seeds }) => ({
    ...row,
    isLuck: seeds < tables.length || values.size > 1,
    seeds: { seen: seeds, of: tables.length, isSame: values.size === 1 },
  }))
  return { ...tables[0]!, rows, omitted: Math.max(...tables.map(({ omitted }) => omitted)) }
}
