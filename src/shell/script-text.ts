import type { SourceRef } from '../model/source.ts'

/** A command of the script with the lines it goes over. */
interface ScriptCommand {
  /** Lines joined as the shell joins them, so that positions in it can be turned back. */
  readonly text: string
  /** Where each line of the file begins in `text`. */
  readonly starts: readonly { readonly offset: number; readonly line: number }[]
}

interface Found {
  readonly script: ScriptText
  /** Of the command; undefined when there is none. */
  readonly index: number | undefined
  /** How many of the words it has. */
  readonly score: number
}

/** Where a command and its words are written. */
export interface CommandPlace {
  readonly source: SourceRef
  /** Place of a word of the command; of the command when the word is not written as it is, but made by the shell. */
  sourceOf(word: string): SourceRef
}

/**
 * A file that commands come from. The shell does not tell where a command stood, so it is looked for: the next one behind
 * the last that was found in which most of the words are written.
 */
export class ScriptText {
  readonly #file: string
  readonly #text: string
  readonly #commands: readonly ScriptCommand[]
  readonly #called: readonly ScriptText[]
  #next = 0

  /** @param called the scripts that this one runs, where commands and here-documents may stand too */
  constructor(file: string, text: string, called: readonly ScriptText[] = []) {
    this.#file = file
    this.#text = text
    this.#commands = splitCommands(text)
    this.#called = called
  }

  /** Undefined when the script has no such command. */
  locate(words: readonly string[]): CommandPlace | undefined {
    const { script, index } = this.#best(words)
    return index === undefined ? undefined : script.#placeOf(index, words)
  }

  /** The command that most words are written in: here, else in a script that this one runs. */
  #best(words: readonly string[]): Found {
    let best: Found = { script: this, ...this.#find(words) }
    for (const script of this.#called) {
      if (best.score === words.length) break
      const found = script.#best(words)
      if (found.score > best.score) best = found
    }
    return best
  }

  #placeOf(index: number, words: readonly string[]): CommandPlace {
    this.#next = index + 1
    const command = this.#commands[index]!
    return {
      source: this.#sourceAt(command, command.text.indexOf(words[0]!)),
      sourceOf: word => this.#sourceAt(command, Math.max(0, command.text.indexOf(word))),
    }
  }

  /** Place of the first line of a text that the script holds, as a here-document does. */
  locateText(text: string): SourceRef | undefined {
    const offset = text === '' ? -1 : this.#text.indexOf(text)
    if (offset < 0) return firstOf(this.#called, script => script.locateText(text))
    return { file: this.#file, line: this.#text.slice(0, offset).split('\n').length, column: 1 }
  }

  #find(words: readonly string[]): Omit<Found, 'script'> {
    const count = this.#commands.length
    let found: number | undefined
    let highest = 0
    for (let step = 0; step < count; step += 1) {
      const index = (this.#next + step) % count
      const { text } = this.#commands[index]!
      if (!text.includes(words[0] ?? '') || !text.includes(words[1] ?? '')) continue
      const score = words.filter(word => text.includes(word)).length
      if (score <= highest) continue
      highest = score
      found = index
      if (score === words.length) break
    }
    return { index: found, score: highest }
  }

  #sourceAt({ starts }: ScriptCommand, offset: number): SourceRef {
    const start = starts.findLast(one => one.offset <= offset) ?? starts[0]!
    return { file: this.#file, line: start.line, column: offset - start.offset + 1 }
  }
}

function firstOf<Item, Found>(items: readonly Item[], look: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** A backslash at the end of a line goes on with the next. */
function splitCommands(text: string): ScriptCommand[] {
  const commands: ScriptCommand[] = []
  let open: { text: string; starts: { offset: number; line: number }[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    open ??= { text: '', starts: [] }
    open.starts.push({ offset: open.text.length, line: index + 1 })
    const goesOn = /\\\s*$/.test(line)
    open.text += goesOn ? `${line.replace(/\\\s*$/, '')} ` : line
    if (goesOn) continue
    if (!/^\s*(#|$)/.test(open.text)) commands.push(open)
    open = undefined
  }
  if (open !== undefined) commands.push(open)
  return commands
}
