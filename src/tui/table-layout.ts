/*
 * Rows → lines of a screen. Only the rows that are seen become lines; widths are those of all rows, so that columns stand
 * still while one scrolls.
 */
import type { StateRow } from '../state/table.ts'
import { clipMiddle, displayWidth, fitText, printableText } from './display-width.ts'
import { type Line, type Span, span } from './line.ts'
import type { Symbols } from './theme.ts'
import { type ViewColumn, valueText } from './view.ts'

/** Rows with the texts of their cells. */
export interface CellTable {
  readonly columns: readonly ViewColumn[]
  readonly rows: readonly StateRow[]
  /** In the order of rows, then of columns. */
  readonly cells: readonly (readonly string[])[]
  /** The widest of each column, the title included. */
  readonly widths: readonly number[]
}

export interface TableFrame {
  readonly width: number
  readonly height: number
  /** Row with the cursor. */
  readonly cursor: number
  /** First row that is seen. */
  readonly top: number
  /** Columns after the first that are scrolled away to the left. */
  readonly shift: number
  readonly symbols: Symbols
  /** The cursor is drawn in reverse only where the keys go. */
  readonly hasFocus: boolean
}

const GAP = '  '
const FLEXIBLE_MIN = 6

/** Texts and widths of all rows. */
export function cellTable(columns: readonly ViewColumn[], rows: readonly StateRow[]): CellTable {
  const cells = rows.map(row =>
    columns.map(({ cell }) => printableText(typeof cell === 'function' ? cell(row) : valueText(row[cell]))),
  )
  return { columns, rows, cells, widths: widthsOf(columns, cells) }
}

/** The rows with all words of the filter in their cells; words that begin with `!` must not be there. Case does not count. */
export function filterTable(table: CellTable, filter: string): CellTable {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '' && word !== '!')
  if (words.length === 0) return table
  const kept = table.cells.map(cells => {
    const text = cells.join(' ').toLowerCase()
    return words.every(word => (word.startsWith('!') ? !text.includes(word.slice(1)) : text.includes(word)))
  })
  const cells = table.cells.filter((_, index) => kept[index])
  return { ...table, rows: table.rows.filter((_, index) => kept[index]), cells }
}

/** First row to show so that the cursor is seen, moved as little as possible. */
export function scrollTo(cursor: number, top: number, height: number, count: number): number {
  const room = Math.max(1, height)
  const highest = Math.max(0, count - room)
  if (cursor < top) return Math.min(cursor, highest)
  if (cursor >= top + room) return Math.min(cursor - room + 1, highest)
  return Math.min(top, highest)
}

/** The titles and the visible rows: at most `height` lines of exactly fitting columns. */
export function tableLines(table: CellTable, frame: TableFrame): readonly Line[] {
  const { columns, rows, cells } = table
  const { height, cursor, top, symbols, hasFocus } = frame
  const shown = shownColumns(table, frame)
  const widths = shrinkWidths(table, shown, frame.width - 2)
  const title: Line = {
    spans: [
      { text: '  ' },
      ...shown.flatMap((index, at): Span[] => [
        ...(at === 0 ? [] : [{ text: GAP }]),
        span(fitText(columns[index]!.title, widths[at]!, columns[index]!.align, symbols.ellipsis), 'title'),
      ]),
    ],
  }
  const lines: Line[] = [title]
  for (let index = top; index < rows.length && lines.length < height; index += 1) {
    const isCursor = index === cursor
    const spans: Span[] = [{ text: isCursor ? `${symbols.cursor} ` : '  ' }]
    for (const [at, column] of shown.entries()) {
      const { align, role, cut } = columns[column]!
      const text = cells[index]![column]!
      const clipped = cut === 'middle' ? clipMiddle(text, widths[at]!, symbols.ellipsis) : text
      if (at > 0) spans.push({ text: GAP })
      spans.push({
        text: fitText(clipped, widths[at]!, align, symbols.ellipsis),
        role: typeof role === 'function' ? role(rows[index]!) : role,
      })
    }
    lines.push({ spans, isSelected: isCursor && hasFocus })
  }
  return lines
}

/** Positions of the columns that are shown: after `shift` all, else the extra ones only as far as there is room. */
function shownColumns(
  { columns, cells, widths }: CellTable,
  { width, shift }: Pick<TableFrame, 'width' | 'shift'>,
): readonly number[] {
  const filled = columns.flatMap((column, index) => {
    const isEmpty = column.isExtra === true && cells.every(row => row[index] === '')
    return isEmpty ? [] : [index]
  })
  if (shift > 0) return filled.filter((_, at) => at === 0 || at > shift)
  const usual = filled.filter(index => columns[index]!.isExtra !== true)
  let room = width - 2 - usual.reduce((sum, index) => sum + widths[index]! + GAP.length, -GAP.length)
  const extra = filled.filter(index => {
    if (columns[index]!.isExtra !== true) return false
    room -= widths[index]! + GAP.length
    return room >= 0
  })
  return filled.filter(index => usual.includes(index) || extra.includes(index))
}

/** How many columns with something in them are not shown. */
export function hiddenColumns(table: CellTable, frame: Pick<TableFrame, 'width' | 'shift'>): number {
  const filled = table.columns.filter(
    ({ isExtra }, index) => isExtra !== true || table.cells.some(row => row[index] !== ''),
  )
  return filled.length - shownColumns(table, frame).length
}

function widthsOf(columns: readonly ViewColumn[], cells: readonly (readonly string[])[]): readonly number[] {
  return columns.map(({ title }, at) =>
    cells.reduce((width, row) => Math.max(width, displayWidth(row[at]!)), title.length),
  )
}

/** The widest flexible columns give way first, down to their smallest width; then whatever is text. */
function shrinkWidths({ columns, widths }: CellTable, shown: readonly number[], room: number): readonly number[] {
  const fitted = shown.map(index => widths[index]!)
  const flexible = shown.map(index => {
    const { isFlexible, widthMin = FLEXIBLE_MIN } = columns[index]!
    return isFlexible === true ? widthMin : Number.POSITIVE_INFINITY
  })
  const text = shown.map(index => (columns[index]!.align === 'right' ? Number.POSITIVE_INFINITY : FLEXIBLE_MIN))
  let excess = fitted.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room
  while (excess > 0) {
    const widest = widestAbove(fitted, flexible) ?? widestAbove(fitted, text)
    if (widest === undefined) break
    fitted[widest]! -= 1
    excess -= 1
  }
  return fitted
}

/** Position of the widest that is wider than it must be. */
function widestAbove(widths: readonly number[], least: readonly number[]): number | undefined {
  let widest: number | undefined
  for (const [at, width] of widths.entries())
    if (width > least[at]! && (widest === undefined || width > widths[widest]!)) widest = at
  return widest
}
