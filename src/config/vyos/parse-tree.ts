import type { Diagnostic } from '../diagnostic.ts'
import { type ConfigNode, childOf, createNode } from './tree.ts'

interface Token {
  readonly kind: 'word' | '{' | '}' | 'newline' | 'end' | 'bad'
  readonly text: string
  readonly line: number
  readonly column: number
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
/** Deeper than any schema of VyOS. */
const DEPTH_MAX = 64

export interface ParsedTree {
  readonly root: ConfigNode
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The tree of a config.boot (vyos1x-config lexer and parser): `name { … }`, `name tag { … }`, `name value` or bare `name` up to
 * the end of the line. VyOS refuses a file with a syntax error whole; here reading stops at the first one.
 */
export function parseTree(text: string, file: string): ParsedTree {
  const tokenizer = new Tokenizer(text)
  const root = createNode('', 1, 1)
  const open = [root]
  for (;;) {
    const token = tokenizer.next()
    if (token.kind === 'newline') continue
    if (token.kind === 'end' && open.length === 1) return { root, diagnostics: [] }
    if (token.kind === 'end') return failed(root, token, file, `end of file inside ${open.at(-1)?.name} { … }`)
    if (token.kind === 'bad') return failed(root, token, file, token.text)
    if (token.kind === '{') return failed(root, token, file, 'a brace without a name before it')
    if (token.kind === '}') {
      if (open.length === 1) return failed(root, token, file, 'a closing brace without an open one')
      open.pop()
      continue
    }
    const error = readNode(token, tokenizer, open)
    if (error !== undefined) return failed(root, error, file, error.text)
    if (open.length > DEPTH_MAX) return failed(root, token, file, `more than ${DEPTH_MAX} nodes inside each other`)
  }
}

/** Reads what follows a name; a node or tag node is pushed on the open ones. Returns what is wrong. */
function readNode(name: Token, tokenizer: Tokenizer, open: ConfigNode[]): Token | undefined {
  const parent = open.at(-1)!
  const node = childOf(parent, name.text, name.line, name.column)
  const second = tokenizer.next()
  if (second.kind === 'newline' || second.kind === 'end') return undefined
  if (second.kind === '{') {
    open.push(node)
    return undefined
  }
  if (second.kind === 'bad') return second
  if (second.kind === '}') return { ...second, text: 'a closing brace on the line of a value' }
  const third = tokenizer.next()
  if (third.kind === '{') {
    open.push(childOf(node, second.text, second.line, second.column))
    return undefined
  }
  if (third.kind === 'newline' || third.kind === 'end') {
    node.values.push({ text: second.text, line: second.line, column: second.column })
    return undefined
  }
  return third.kind === 'bad' ? third : { ...third, text: 'one value too many: strings with blanks need quotes' }
}

function failed(root: ConfigNode, token: Token, file: string, message: string): ParsedTree {
  const source = { file, line: token.line, column: token.column }
  return { root, diagnostics: [{ code: 'vyos/syntax', severity: 'error', message, source }] }
}

class Tokenizer {
  readonly #text: string
  #position = 0
  #line = 1
  #lineStart = 0

  constructor(text: string) {
    this.#text = text
  }

  next(): Token {
    const bad = this.#skipBlanks()
    if (bad !== undefined) return bad
    const sign = this.#text[this.#position]
    if (sign === undefined) return this.#token('end', '')
    if (sign === '\n') {
      const token = this.#token('newline', '')
      this.#advance(1)
      return token
    }
    if (sign === '{' || sign === '}') {
      const token = this.#token(sign, sign)
      this.#position++
      return token
    }
    return sign === '"' || sign === "'" ? this.#readString(sign) : this.#readWord()
  }

  #token(kind: Token['kind'], text: string): Token {
    return { kind, text, line: this.#line, column: this.#position - this.#lineStart + 1 }
  }

  /** Moves on, counting lines. */
  #advance(characters: number): void {
    const end = this.#position + characters
    for (
      let at = this.#text.indexOf('\n', this.#position);
      at >= 0 && at < end;
      at = this.#text.indexOf('\n', at + 1)
    ) {
      this.#line++
      this.#lineStart = at + 1
    }
    this.#position = end
  }

  #skipBlanks(): Token | undefined {
    for (;;) {
      const two = this.#text.slice(this.#position, this.#position + 2)
      if (two === '/*') {
        const end = this.#text.indexOf('*/', this.#position + 2)
        if (end < 0) return this.#token('bad', 'a comment without its end */')
        this.#advance(end + 2 - this.#position)
      } else if (two === '//') {
        const end = this.#text.indexOf('\n', this.#position)
        this.#position = end < 0 ? this.#text.length : end
      } else if (/^[ \t\r\f]/.test(two)) this.#position = this.#endOfBlanks()
      else return undefined
    }
  }

  #endOfBlanks(): number {
    const pattern = /[ \t\r\f]*/y
    pattern.lastIndex = this.#position
    pattern.exec(this.#text)
    return pattern.lastIndex
  }

  #readWord(): Token {
    const pattern = /[^\s{}"']+/y
    pattern.lastIndex = this.#position
    const word = pattern.exec(this.#text)?.[0]
    if (word === undefined) return this.#token('bad', 'a character that cannot stand here')
    const token = this.#token('word', word)
    this.#position += word.length
    return token
  }

  /** What stands before the next quote or backslash. */
  #plainRun(quote: string): string {
    const pattern = quote === '"' ? /[^"\\]*/y : /[^'\\]*/y
    pattern.lastIndex = this.#position
    return pattern.exec(this.#text)?.[0] ?? ''
  }

  #readString(quote: string): Token {
    const start = this.#token('word', '')
    let text = ''
    this.#position++
    for (;;) {
      const sign = this.#text[this.#position]
      if (sign === undefined) return { ...start, kind: 'bad', text: `a string without its closing ${quote}` }
      if (sign === quote) break
      if (sign === '\\') {
        const escaped = this.#text[this.#position + 1] ?? ''
        text += ESCAPES[escaped] ?? escaped
        this.#advance(2)
      } else {
        const plain = this.#plainRun(quote)
        text += plain
        this.#advance(plain.length)
      }
    }
    this.#position++
    return { ...start, text }
  }
}
