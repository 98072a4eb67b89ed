import { graphemes } from './display-width.ts'

/** A line that is being typed, by graphemes, with the cursor before the one at `at`. */
export interface EditedLine {
  readonly text: readonly string[]
  readonly at: number
}

export const NEW_LINE: EditedLine = { text: [], at: 0 }

/** A line with the cursor at its end. */
export function editedLine(text: string): EditedLine {
  const letters = graphemes(text)
  return { text: letters, at: letters.length }
}

export function editedText({ text }: EditedLine): string {
  return text.join('')
}

/** What keys do to a line, with readline's habits. */
const EDITS: Readonly<Record<string, (line: EditedLine) => EditedLine>> = {
  left: ({ text, at }) => ({ text, at: Math.max(0, at - 1) }),
  right: ({ text, at }) => ({ text, at: Math.min(text.length, at + 1) }),
  home: ({ text }) => ({ text, at: 0 }),
  end: ({ text }) => ({ text, at: text.length }),
  'ctrl-a': ({ text }) => ({ text, at: 0 }),
  'ctrl-e': ({ text }) => ({ text, at: text.length }),
  'ctrl-b': ({ text, at }) => ({ text, at: Math.max(0, at - 1) }),
  'ctrl-f': ({ text, at }) => ({ text, at: Math.min(text.length, at + 1) }),
  backspace: line => cut(line, Math.max(0, line.at - 1), line.at),
  // many terminals send this code for the backspace key
  delete: line => cut(line, Math.max(0, line.at - 1), line.at),
  'ctrl-h': line => cut(line, Math.max(0, line.at - 1), line.at),
  'ctrl-d': line => cut(line, line.at, line.at + 1),
  'ctrl-u': line => cut(line, 0, line.at),
  'ctrl-k': line => cut(line, line.at, line.text.length),
  'ctrl-w': line => cut(line, wordStart(line), line.at),
}

/** The line after a key; undefined when the key means nothing to a line. */
export function editLine(line: EditedLine, key: string): EditedLine | undefined {
  const edit = EDITS[key]
  if (edit !== undefined) return edit(line)
  const letter = key === 'space' ? ' ' : key
  if (graphemes(letter).length !== 1 || /^\p{Cc}$/u.test(letter)) return undefined
  const { text, at } = line
  return { text: [...text.slice(0, at), letter, ...text.slice(at)], at: at + 1 }
}

function cut({ text }: EditedLine, from: number, to: number): EditedLine {
  return { text: [...text.slice(0, from), ...text.slice(to)], at: from }
}

function wordStart({ text, at }: EditedLine): number {
  let start = at
  while (start > 0 && text[start - 1] === ' ') start -= 1
  while (start > 0 && text[start - 1] !== ' ') start -= 1
  return start
}
