export interface TabWriterOptions {
  /** Narrowest column, padding included. */
  readonly minimumWidth: number
  /** Blanks between the widest cell of a column and the next. */
  readonly padding: number
}

/**
 * Aligns cells in the manner of Go's text/tabwriter, which kubectl, helm and cilium print with. A column is a run of
 * neighbouring rows that have a cell there and another one to its right; the last cell of a row is not padded.
 *
 * @param rows cells; a row of one cell ends every column
 * @returns one line per row, each with a line end
 */
export function alignTabs(rows: readonly (readonly string[])[], options: TabWriterOptions): string {
  const widths = rows.map(() => [] as number[])
  const columns = Math.max(0, ...rows.map(row => row.length - 1))
  for (let column = 0; column < columns; column += 1) {
    for (let first = 0; first < rows.length; ) {
      if (!isBlock(rows, first, column)) {
        first += 1
        continue
      }
      let last = first
      while (last < rows.length && isBlock(rows, last, column)) last += 1
      const widest = Math.max(...rows.slice(first, last).map(row => displayWidth(row[column]!)))
      const width = Math.max(options.minimumWidth, widest + options.padding)
      for (let row = first; row < last; row += 1) widths[row]![column] = width
      first = last
    }
  }
  return rows.map((row, index) => `${formatRow(row, widths[index]!)}\n`).join('')
}

/** Whether the cell is ended by a tab, so that it belongs to a column. */
function isBlock(rows: readonly (readonly string[])[], row: number, column: number): boolean {
  return column < rows[row]!.length - 1
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  return row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))).join('')
}

/** text/tabwriter counts code points. */
function displayWidth(text: string): number {
  return [...text].length
}
