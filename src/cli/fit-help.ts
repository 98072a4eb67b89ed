/**
 * Fits the prose of a help text into so many columns: lines that begin at the margin. What is indented (options, examples)
 * stays as it is, and so do lines that fit; a line goes on with the next one unless a sentence or a list ends there.
 */
export function fitHelp(text: string, columns: number): string {
  const fitted: string[] = []
  let paragraph = ''
  const end = (): void => {
    if (paragraph !== '') fitted.push(...wrap(paragraph, columns))
    paragraph = ''
  }
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      end()
      fitted.push(line)
      continue
    }
    paragraph = paragraph === '' ? line : `${paragraph} ${line}`
    if (/[.:;]$/.test(line)) end()
  }
  end()
  return fitted.join('\n')
}

function wrap(paragraph: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
