/**
 * Regular expressions as Go's regexp package (RE2) reads them, for names: unanchored unless they say otherwise.
 * Refused with Go's words: what RE2 has not (look-around, back references) and what is not well formed.
 * Differs from Go: flags are understood only at the start of the expression (`(?i)…`).
 * Source: Go regexp/syntax/parse.go.
 */

/** The compiled expression, or Go's error text. */
export type GoRegexp = { readonly ok: true; readonly regexp: RegExp } | { readonly ok: false; readonly error: string }

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

/** Escapes that mean something, with what JavaScript calls them; punctuation may be escaped too. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  a: '\\x07',
  ...Object.fromEntries([...'dDsSwWbBnrtfv'].map(letter => [letter, `\\${letter}`])),
}

class GoSyntaxError extends Error {}

export function compileGoRegexp(expression: string): GoRegexp {
  const flags = /^\(\?([imsU]+)\)/.exec(expression)
  const body = flags === null ? expression : expression.slice(flags[0].length)
  try {
    const translated = translate(body, expression)
    return { ok: true, regexp: new RegExp(translated, [...new Set(flags?.[1]?.replace('U', '') ?? '')].join('')) }
  } catch (error) {
    const text =
      error instanceof GoSyntaxError ? error.message : `invalid or unsupported Perl syntax: \`${expression}\``
    return { ok: false, error: `error parsing regexp: ${text}` }
  }
}

function refuse(code: string, piece: string): never {
  throw new GoSyntaxError(`${code}: \`${piece}\``)
}

function translate(body: string, whole: string): string {
  let result = ''
  let depth = 0
  let canRepeat = false
  let rest = body
  const take = (length: number, text = rest.slice(0, length)): void => {
    result += text
    rest = rest.slice(length)
  }
  while (rest !== '') {
    const repetition = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(rest)?.[0]
    if (repetition !== undefined) {
      if (!canRepeat) refuse('missing argument to repetition operator', repetition)
      const next = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(rest.slice(repetition.length))?.[0]
      if (next !== undefined) refuse('invalid nested repetition operator', repetition + next)
      take(repetition.length)
      canRepeat = false
      continue
    }
    canRepeat = true
    if (rest.startsWith('\\')) {
      const [length, text] = readEscape(rest)
      take(length, text)
    } else if (rest.startsWith('[')) {
      const [length, text] = characterClass(rest)
      take(length, text)
    } else if (rest.startsWith('(')) {
      const [length, text] = openGroup(rest)
      take(length, text)
      depth += 1
      canRepeat = false
    } else if (rest.startsWith(')')) {
      if (depth === 0) refuse('unexpected )', whole)
      depth -= 1
      take(1)
    } else if (rest.startsWith('|')) {
      take(1)
      canRepeat = false
    } else {
      take(1, /[{}]/.test(rest[0]!) ? `\\${rest[0]}` : rest[0])
    }
  }
  if (depth > 0) refuse('missing closing )', whole)
  return result
}

function readEscape(rest: string): [number, string] {
  const letter = rest[1]
  if (letter === undefined) return refuse('trailing backslash at end of expression', '')
  if (letter === 'Q') {
    const literal = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest)!
    return [literal[0].length, literal[1]!.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')]
  }
  const hexadecimal = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(rest)
  if (hexadecimal !== null) {
    return [hexadecimal[0].length, `\\u${(hexadecimal[1] ?? hexadecimal[2]!).padStart(4, '0')}`]
  }
  const known = ESCAPES[letter]
  if (known !== undefined) return [2, known]
  if (/[0-9A-Za-z]/.test(letter)) return refuse('invalid escape sequence', rest.slice(0, 2))
  return [2, /[\\^$.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter]
}

function openGroup(rest: string): [number, string] {
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest)
  if (named !== null) return [named[0].length, `(?<${named[1]}>`]
  if (rest.startsWith('(?:')) return [3, '(?:']
  if (!rest.startsWith('(?')) return [1, '(']
  return refuse('invalid or unsupported Perl syntax', rest.slice(0, 3))
}

function characterClass(rest: string): [number, string] {
  let index = rest[1] === '^' ? 2 : 1
  let text = rest.slice(0, index)
  const first = index
  for (;;) {
    const character = rest[index]
    if (character === undefined) return refuse('missing closing ]', rest)
    if (character === ']' && index > first) return [index + 1, `${text}]`]
    const named = /^\[:(\^?)([a-z]+):\]/.exec(rest.slice(index))
    if (named !== null) {
      const members = CLASSES[named[2]!]
      if (members === undefined || named[1] !== '') return refuse('invalid character class range', named[0])
      text += members
      index += named[0].length
    } else if (character === '\\') {
      const [length, escaped] = readEscape(rest.slice(index))
      text += escaped
      index += length
    } else {
      text += /[\][]/.test(character) ? `\\${character}` : character
      index += 1
    }
  }
}
