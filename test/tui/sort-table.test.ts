import { expect, test } from 'vitest'
import { sortTable } from '../../src/tui/sort-table.ts'
import { cellTable } from '../../src/tui/table-layout.ts'

const sorted = (texts: readonly string[], isDescending = false): readonly string[] => {
  const table = cellTable(
    [{ title: 'A', cell: 'a' }],
    texts.map(a => ({ a })),
  )
  return sortTable(table, { column: 'A', isDescending }).rows.map(({ a }) => String(a))
}

test.each([
  ['numbers by value', ['10', '9', '-1', '100'], ['-1', '9', '10', '100']],
  ['names by the numbers in them', ['leaf10', 'leaf2', 'host3'], ['host3', 'leaf2', 'leaf10']],
  ['addresses', ['10.0.5.100', '10.0.5.20', '9.0.0.0/8'], ['9.0.0.0/8', '10.0.5.20', '10.0.5.100']],
  ['spans of time by length', ['2m05s', '59s', '1.5s', '3d04h', '2h00m'], ['1.5s', '59s', '2m05s', '2h00m', '3d04h']],
])('a column is ordered: %s', (_, texts, expected) => {
  expect(sorted(texts)).toEqual(expected)
  expect(sorted(texts, true)).toEqual(expected.toReversed())
})

test('nothing comes last, whichever way', () => {
  expect(sorted(['', 'b', 'a'])).toEqual(['a', 'b', ''])
  expect(sorted(['', 'a', 'b'], true)).toEqual(['b', 'a', ''])
})

test('without an order, or with one of another view, rows stay as the command has them', () => {
  const table = cellTable([{ title: 'A', cell: 'a' }], [{ a: 'b' }, { a: 'a' }])
  expect(sortTable(table, undefined)).toBe(table)
  expect(sortTable(table, { column: 'B', isDescending: false })).toBe(table)
})
