import type { Syntax } from './syntax.ts'
import type { StatementValue } from './value-types.ts'

/** A full match of a line. */
export interface SyntaxMatch {
  /** What the named words were read as, in the order of the line; a repeated name has several. */
  readonly values: readonly NamedValue[]
  /** Keywords met, in full, abbreviations resolved. */
  readonly keywords: readonly string[]
  /** Quality per word: 4 keyword, 3 abbreviated keyword, 2 typed value, 1 any word. Higher from the left wins. */
  readonly ranks: readonly number[]
}

interface NamedValue {
  readonly name: string
  readonly value: StatementValue
}

/** How far a line got in a syntax it does not fit. */
export interface SyntaxFailure {
  readonly isIncomplete: boolean
  readonly failedWord: number
}

/** Stacks of what the words so far were taken for: a way that leads nowhere takes back what it has put there. */
interface Attempt {
  readonly words: readonly string[]
  readonly values: NamedValue[]
  readonly keywords: string[]
  readonly ranks: number[]
  /** The line ended where the syntax still wanted a word. */
  ranOut: boolean
  /** The furthest word that could not be matched. */
  furthest: number
}

/** Takes the words from `position` on to the end of the line; false when they do not fit. */
export type Matcher = (attempt: Attempt, position: number) => boolean

/**
 * Matches a line (from word `start`) against a syntax, keywords in any unambiguous abbreviation.
 * FRR does the same on its command graph: lib/command_match.c.
 */
export function matchSyntax(matcher: Matcher, words: readonly string[], start: number): SyntaxMatch | SyntaxFailure {
  const attempt: Attempt = { words, values: [], keywords: [], ranks: [], ranOut: false, furthest: start }
  return matcher(attempt, start) ? attempt : { isIncomplete: attempt.ranOut, failedWord: attempt.furthest }
}

/** Makes what matches a part of a syntax and then whatever `next` matches. */
export function compileMatcher(syntax: Syntax, next: Matcher = matchEnd): Matcher {
  switch (syntax.kind) {
    case 'keyword':
      return compileKeyword([syntax.word], undefined, next)
    case 'choice':
      return compileKeyword(syntax.words, syntax.name, next)
    case 'value':
      return compileValue(syntax, next)
    case 'rest':
      return compileRest(syntax.name, next)
    case 'sequence':
      return syntax.parts.reduceRight((after, part) => compileMatcher(part, after), next)
    case 'optional':
      return anyOf([compileMatcher(syntax.part, next), next])
    case 'alternatives':
      return anyOf(syntax.parts.map(part => compileMatcher(part, next)))
    case 'any-order':
      return compileAnyOrder(syntax.parts, next)
  }
}

function matchEnd(attempt: Attempt, position: number): boolean {
  return position === attempt.words.length || fail(attempt, position)
}

function anyOf(branches: readonly Matcher[]): Matcher {
  return (attempt, position) => branches.some(branch => branch(attempt, position))
}

/** Each part with what may follow it is compiled when a line gets there: there are more orders than anybody uses. */
function compileAnyOrder(parts: readonly Syntax[], next: Matcher): Matcher {
  let branches: readonly Matcher[] | undefined
  return (attempt, position) => {
    branches ??= parts.map(part => {
      const others = parts.filter(other => other !== part)
      return compileMatcher(part, compileAnyOrder(others, next))
    })
    return branches.some(branch => branch(attempt, position)) || next(attempt, position)
  }
}

function compileKeyword(keywords: readonly string[], name: string | undefined, next: Matcher): Matcher {
  return (attempt, position) => {
    const word = wordAt(attempt, position)
    if (word === undefined) return false
    const isWhole = keywords.includes(word)
    const keyword = isWhole ? word : completeKeyword(keywords, word)
    if (keyword === undefined) return fail(attempt, position)
    attempt.keywords.push(keyword)
    attempt.ranks.push(isWhole ? 4 : 3)
    if (name !== undefined) attempt.values.push({ name, value: keyword })
    if (next(attempt, position + 1)) return true
    attempt.keywords.pop()
    attempt.ranks.pop()
    if (name !== undefined) attempt.values.pop()
    return false
  }
}

/** The only keyword that begins so. */
function completeKeyword(keywords: readonly string[], word: string): string | undefined {
  const candidates = keywords.filter(keyword => keyword.startsWith(word))
  return candidates.length === 1 ? candidates[0] : undefined
}

function compileValue({ name, read, rank, repeats }: Extract<Syntax, { kind: 'value' }>, next: Matcher): Matcher {
  const matchValue: Matcher = (attempt, position) => {
    const word = wordAt(attempt, position)
    if (word === undefined) return false
    const value = read(word)
    if (value === undefined) return fail(attempt, position)
    attempt.values.push({ name, value })
    attempt.ranks.push(rank)
    const after = position + 1
    if (repeats && after < attempt.words.length && matchValue(attempt, after)) return true
    if (next(attempt, after)) return true
    attempt.values.pop()
    attempt.ranks.pop()
    return false
  }
  return matchValue
}

function compileRest(name: string, next: Matcher): Matcher {
  return (attempt, position) => {
    if (wordAt(attempt, position) === undefined) return false
    attempt.values.push({ name, value: attempt.words.slice(position).join(' ') })
    attempt.ranks.push(1)
    if (next(attempt, attempt.words.length)) return true
    attempt.values.pop()
    attempt.ranks.pop()
    return false
  }
}

function wordAt(attempt: Attempt, position: number): string | undefined {
  const word = attempt.words[position]
  if (word === undefined) attempt.ranOut = true
  return word
}

function fail(attempt: Attempt, position: number): false {
  attempt.furthest = Math.max(attempt.furthest, position)
  return false
}
