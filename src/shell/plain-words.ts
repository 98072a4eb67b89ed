/** Characters that mean something to the shell outside quotes. */
const SHELL_CHARACTERS = new Set('|&;<>()$`\n*?[]{}~!#\\')

/**
 * Splits text that is one plain command into its words, quotes resolved. Undefined when the text needs the shell's language
 * (pipes, variables, globs, several lines) or is empty.
 */
export function plainWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (const character of text.trim()) {
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (quote === '"' && (character === '$' || character === '`' || character === '\\')) return undefined
      else word += character
    } else if (character === "'" || character === '"') {
      quote = character
      word ??= ''
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (SHELL_CHARACTERS.has(character)) return undefined
    else word = (word ?? '') + character
  }
  if (quote !== '') return undefined
  if (word !== undefined) words.push(word)
  if (words.length === 0 || /^[A-Za-z_]\w*=/.test(words[0]!)) return undefined
  return words
}
