import { expect, test } from 'vitest'
import { alignTabs } from '../../src/text/tab-writer.ts'

test('a column is as wide as its widest cell and the padding', () => {
  const rows = [
    ['NAME', 'AGE'],
    ['nginx-service', '2s'],
  ]
  expect(alignTabs(rows, { minimumWidth: 6, padding: 3 })).toBe('NAME            AGE\nnginx-service   2s\n')
})

test('a narrow column has the minimum width', () => {
  expect(alignTabs([['A', 'B']], { minimumWidth: 6, padding: 3 })).toBe('A     B\n')
})

test('a row without the cell ends the column', () => {
  const rows = [['longest', 'x'], ['alone'], ['a', 'y']]
  expect(alignTabs(rows, { minimumWidth: 0, padding: 2 })).toBe('longest  x\nalone\na  y\n')
})

test('an empty last cell leaves the padding of the one before', () => {
  expect(alignTabs([['a', '']], { minimumWidth: 0, padding: 2 })).toBe('a  \n')
})
