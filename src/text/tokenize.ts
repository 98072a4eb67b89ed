/** A word of a command line, with quotes resolved. */
interface Word {
  readonly text: string
  /** Where it starts in the line, counted from 0, quotes included. */
  readonly start: number
  /** One past its last character. */
  readonly end: number
  /** Whether any part of it was quoted or escaped: a quoted `*` or `|` is plain text. */
  readonly isQuoted: boolean
}

/** The words, or what is wrong and where. */
export type Tokens =
  | { readonly ok: true; readonly words: readonly Word[] }
  | { readonly ok: false; readonly message: string; readonly position: number }

const BLANK = /[ \t\r\n]/

/**
 * Splits a line into words as a POSIX shell does (Shell Command Language 2.2): blanks separate, `'…'` is literal, `"…"`
 * keeps blanks and knows `\"`, `\\`, `\$` and `` \` ``, a backslash outside quotes takes the next character as it is.
 * Nothing is expanded and operators are ordinary characters.
 */
export function tokenize(line: string): Tokens {
  const words: Word[] = []
  let position = 0
  while (position < line.length) {
    if (BLANK.test(line[position]!)) {
      position += 1
      continue
    }
    const word = readWord(line, position)
    if ('message' in word) return { ok: false, ...word }
    words.push(word)
    position = word.end
  }
  return { ok: true, words }
}

/** The texts of the words of a line; undefined when a quote is not closed. */
export function splitWords(line: string): readonly string[] | undefined {
  const tokens = tokenize(line)
  return tokens.ok ? tokens.words.map(word => word.text) : undefined
}

/** Quotes a text so that `tokenize` gives it back as one word. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function readWord(line: string, start: number): Word | { message: string; position: number } {
  let text = ''
  let isQuoted = false
  let position = start
  while (position < line.length && !BLANK.test(line[position]!)) {
    const character = line[position]!
    if (character === "'" || character === '"') {
      const quoted = readQuoted(line, position)
      if (quoted === undefined) return { message: `missing closing ${character}`, position }
      text += quoted.text
      position = quoted.end
      isQuoted = true
    } else if (character === '\\' && position + 1 < line.length) {
      if (line[position + 1] !== '\n') text += line[position + 1]
      position += 2
      isQuoted = true
    } else {
      text += character
      position += 1
    }
  }
  return { text, start, end: position, isQuoted }
}

function readQuoted(line: string, open: number): { text: string; end: number } | undefined {
  const quote = line[open]!
  let text = ''
  for (let position = open + 1; position < line.length; position++) {
    const character = line[position]!
    if (character === quote) return { text, end: position + 1 }
    const next = line[position + 1]
    if (quote === '"' && character === '\\' && next !== undefined && '"\\$`\n'.includes(next)) {
      if (next !== '\n') text += next
      position += 1
    } else text += character
  }
  return undefined
}
