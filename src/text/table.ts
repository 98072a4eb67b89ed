/** One column of a text table. */
export interface Column {
  readonly title: string
  /** Default left. */
  readonly align?: 'left' | 'right'
  /** Smallest width. Default: the title's. */
  readonly widthMin?: number
}

/**
 * Lays rows out in columns, each as wide as its widest cell, two spaces apart (`gap`). The last column is not padded.
 * @param rows cells in the order of `columns`; a missing cell is empty
 * @returns lines joined by newlines, each ended by one; the titles first unless all are empty
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], gap = '  '): string {
  const hasTitles = columns.some(column => column.title !== '')
  const lines = hasTitles ? [columns.map(column => column.title), ...rows] : [...rows]
  const widths = columns.map((column, at) =>
    lines.reduce((width, cells) => Math.max(width, (cells[at] ?? '').length), column.widthMin ?? 0),
  )
  return lines.map(cells => `${formatRow(columns, widths, cells, gap)}\n`).join('')
}

function formatRow(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly string[],
  gap: string,
): string {
  const padded = columns.map((column, at) => {
    const cell = cells[at] ?? ''
    if (column.align === 'right') return cell.padStart(widths[at]!)
    return at === columns.length - 1 ? cell : cell.padEnd(widths[at]!)
  })
  return padded.join(gap).trimEnd()
}

/** A cell of `printf`: `%-15s` is `left(text, 15)`; longer texts are kept whole. */
export function left(text: string | number, width: number): string {
  return String(text).padEnd(width)
}

/** A cell of `printf`: `%7d` is `right(value, 7)`. */
export function right(text: string | number, width: number): string {
  return String(text).padStart(width)
}
