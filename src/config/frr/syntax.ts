import { assert } from '../../assert.ts'
import { VALUE_TYPES, type ValueReader } from './value-types.ts'

/**
 * The shape of a statement, compiled from a line such as
 * `neighbor <peer:peer> maximum-prefix <limit:number 1-4294967295> [<how=warning-only|force>]`:
 * bare words are keywords, `<name:type>` a value, `<name:type...>` one or more of them, `<name=a|b>` a choice of keywords that
 * is kept, `[ … ]` optional, `( … | … )` alternatives, `{ … | … }` any of them in any order, each at most once.
 */
export type Syntax =
  | { readonly kind: 'keyword'; readonly word: string }
  | { readonly kind: 'choice'; readonly name: string; readonly words: readonly string[] }
  | {
      readonly kind: 'value'
      readonly name: string
      readonly read: ValueReader
      readonly repeats: boolean
      readonly rank: number
    }
  | { readonly kind: 'rest'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'optional'; readonly part: Syntax }
  | { readonly kind: 'alternatives'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'any-order'; readonly parts: readonly Syntax[] }

/** Compiles the notation above. A broken notation is our own bug. */
export function compileSyntax(notation: string): Syntax {
  const tokens = splitNotation(notation)
  const state = { tokens, position: 0 }
  const syntax = compileSequence(state)
  assert(state.position === tokens.length, `statement syntax: ${notation}`)
  return syntax
}

/**
 * The keywords that every line of a notation has at the same place, by that place counted from the first word: as far as
 * every part before takes exactly one word.
 */
export function leadingKeywords(notation: string): ReadonlyMap<number, string> {
  const keywords = new Map<number, string>()
  for (const [place, token] of splitNotation(notation).entries()) {
    if (/^[\w-]/.test(token)) keywords.set(place, token)
    else if (!token.startsWith('<') || /:rest>$|\.\.\.>$/.test(token)) break
  }
  return keywords
}

function splitNotation(notation: string): readonly string[] {
  return notation.match(/<[^>]*>|[[\](){}|]|[^\s[\](){}|<>]+/g) ?? []
}

interface CompileState {
  readonly tokens: readonly string[]
  position: number
}

function compileSequence(state: CompileState): Syntax {
  const parts: Syntax[] = []
  while (state.position < state.tokens.length && !/^[\])}|]$/.test(state.tokens[state.position]!)) {
    parts.push(compilePart(state))
  }
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts }
}

function compilePart(state: CompileState): Syntax {
  const token = state.tokens[state.position++]!
  if (token === '[') return { kind: 'optional', part: oneOf('alternatives', compileBranches(state, ']')) }
  if (token === '(') return oneOf('alternatives', compileBranches(state, ')'))
  if (token === '{') return { kind: 'any-order', parts: compileBranches(state, '}') }
  return token.startsWith('<') ? compileVariable(token.slice(1, -1)) : { kind: 'keyword', word: token }
}

function oneOf(kind: 'alternatives', parts: readonly Syntax[]): Syntax {
  return parts.length === 1 ? parts[0]! : { kind, parts }
}

function compileBranches(state: CompileState, end: string): readonly Syntax[] {
  const branches = [compileSequence(state)]
  while (state.tokens[state.position] === '|') {
    state.position++
    branches.push(compileSequence(state))
  }
  assert(state.tokens[state.position++] === end, `statement syntax: missing ${end}`)
  return branches
}

function compileVariable(text: string): Syntax {
  const choice = /^([\w-]+)=(.+)$/.exec(text)
  if (choice !== null) return { kind: 'choice', name: choice[1]!, words: choice[2]!.split('|') }
  const value = /^([\w-]+):([\w-]+)(?: (\d+)-(\d+))?(\.\.\.)?$/.exec(text)
  assert(value !== null, `statement syntax: <${text}>`)
  const [, name, type, low, high, dots] = value
  if (type === 'rest') return { kind: 'rest', name: name! }
  const make = VALUE_TYPES.get(type!)
  assert(make !== undefined, `statement syntax: type ${type}`)
  const read = make(Number(low ?? 0), Number(high ?? Number.MAX_SAFE_INTEGER))
  return {
    kind: 'value',
    name: name!,
    read,
    repeats: dots !== undefined,
    rank: type === 'word' || type === 'peer' ? 1 : 2,
  }
}
