/** One word of a command's syntax. */
type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: VariableName }

/** FRR's names for kinds of words: upper case in a syntax. */
type VariableName = 'A.B.C.D' | 'A.B.C.D/M' | 'WORD' | 'NUMBER' | 'REST'

/** One way to spell a command, and what it means. */
interface Path<Meaning> {
  readonly tokens: readonly Token[]
  readonly meaning: Meaning
}

export type Parsed<Meaning> =
  /** `words`: the input with abbreviated literals written out. */
  | { readonly kind: 'found'; readonly meaning: Meaning; readonly words: readonly string[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'ambiguous' }

const VARIABLES: ReadonlySet<string> = new Set(['A.B.C.D', 'A.B.C.D/M', 'WORD', 'NUMBER', 'REST'])

/**
 * A set of commands, matched as FRR's parser does (lib/command_match.c): literals may be abbreviated as long as they are
 * unambiguous, an exact literal beats everything else, a variable of the right form beats a free word.
 *
 * Syntax: words separated by blanks; `[x y]` may be left out; `<a|b c>` offers a choice; no nesting of the same bracket.
 */
export class Grammar<Meaning> {
  readonly #paths: Path<Meaning>[] = []

  add(syntax: string, meaning: Meaning): void {
    for (const tokens of expand(syntax)) this.#paths.push({ tokens, meaning })
  }

  parse(words: readonly string[]): Parsed<Meaning> {
    let alive = this.#paths.map(path => ({ path, written: [] as string[] }))
    for (const [index, word] of words.entries()) {
      const scored = alive
        .map(state => ({ ...state, token: tokenAt(state.path, index) }))
        .map(state => ({ ...state, score: state.token === undefined ? 0 : score(state.token, word) }))
      const best = Math.max(0, ...scored.map(state => state.score))
      if (best === 0) return { kind: 'unknown' }
      alive = scored
        .filter(state => state.score === best)
        .map(({ path, written, token }) => ({
          path,
          written: [...written, token?.kind === 'literal' ? token.text : word],
        }))
    }
    return conclude(alive, words.length)
  }
}

function conclude<Meaning>(
  alive: readonly { readonly path: Path<Meaning>; readonly written: readonly string[] }[],
  count: number,
): Parsed<Meaning> {
  const complete = alive.filter(({ path }) => isCompleteAt(path, count))
  const first = complete[0]
  const spellings = new Set(alive.map(({ written }) => written.join(' ')))
  if (spellings.size > 1) return { kind: 'ambiguous' }
  if (first === undefined) return { kind: 'incomplete' }
  return { kind: 'found', meaning: first.path.meaning, words: first.written }
}

function tokenAt<Meaning>(path: Path<Meaning>, index: number): Token | undefined {
  const last = path.tokens.at(-1)
  if (index < path.tokens.length) return path.tokens[index]
  return last?.kind === 'variable' && last.name === 'REST' ? last : undefined
}

function isCompleteAt<Meaning>(path: Path<Meaning>, count: number): boolean {
  const last = path.tokens.at(-1)
  if (last?.kind === 'variable' && last.name === 'REST') return count >= path.tokens.length - 1
  return count === path.tokens.length
}

/** 0: no match. */
function score(token: Token, word: string): number {
  if (token.kind === 'literal') return token.text === word ? 5 : token.text.startsWith(word) ? 3 : 0
  switch (token.name) {
    case 'A.B.C.D':
      return /^\d{1,3}(\.\d{1,3}){3}$/.test(word) ? 4 : 0
    case 'A.B.C.D/M':
      return /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(word) ? 4 : 0
    case 'NUMBER':
      return /^\d+$/.test(word) ? 4 : 0
    case 'WORD':
      return 2
    case 'REST':
      return 1
  }
}

/** All spellings of a syntax. */
function expand(syntax: string): readonly (readonly Token[])[] {
  let sequences: Token[][] = [[]]
  for (const part of syntax.match(/\[[^\]]*\]|<[^>]*>|\S+/g) ?? []) {
    const inner = part.slice(1, -1)
    const choices = part.startsWith('[')
      ? [[], ...expand(inner)]
      : part.startsWith('<')
        ? inner.split('|').flatMap(choice => expand(choice))
        : [[token(part)]]
    sequences = sequences.flatMap(sequence => choices.map(choice => [...sequence, ...choice]))
  }
  return sequences
}

function token(text: string): Token {
  return VARIABLES.has(text) ? { kind: 'variable', name: text as VariableName } : { kind: 'literal', text }
}
