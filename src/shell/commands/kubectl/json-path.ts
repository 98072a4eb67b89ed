/**
 * The subset of kubectl's JSONPath that scripts use: `{.a.b}`, `['a.b']`, `a\.b`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `..a`,
 * `[?(@.a=="b")]`, text and `{"\n"}` between, `{range .items[*]}…{end}`.
 * Source: k8s.io/client-go util/jsonpath.
 */

/** A template that was parsed, or what is wrong with it. */
export type JsonPathOutcome = { readonly text: string } | { readonly error: string }

/** Renders a template over a value. A bare path (`.a.b`, `a.b`) is taken as `{.a.b}`, as kubectl relaxes it. */
export function renderJsonPath(template: string, value: unknown): JsonPathOutcome {
  const full = template.includes('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`
  try {
    const pieces = split(full)
    return { text: renderPieces(pieces, value) }
  } catch (thrown) {
    if (thrown instanceof PathError) return { error: thrown.message }
    throw thrown
  }
}

/** All values at one path (`.status.conditions[?(@.type=="Ready")].status`, with or without braces). */
export function findByPath(path: string, value: unknown): readonly unknown[] | undefined {
  const bare = path.replace(/^\{(.*)\}$/, '$1')
  try {
    return evaluate(bare.startsWith('.') || bare.startsWith('$') ? bare : `.${bare}`, value)
  } catch (thrown) {
    if (thrown instanceof PathError) return undefined
    throw thrown
  }
}

class PathError extends Error {}

type Piece = { readonly kind: 'text' | 'expression'; readonly text: string }

function split(template: string): Piece[] {
  const pieces: Piece[] = []
  let position = 0
  while (position < template.length) {
    const open = template.indexOf('{', position)
    if (open < 0) {
      pieces.push({ kind: 'text', text: template.slice(position) })
      break
    }
    if (open > position) pieces.push({ kind: 'text', text: template.slice(position, open) })
    const close = closingBrace(template, open)
    pieces.push({ kind: 'expression', text: template.slice(open + 1, close).trim() })
    position = close + 1
  }
  return pieces
}

function closingBrace(template: string, open: number): number {
  let quote = ''
  for (let position = open + 1; position < template.length; position += 1) {
    const character = template[position]!
    if (quote !== '') {
      if (character === '\\') position += 1
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '}') return position
  }
  throw new PathError('unclosed action')
}

function renderPieces(pieces: readonly Piece[], value: unknown): string {
  let text = ''
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index]!
    if (piece.kind === 'text') text += piece.text
    else if (/^range\s/.test(piece.text)) {
      const end = matchingEnd(pieces, index)
      for (const item of evaluate(piece.text.replace(/^range\s+/, ''), value))
        text += renderPieces(pieces.slice(index + 1, end), item)
      index = end
    } else if (piece.text === 'end') throw new PathError('not in range, nothing to end')
    else text += renderExpression(piece.text, value)
  }
  return text
}

function matchingEnd(pieces: readonly Piece[], start: number): number {
  let depth = 0
  for (let index = start; index < pieces.length; index += 1) {
    const piece = pieces[index]!
    if (piece.kind === 'expression' && /^range\s/.test(piece.text)) depth += 1
    if (piece.kind === 'expression' && piece.text === 'end') depth -= 1
    if (depth === 0) return index
  }
  throw new PathError('unterminated range')
}

function renderExpression(expression: string, value: unknown): string {
  const literal = /^(["'])(.*)\1$/s.exec(expression)
  if (literal !== null) return literal[2]!.replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\"/g, '"')
  return evaluate(expression, value).map(formatValue).join(' ')
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const STEP =
  /^(?:\.\.([\w-]+)|\.((?:[\w/-]|\\.)+)|\.\*|\[\*\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]|\[\?\(((?:[^()"']|"[^"]*"|'[^']*')*)\)\])/

function evaluate(path: string, root: unknown): unknown[] {
  let rest = path.replace(/^[$@]/, '')
  let values: unknown[] = [root]
  while (rest !== '' && rest !== '.') {
    const match = STEP.exec(rest)
    if (match === null) throw new PathError(`unrecognized character in action: ${JSON.stringify(rest[0])}`)
    values = values.flatMap(value => takeStep(match, value))
    rest = rest.slice(match[0].length)
  }
  return values
}

function takeStep(match: RegExpExecArray, value: unknown): unknown[] {
  const [text, deep, name, single, double, index, from, to, filter] = match
  if (deep !== undefined) return descend(value, deep)
  const key = name ?? single ?? double
  if (key !== undefined) return field(value, key.replace(/\\(.)/g, '$1'))
  if (text === '.*' || text === '[*]') {
    return Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []
  }
  if (!Array.isArray(value)) return []
  if (index !== undefined) {
    const item: unknown = value.at(Number(index))
    if (item === undefined) throw new PathError(`array index out of bounds: index ${index}, length ${value.length}`)
    return [item]
  }
  if (filter !== undefined) return value.filter(item => satisfies(filter, item))
  return value.slice(
    from === '' || from === undefined ? 0 : Number(from),
    to === '' || to === undefined ? undefined : Number(to),
  )
}

function field(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const found = (value as Record<string, unknown>)[key]
  return found === undefined ? [] : [found]
}

function descend(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const here = Array.isArray(value) ? [] : field(value, key)
  return [...here, ...Object.values(value).flatMap(item => descend(item, key))]
}

/** `@.type=="Ready"`, `@.port>80`, `@.name`. */
function satisfies(filter: string, item: unknown): boolean {
  const match = /^\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*$/.exec(filter)
  if (match === null) throw new PathError(`unrecognized filter: ${filter}`)
  const [, path, operator, literal] = match
  const values = evaluate(path!, item)
  if (operator === undefined) return values.length > 0
  const wanted = /^(["']).*\1$/s.test(literal!) ? literal!.slice(1, -1) : (JSON.parse(toJson(literal!)) as unknown)
  return values.some(value => compare(value, operator, wanted))
}

function toJson(literal: string): string {
  if (/^(-?\d+(\.\d+)?|true|false|null)$/.test(literal)) return literal
  throw new PathError(`unrecognized filter: ${literal}`)
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  const [a, b] = [left as number, right as number]
  return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
}
