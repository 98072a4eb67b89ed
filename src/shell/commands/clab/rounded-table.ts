/**
 * A table in the rounded style of go-pretty as containerlab uses it: centred headings, cells of several lines, a rule between
 * rows. Source: containerlab cmd/inspect.go and go-pretty table.StyleRounded; with an odd rest the left side gets one more.
 */
export function roundedTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(cell => cell.split('\n')))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.flatMap(row => row[column]!.map(line => line.length))),
  )
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map(width => '─'.repeat(width + 2)).join(middle) + right
  const lines = [
    rule('╭', '┬', '╮'),
    `│${headings.map((heading, column) => ` ${centre(heading, widths[column]!)} `).join('│')}│`,
  ]
  for (const row of cells) {
    lines.push(rule('├', '┼', '┤'))
    const height = Math.max(...row.map(cell => cell.length))
    for (let line = 0; line < height; line += 1) {
      lines.push(`│${row.map((cell, column) => ` ${(cell[line] ?? '').padEnd(widths[column]!)} `).join('│')}│`)
    }
  }
  return `${[...lines, rule('╰', '┴', '╯')].join('\n')}\n`
}

function centre(text: string, width: number): string {
  const rest = width - text.length
  return ' '.repeat(Math.ceil(rest / 2)) + text + ' '.repeat(Math.floor(rest / 2))
}
