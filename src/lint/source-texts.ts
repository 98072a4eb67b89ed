import type { SourceRef } from '../model/source.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'

/**
 * The files that a lab was built from, with what it read of them: positions are looked for here that the models do not
 * keep. Hand `files` to whatever builds the lab.
 */
export class SourceTexts {
  /** Reads through, and remembers what was read. */
  readonly files: ReadOnlyFiles
  /** The file that the user named: findings without a better place stand at its beginning. */
  readonly entry: string
  readonly #texts = new Map<string, string>()
  readonly #lines = new Map<string, readonly string[]>()

  constructor(entry: string, below: ReadOnlyFiles) {
    this.entry = entry
    this.files = {
      readText: path => {
        const text = below.readText(path)
        if (text !== undefined) this.#texts.set(path, text)
        return text
      },
      kindOf: path => below.kindOf(path),
      list: path => below.list(path),
    }
  }

  /** Shell scripts among the files, in the order of their first reading. */
  get scripts(): readonly string[] {
    return [...this.#texts.keys()].filter(path => path.endsWith('.sh'))
  }

  text(path: string): string | undefined {
    return this.#texts.get(path)
  }

  lines(path: string): readonly string[] {
    let lines = this.#lines.get(path)
    if (lines === undefined) {
      lines = (this.#texts.get(path) ?? '').split('\n')
      this.#lines.set(path, lines)
    }
    return lines
  }

  /** The beginning of the file that the user named. */
  get beginning(): SourceRef {
    return { file: this.entry, line: 1, column: 1 }
  }

  /** The first place at or below `from` in its file where the text stands as a word of its own. */
  find(from: SourceRef, wanted: string): SourceRef | undefined {
    const lines = this.lines(from.file)
    for (let index = from.line - 1; index < lines.length; index += 1) {
      const column = indexOfWord(lines[index]!, wanted)
      if (column >= 0) return { file: from.file, line: index + 1, column: column + 1 }
    }
    return undefined
  }
}

/** Where the text stands with nothing around it that would make it a longer name or address; -1 when it does not. */
function indexOfWord(line: string, wanted: string): number {
  for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + 1)) {
    const before = line[at - 1] ?? ' '
    const after = line[at + wanted.length] ?? ' '
    if (!/[\w.]/.test(before) && !/\w/.test(after)) return at
  }
  return -1
}
