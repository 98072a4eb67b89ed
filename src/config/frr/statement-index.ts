import type { FrrVersion } from '../../model/frr-version.ts'
import { compileMatcher, type Matcher, matchSyntax, type SyntaxMatch } from './match-syntax.ts'
import type { NodeKind, Statement } from './statement.ts'
import { STATEMENTS } from './statements/table.ts'
import { compileSyntax, leadingKeywords } from './syntax.ts'

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

/** The statements of each node by their first letter; every notation begins with a keyword. */
type StatementIndex = ReadonlyMap<NodeKind, ReadonlyMap<string, Candidates>>

let plainStatements: StatementIndex | undefined
let negatedStatements: StatementIndex | undefined

/**
 * The statement of one node that a line is. Where several fit, keywords beat values from the left on and whole keywords
 * beat abbreviated ones; two equally good abbreviations are ambiguous (FRR lib/command_match.c `disambiguate`).
 */
export function findStatement(node: NodeKind, words: readonly string[], version: FrrVersion): StatementSearch {
  const isNegated = words[0] === 'no'
  const start = isNegated ? 1 : 0
  const first = words[start]
  if (first === undefined) return { kind: 'incomplete', failedWord: 0 }
  plainStatements ??= buildIndex(statement => statement.syntax)
  negatedStatements ??= buildIndex(statement => statement.no)
  const candidates = (isNegated ? negatedStatements : plainStatements).get(node)?.get(first[0]!)
  if (candidates === undefined) return { kind: 'unknown', failedWord: 0 }
  // Most statements of a node cannot be the line for a keyword alone. All are asked only for what to say of a line that is none.
  const found = search(candidates.narrow(words, start), words, version)
  return found.kind === 'unknown' || found.kind === 'incomplete' ? search(candidates.entries, words, version) : found
}

/** One way to write a statement. What reads it is made when a line may be it: most are never met. */
class IndexedStatement {
  readonly statement: Statement
  readonly #notation: string
  #keywords: ReadonlyMap<number, string> | undefined
  #matcher: Matcher | undefined

  constructor(statement: Statement, notation: string) {
    this.statement = statement
    this.#notation = notation
  }

  /** The keywords that each of its lines has at the same place, by that place. */
  get keywords(): ReadonlyMap<number, string> {
    this.#keywords ??= leadingKeywords(this.#notation)
    return this.#keywords
  }

  get matcher(): Matcher {
    this.#matcher ??= compileMatcher(compileSyntax(this.#notation))
    return this.#matcher
  }
}

/** Statements in the order of the table, and the fewer that are left of them once more of the line is known. */
class Candidates {
  readonly entries: IndexedStatement[]
  /** Keywords before this place told nothing more. */
  readonly #from: number
  /** Where the next keyword of any of them stands; infinite when there is none. */
  #place: number | undefined
  /** What is left for a word there that begins a keyword: such words are few. */
  readonly #byWord = new Map<string, Candidates>()
  /** What is left for any other word. */
  #others: Candidates | undefined

  constructor(entries: IndexedStatement[], from = 0) {
    this.entries = entries
    this.#from = from
  }

  /** Those of which the line has every keyword, in any abbreviation. */
  narrow(words: readonly string[], start: number): readonly IndexedStatement[] {
    if (this.entries.length <= 1) return this.entries
    this.#place ??= this.#nextPlace()
    if (this.#place === Number.POSITIVE_INFINITY) return this.entries
    return this.#having(words[start + this.#place] ?? '', this.#place).narrow(words, start)
  }

  #nextPlace(): number {
    const places = this.entries.flatMap(entry => [...entry.keywords.keys()])
    return Math.min(...places.filter(place => place >= this.#from))
  }

  /** @param word empty where the line has ended */
  #having(word: string, place: number): Candidates {
    const known = this.#byWord.get(word)
    if (known !== undefined) return known
    const isBegun = (keyword: string | undefined) => word !== '' && keyword?.startsWith(word) === true
    const isNew = this.entries.some(({ keywords }) => isBegun(keywords.get(place)))
    if (!isNew && this.#others !== undefined) return this.#others
    const entries = this.entries.filter(({ keywords }) => !keywords.has(place) || isBegun(keywords.get(place)))
    const left = new Candidates(entries, place + 1)
    if (isNew) this.#byWord.set(word, left)
    else this.#others = left
    return left
  }
}

function buildIndex(notationOf: (statement: Statement) => string | undefined): StatementIndex {
  const index = new Map<NodeKind, Map<string, Candidates>>()
  for (const statement of STATEMENTS) {
    const notation = notationOf(statement)
    if (notation === undefined) continue
    const ofNode = index.get(statement.node) ?? new Map<string, Candidates>()
    index.set(statement.node, ofNode)
    const candidates = ofNode.get(notation[0]!) ?? new Candidates([])
    ofNode.set(notation[0]!, candidates)
    candidates.entries.push(new IndexedStatement(statement, notation))
  }
  return index
}

function search(entries: readonly IndexedStatement[], words: readonly string[], version: FrrVersion): StatementSearch {
  const isNegated = words[0] === 'no'
  const start = isNegated ? 1 : 0
  let best: FoundStatement | undefined
  let isAmbiguous = false
  let isIncomplete = false
  let failedWord = 0
  for (const entry of entries) {
    if ((entry.statement.since ?? 0) > version) continue
    const match = matchSyntax(entry.matcher, words, start)
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
  return [...new Set(one.keywords)].join(' ') === [...new Set(other.keywords)].join(' ')
}
