import { describe, expect, test } from 'vitest'
import { textOf } from '../../src/tui/line.ts'
import { MarkIndex } from '../../src/tui/mark-index.ts'
import { preciseTime } from '../../src/tui/screen.ts'
import { cellTable, filterTable, hiddenColumns, scrollTo, tableLines } from '../../src/tui/table-layout.ts'
import { makeTheme } from '../../src/tui/theme.ts'
import { barSpan, timeBar } from '../../src/tui/time-bar.ts'
import type { ViewColumn } from '../../src/tui/view.ts'

const { symbols } = makeTheme({ hasColour: false, hasUnicode: true })
const COLUMNS: readonly ViewColumn[] = [
  { title: 'NODE', cell: 'node' },
  { title: 'TEXT', cell: 'text', isFlexible: true },
  { title: 'N', cell: 'number', align: 'right' },
  { title: 'EXTRA', cell: 'extra', isExtra: true },
]
const ROWS = Array.from({ length: 500 }, (_, number) => ({
  node: `leaf${number}`,
  text: number === 1 ? '漢字 is wide' : `text of ${number}`,
  number,
  extra: 'more',
}))
const table = cellTable(COLUMNS, ROWS)
const frame = { width: 60, height: 5, cursor: 1, top: 0, shift: 0, symbols, hasFocus: true }
const drawn = (patch: Partial<typeof frame> = {}, of = table): readonly string[] =>
  tableLines(of, { ...frame, ...patch }).map(line => textOf(line).trimEnd())

describe('a table', () => {
  test('only the rows that are seen are drawn', () => {
    expect(drawn()).toEqual([
      '  NODE     TEXT            N  EXTRA',
      '  leaf0    text of 0       0  more',
      '▸ leaf1    漢字 is wide    1  more',
      '  leaf2    text of 2       2  more',
      '  leaf3    text of 3       3  more',
    ])
  })

  test('flexible columns give way, extra ones go first', () => {
    expect(drawn({ width: 28 })[1]).toBe('  leaf0    text of 0       0')
    expect(drawn({ width: 23 })[1]).toBe('  leaf0    text o…    0')
    expect(hiddenColumns(table, { width: 28, shift: 0 })).toBe(1)
  })

  test('texts give way where no flexible column is left, numbers do not', () => {
    const wide = cellTable(
      [
        { title: 'NAME', cell: 'name', cut: 'middle' },
        { title: 'N', cell: 'number', align: 'right' },
      ],
      [{ name: 'nginx-deployment-7ds4h', number: 1234567 }],
    )
    expect(drawn({ width: 21 }, wide)).toEqual(['  NAME              N', '  ngin…7ds4h  1234567'])
  })

  test('scrolled to the right the first column stays', () => {
    expect(drawn({ shift: 1, width: 30 })[1]).toBe('  leaf0      0  more')
  })

  test('an extra column without anything in it is not there', () => {
    const empty = cellTable(
      COLUMNS,
      ROWS.map(row => ({ ...row, extra: '' })),
    )
    expect(drawn({}, empty)[0]).toBe('  NODE     TEXT            N')
  })

  test('a filter asks for all its words, and for none after !', () => {
    expect(filterTable(table, 'LEAF49 !leaf499').rows).toHaveLength(10)
    expect(filterTable(table, 'text 17').rows.map(row => row.node)).toContain('leaf17')
    expect(filterTable(table, ' ').rows).toHaveLength(500)
  })

  test('scrolling moves as little as needed', () => {
    expect(scrollTo(0, 0, 10, 500)).toBe(0)
    expect(scrollTo(10, 0, 10, 500)).toBe(1)
    expect(scrollTo(5, 9, 10, 500)).toBe(5)
    expect(scrollTo(499, 0, 10, 500)).toBe(490)
    expect(scrollTo(3, 400, 10, 5)).toBe(0)
  })
})

describe('the time bar', () => {
  const marks = new MarkIndex().update([
    { atNs: 0, kind: 'node' },
    { atNs: 5e9, kind: 'arp' },
    { atNs: 5e9, kind: 'act' },
    { atNs: 10e9, kind: 'session' },
  ])

  test('has a letter where something happened, the weightiest one, and ends at the end', () => {
    const bar = timeBar({ nowNs: 7e9, fromNs: 0, toNs: 10e9, marks, width: 30, symbols })
    expect(textOf(bar)).toBe(' 0s n━━━━━━━━━A━━━━┄┄┄┄┄s 10s ')
  })

  test('shows a part round the present instant', () => {
    expect(barSpan(50e9, 100e9, 10e9)).toEqual({ fromNs: 45e9, toNs: 55e9 })
    expect(barSpan(99e9, 100e9, 10e9)).toEqual({ fromNs: 90e9, toNs: 100e9 })
    expect(barSpan(3e9, 5e9, 10e9)).toEqual({ fromNs: 0, toNs: 5e9 })
  })

  test('follows a list of marks that grows, and one that is another', () => {
    const list = [{ atNs: 1, kind: 'arp' }]
    const index = new MarkIndex().update(list)
    list.push({ atNs: 2, kind: 'arp' })
    expect(index.update(list).has('arp', 2, 3)).toBe(true)
    expect(index.update([{ atNs: 9, kind: 'act' }]).has('arp', 0, 10)).toBe(false)
    expect(index.has('act', 9, 10)).toBe(true)
  })
})

test.each([
  [61.204312e9, '1m01.204312s'],
  [0.5e9, '0.500000s'],
  [7202.700908e9, '2h00m02.700908s'],
])('the clock tells %d ns as %s', (atNs, text) => {
  expect(preciseTime(atNs)).toBe(text)
})
