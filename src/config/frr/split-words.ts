/** Longest line vtysh reads at once (lib/vty.h VTY_BUFSIZ); longer ones are refused whole. */
export const LINE_CHARACTERS_MAX = 4096

/** Splits a line at blanks. Empty for a blank line and for a comment (`!` or `#` first). */
export function splitWords(line: string): readonly string[] {
  const text = line.trim()
  return text === '' || text[0] === '!' || text[0] === '#' ? [] : text.split(/\s+/)
}

/** Where a word of the line begins, counted from 1: asked of few lines, those that something is said about. */
export function columnOfWord(line: string, index: number): number {
  const words = [...line.matchAll(/\S+/g)]
  return words[index]!.index + 1
}
