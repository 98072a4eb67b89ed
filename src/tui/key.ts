/** The part of ink's key that is looked at. */
interface InkKey {
  readonly upArrow?: boolean
  readonly downArrow?: boolean
  readonly leftArrow?: boolean
  readonly rightArrow?: boolean
  readonly pageDown?: boolean
  readonly pageUp?: boolean
  readonly home?: boolean
  readonly end?: boolean
  readonly return?: boolean
  readonly escape?: boolean
  readonly tab?: boolean
  readonly shift?: boolean
  readonly backspace?: boolean
  readonly delete?: boolean
  readonly ctrl?: boolean
  readonly meta?: boolean
}

const NAMED: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
]

/**
 * Names of the keys that one chunk of input holds, as the keymap writes them: `j`, `G`, `enter`, `ctrl-c`, `shift-tab`,
 * `space`. Pasted or quickly typed text comes as several letters at once: one name each.
 */
export function keyNames(input: string, key: InkKey): readonly string[] {
  if (key.tab === true) return [key.shift === true ? 'shift-tab' : 'tab']
  if (key.escape === true && key.meta === true) return ['escape', 'escape']
  const named = NAMED.find(([property]) => key[property] === true)
  if (named !== undefined) return [named[1]]
  // a key typed right after Esc comes as one with Alt
  if (key.meta === true && input !== '') return ['escape', ...letterNames(input)]
  if (key.ctrl === true && input !== '') return [`ctrl-${input.toLowerCase()}`]
  return letterNames(input)
}

function letterNames(input: string): readonly string[] {
  return [...input].map(letter => LETTERS[letter] ?? (letter < ' ' ? `ctrl-${controlLetter(letter)}` : letter))
}

/** Ctrl and a letter is the letter's code without its upper bits (ECMA-48 control characters). */
function controlLetter(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 0x60)
}

const LETTERS: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\u0003': 'ctrl-c',
}

/**
 * Keys written as one text: letters stand for themselves, other keys are in angle brackets: `jj<enter>:routes<enter>`.
 * `<lt>` is the letter <.
 */
export function parseKeys(text: string): readonly string[] {
  return [...text.matchAll(/<([a-z-]+)>|([\s\S])/g)].map(([, name, letter]) => {
    if (name !== undefined) return name === 'lt' ? '<' : name
    return LETTERS[letter!] ?? letter!
  })
}
