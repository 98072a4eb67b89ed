import type { Word } from './split-words.ts'
import type { Syntax } from './syntax.ts'
import type { StatementValue } from './value-types.ts'

/** A full match of a line. */
export interface SyntaxMatch {
  readonly values: ReadonlyMap<string, StatementValue | readonly StatementValue[]>
  /** Keywords met, in full, abbreviations resolved. */
  readonly keywords: ReadonlySet<string>
  /** Quality per word: 4 keyword, 3 abbreviated keyword, 2 typed value, 1 any word. Higher from the left wins. */
  readonly ranks: readonly number[]
}

interface Attempt {
  readonly words: readonly Word[]
  readonly values: Map<string, StatementValue | readonly StatementValue[]>
  readonly keywords: Set<string>
  readonly ranks: number[]
  /** The line ended where the syntax still wanted a word. */
  ranOut: boolean
  /** The furthest word that could not be matched. */
  furthest: number
}

/** How far a line got in a syntax it does not fit. */
export interface SyntaxFailure {
  readonly isIncomplete: boolean
  readonly failedWord: number
}

/**
 * Matches a line (from word `start`) against a syntax, keywords in any unambiguous abbreviation.
 * FRR does the same on its command graph: lib/command_match.c.
 */
export function matchSyntax(syntax: Syntax, words: readonly Word[], start: number): SyntaxMatch | SyntaxFailure {
  const attempt: Attempt = { words, values: new Map(), keywords: new Set(), ranks: [], ranOut: false, furthest: start }
  const isMatch = step(syntax, start, attempt, position => {
    if (position === words.length) return true
    attempt.furthest = Math.max(attempt.furthest, position)
    return false
  })
  if (isMatch) return { values: attempt.values, keywords: attempt.keywords, ranks: attempt.ranks }
  return { isIncomplete: attempt.ranOut, failedWord: attempt.furthest }
}

type Continue = (position: number) => boolean

function step(syntax: Syntax, position: number, attempt: Attempt, next: Continue): boolean {
  switch (syntax.kind) {
    case 'keyword':
      return stepKeyword([syntax.word], undefined, position, attempt, next)
    case 'choice':
      return stepKeyword(syntax.words, syntax.name, position, attempt, next)
    case 'value':
      return stepValue(syntax, position, attempt, next)
    case 'rest':
      return stepRest(syntax.name, position, attempt, next)
    case 'sequence':
      return stepSequence(syntax.parts, 0, position, attempt, next)
    case 'optional':
      return step(syntax.part, position, attempt, next) || next(position)
    case 'alternatives':
      return syntax.parts.some(part => step(part, position, attempt, next))
    case 'any-order':
      return stepAnyOrder(syntax.parts, position, attempt, next)
  }
}

function stepSequence(
  parts: readonly Syntax[],
  index: number,
  position: number,
  attempt: Attempt,
  next: Continue,
): boolean {
  if (index === parts.length) return next(position)
  return step(parts[index]!, position, attempt, after => stepSequence(parts, index + 1, after, attempt, next))
}

function stepAnyOrder(parts: readonly Syntax[], position: number, attempt: Attempt, next: Continue): boolean {
  const isTaken = parts.some((part, index) =>
    step(part, position, attempt, after => {
      if (after === position) return false
      const others = parts.filter((_, other) => other !== index)
      return stepAnyOrder(others, after, attempt, next)
    }),
  )
  return isTaken || next(position)
}

function stepKeyword(
  keywords: readonly string[],
  name: string | undefined,
  position: number,
  attempt: Attempt,
  next: Continue,
): boolean {
  const word = wordAt(position, attempt)
  if (word === undefined) return false
  const exact = keywords.find(keyword => keyword === word)
  const candidates = exact === undefined ? keywords.filter(keyword => keyword.startsWith(word)) : [exact]
  if (candidates.length !== 1) return fail(position, attempt)
  const keyword = candidates[0]!
  const hadKeyword = attempt.keywords.has(keyword)
  const before = name === undefined ? undefined : attempt.values.get(name)
  attempt.keywords.add(keyword)
  if (name !== undefined) attempt.values.set(name, keyword)
  attempt.ranks.push(exact === undefined ? 3 : 4)
  if (next(position + 1)) return true
  attempt.ranks.pop()
  if (!hadKeyword) attempt.keywords.delete(keyword)
  if (name !== undefined) restore(attempt, name, before)
  return false
}

function stepValue(
  syntax: Extract<Syntax, { kind: 'value' }>,
  position: number,
  attempt: Attempt,
  next: Continue,
): boolean {
  const word = wordAt(position, attempt)
  if (word === undefined) return false
  const value = syntax.read(word)
  if (value === undefined) return fail(position, attempt)
  const before = attempt.values.get(syntax.name)
  const list: StatementValue[] | undefined = syntax.repeats ? (Array.isArray(before) ? before : []) : undefined
  list?.push(value)
  attempt.values.set(syntax.name, list ?? value)
  attempt.ranks.push(syntax.rank)
  const again = syntax.repeats && position + 1 < attempt.words.length
  if ((again && stepValue(syntax, position + 1, attempt, next)) || next(position + 1)) return true
  attempt.ranks.pop()
  list?.pop()
  restore(attempt, syntax.name, before)
  return false
}

function stepRest(name: string, position: number, attempt: Attempt, next: Continue): boolean {
  if (wordAt(position, attempt) === undefined) return false
  const rest = attempt.words.slice(position).map(word => word.text)
  attempt.values.set(name, rest.join(' '))
  attempt.ranks.push(1)
  if (next(attempt.words.length)) return true
  attempt.ranks.pop()
  attempt.values.delete(name)
  return false
}

function wordAt(position: number, attempt: Attempt): string | undefined {
  const word = attempt.words[position]
  if (word === undefined) attempt.ranOut = true
  return word?.text
}

function fail(position: number, attempt: Attempt): false {
  attempt.furthest = Math.max(attempt.furthest, position)
  return false
}

function restore(attempt: Attempt, name: string, before: StatementValue | readonly StatementValue[] | undefined): void {
  if (before === undefined) attempt.values.delete(name)
  else attempt.values.set(name, before)
}
