/** Columns as docker's tabwriter lays them out: each as wide as its longest cell plus three blanks, the last one open. */
export function fitTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  return table
    .map(
      row =>
        `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]! + 3))).join('')}\n`,
    )
    .join('')
}
