import type { FrrVersion } from '../../model/frr-version.ts'
import { matchSyntax, type SyntaxMatch } from './match-syntax.ts'
import type { Word } from './split-words.ts'
import type { NodeKind, Statement } from './statement.ts'
import { STATEMENTS } from './statements/table.ts'
import { compileSyntax, type Syntax } from './syntax.ts'

interface IndexedStatement {
  readonly statement: Statement
  readonly syntax: Syntax
  readonly isNegated: boolean
  readonly fixed: readonly FixedKeyword[]
}

/** A keyword that every line of a statement has at the same place, counted from its first word. */
interface FixedKeyword {
  readonly position: number
  readonly word: string
}

export interface FoundStatement {
  readonly kind: 'found'
  readonly statement: Statement
  readonly match: SyntaxMatch
  readonly isNegated: boolean
}

/** `failedWord` is the index of the first word that fits nowhere. */
export type StatementSearch =
  | FoundStatement
  | { readonly kind: 'unknown' | 'incomplete' | 'ambiguous'; readonly failedWord: number }

let index: ReadonlyMap<string, readonly IndexedStatement[]> | undefined

/**
 * The statement of one node that a line is. Where several fit, keywords beat values from the left on and whole keywords
 * beat abbreviated ones; two equally good abbreviations are ambiguous (FRR lib/command_match.c `disambiguate`).
 */
export function findStatement(node: NodeKind, words: readonly Word[], version: FrrVersion): StatementSearch {
  const isNegated = words[0]?.text === 'no'
  const start = isNegated ? 1 : 0
  const first = words[start]?.text
  if (first === undefined) return { kind: 'incomplete', failedWord: 0 }
  index ??= buildIndex()
  const entries = index.get(bucketOf(node, isNegated, first)) ?? []
  // Most statements of a node cannot be the line for a keyword alone. All are asked only for what to say of a line that is none.
  const found = search(
    entries.filter(entry => hasKeywords(entry, words, start)),
    words,
    version,
  )
  return found.kind === 'unknown' || found.kind === 'incomplete' ? search(entries, words, version) : found
}

function hasKeywords({ fixed }: IndexedStatement, words: readonly Word[], start: number): boolean {
  for (const { position, word } of fixed) {
    const given = words[start + position]
    if (given === undefined || !word.startsWith(given.text)) return false
  }
  return true
}

function search(entries: readonly IndexedStatement[], words: readonly Word[], version: FrrVersion): StatementSearch {
  const isNegated = words[0]?.text === 'no'
  const start = isNegated ? 1 : 0
  let best: FoundStatement | undefined
  let isAmbiguous = false
  let isIncomplete = false
  let failedWord = 0
  for (const entry of entries) {
    if ((entry.statement.since ?? 0) > version) continue
    const match = matchSyntax(entry.syntax, words, start)
    if ('failedWord' in match) {
      isIncomplete ||= match.isIncomplete
      failedWord = Math.max(failedWord, match.failedWord)
      continue
    }
    if (entry.statement.isWholeWords && match.ranks.includes(3)) continue
    const order = best === undefined ? 1 : compareRanks(match.ranks, best.match.ranks)
    if (order > 0) best = { kind: 'found', statement: entry.statement, match, isNegated }
    if (order !== 0) isAmbiguous = order > 0 ? false : isAmbiguous
    else if (match.ranks.includes(3) && !hasSameKeywords(match, best!.match)) isAmbiguous = true
  }
  if (best === undefined) return { kind: isIncomplete ? 'incomplete' : 'unknown', failedWord }
  return isAmbiguous ? { kind: 'ambiguous', failedWord: words.length - 1 } : best
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  for (const [position, rank] of one.entries()) {
    const difference = rank - (other[position] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function hasSameKeywords(one: SyntaxMatch, other: SyntaxMatch): boolean {
  return [...one.keywords].join(' ') === [...other.keywords].join(' ')
}

function buildIndex(): ReadonlyMap<string, readonly IndexedStatement[]> {
  const built = new Map<string, IndexedStatement[]>()
  for (const statement of STATEMENTS) {
    addToIndex(built, statement, statement.syntax, false)
    addToIndex(built, statement, statement.no, true)
  }
  return built
}

function addToIndex(
  built: Map<string, IndexedStatement[]>,
  statement: Statement,
  notation: string | undefined,
  isNegated: boolean,
): void {
  if (notation === undefined) return
  const key = bucketOf(statement.node, isNegated, notation)
  const bucket = built.get(key) ?? []
  built.set(key, bucket)
  const syntax = compileSyntax(notation)
  bucket.push({ statement, syntax, isNegated, fixed: fixedKeywords(syntax) })
}

/** As far as every part before takes exactly one word. */
function fixedKeywords(syntax: Syntax): readonly FixedKeyword[] {
  const parts = syntax.kind === 'sequence' ? syntax.parts : [syntax]
  const fixed: FixedKeyword[] = []
  for (const [position, part] of parts.entries()) {
    if (part.kind === 'keyword') fixed.push({ position, word: part.word })
    else if (part.kind !== 'choice' && (part.kind !== 'value' || part.repeats)) break
  }
  return fixed
}

/** Statements are kept by their first letter; every notation begins with a keyword. */
function bucketOf(node: NodeKind, isNegated: boolean, text: string): string {
  return `${node} ${isNegated ? 'no ' : ''}${text[0]}`
}
