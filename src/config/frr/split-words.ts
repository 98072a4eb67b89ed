/** One word of a configuration line; columns count from 1. */
export interface Word {
  readonly text: string
  readonly column: number
}

/** Longest line vtysh reads at once (lib/vty.h VTY_BUFSIZ); longer ones are refused whole. */
export const LINE_CHARACTERS_MAX = 4096

/** Splits a line at blanks. Empty for a blank line and for a comment (`!` or `#` first). */
export function splitWords(line: string): readonly Word[] {
  const words: Word[] = []
  for (const match of line.matchAll(/\S+/g)) words.push({ text: match[0], column: match.index + 1 })
  const first = words[0]?.text[0]
  return first === '!' || first === '#' ? [] : words
}
