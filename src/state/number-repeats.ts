/** The number of each row among those of the same text, from 0 on: the last part of a key where nothing else tells rows apart. */
export function numberRepeats<Row extends { readonly repeat: number }>(
  rows: readonly Omit<Row, 'repeat'>[],
  keyOf: (row: Omit<Row, 'repeat'>) => string,
): readonly Row[] {
  const uses = new Map<string, number>()
  return rows.map(row => {
    const key = keyOf(row)
    const repeat = uses.get(key) ?? 0
    uses.set(key, repeat + 1)
    return { ...row, repeat } as unknown as Row
  })
}
