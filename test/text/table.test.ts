import { expect, test } from 'vitest'
import { formatTable, left, right } from '../../src/text/table.ts'

test('formatTable makes columns as wide as their widest cell and pads no line at its end', () => {
  const columns = [{ title: 'NAME' }, { title: 'AGE', align: 'right' as const }, { title: 'NOTE' }]
  expect(
    formatTable(columns, [
      ['leaf1', '7', 'a'],
      ['x', '1000', ''],
    ]),
  ).toBe('NAME    AGE  NOTE\nleaf1     7  a\nx      1000\n')
})

test('left and right keep texts that are too long', () => {
  expect([left('ab', 4), right(7, 3), left('abcdef', 3)]).toEqual(['ab  ', '  7', 'abcdef'])
})
