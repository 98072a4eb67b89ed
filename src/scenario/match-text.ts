import type { TextMatcher } from './values.ts'

/** Files that hold expected texts. */
export interface GoldenFiles {
  /** Undefined when it is not there. */
  read(path: string): string | undefined
  /** Rewrites a file whose text is not what was printed; undefined: such a text is a mismatch. */
  readonly update?: ((path: string, text: string) => void) | undefined
}

/**
 * Compares a command's output with what a scenario expects. Undefined when it fits, otherwise what was expected.
 */
export function mismatch(actual: string, matcher: TextMatcher, golden: GoldenFiles): string | undefined {
  if (typeof matcher === 'string') return sameText(actual, matcher) ? undefined : `exactly ${JSON.stringify(matcher)}`
  const squeeze = matcher.spaces === 'any' ? squeezeSpaces : (text: string) => text
  const text = squeeze(actual)
  for (const part of matcher.contains === undefined ? [] : [matcher.contains].flat()) {
    if (!text.includes(squeeze(part))) return `containing ${JSON.stringify(part)}`
  }
  if (matcher.matches !== undefined && !new RegExp(matcher.matches, 'mu').test(text))
    return `matching /${matcher.matches}/`
  const lines = actual === '' ? 0 : actual.replace(/\n$/, '').split('\n').length
  if (matcher.lines !== undefined && lines !== matcher.lines) return `${matcher.lines} lines, not ${lines}`
  if (matcher.golden !== undefined) {
    const expected = golden.read(matcher.golden)
    const isSame = expected !== undefined && squeeze(expected) === text
    if (!isSame && golden.update !== undefined) {
      golden.update(matcher.golden, actual)
      return undefined
    }
    if (expected === undefined) return `golden file ${matcher.golden}, which is not there`
    if (!isSame) return `the text of ${matcher.golden}`
  }
  return undefined
}

/** A missing newline at the end of an expected text is no difference: YAML scalars often have none. */
function sameText(actual: string, expected: string): boolean {
  return actual === expected || actual === `${expected}\n`
}

/** Runs of blanks count as one; blanks at the ends of lines do not count. */
function squeezeSpaces(text: string): string {
  return text.replace(/[ \t]+/g, ' ').replace(/^ | $/gm, '')
}
