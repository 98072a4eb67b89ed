import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments, parseDocument } from 'yaml'
import type { SourceRef } from '../model/source.ts'
import type { Converted, Diagnostic } from './diagnostic.ts'

/** Keys and indices from the root of a document. */
export type YamlPath = readonly (string | number)[]

/** Nobody writes a larger file by hand; refusing it early keeps memory and time bounded. */
const MAX_CHARACTERS = 8_000_000

/** Most times aliases may be expanded: above it the file is a "billion laughs" bomb. */
const MAX_ALIASES = 1000

/** One YAML document with the positions of everything in it. */
export class YamlFile {
  readonly file: string
  /** The document as plain JavaScript data. */
  readonly value: unknown
  readonly #root: Node | null
  readonly #lines: LineCounter

  private constructor(file: string, value: unknown, root: Node | null, lines: LineCounter) {
    this.file = file
    this.value = value
    this.#root = root
    this.#lines = lines
  }

  /** Parses text; mistakes come back as diagnostics with code `yaml/…`. */
  static parse(text: string, file: string): Converted<YamlFile> {
    const refusal = refuse(text)
    if (refusal !== undefined) return { model: undefined, diagnostics: [error(file, refusal, 1, 1)] }
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, merge: true, stringKeys: true, prettyErrors: false })
    if (document.errors.length > 0) {
      const diagnostics = document.errors.map(({ message, pos }) => {
        const at = lines.linePos(pos[0])
        return error(file, firstSentence(message), at.line, at.col)
      })
      return { model: undefined, diagnostics }
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
      return { model: new YamlFile(file, value, document.contents, lines), diagnostics: [] }
    } catch (thrown) {
      // yaml reports unresolved aliases and alias bombs only here
      return { model: undefined, diagnostics: [error(file, firstSentence(String((thrown as Error).message)), 1, 1)] }
    }
  }

  /** Parses a stream of documents separated by `---`; mistakes in any of them come back as diagnostics. */
  static parseAll(text: string, file: string): Converted<readonly YamlFile[]> {
    const refusal = refuse(text)
    if (refusal !== undefined) return { model: undefined, diagnostics: [error(file, refusal, 1, 1)] }
    const lines = new LineCounter()
    const parsed = parseAllDocuments(text, { lineCounter: lines, merge: true, stringKeys: true, prettyErrors: false })
    const documents = Array.isArray(parsed) ? parsed : []
    const diagnostics = documents.flatMap(document =>
      document.errors.map(({ message, pos }) => {
        const at = lines.linePos(pos[0])
        return error(file, firstSentence(message), at.line, at.col)
      }),
    )
    if (diagnostics.length > 0) return { model: undefined, diagnostics }
    const files: YamlFile[] = []
    for (const document of documents) {
      try {
        const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
        files.push(new YamlFile(file, value, document.contents as Node | null, lines))
      } catch (thrown) {
        diagnostics.push(error(file, firstSentence(String((thrown as Error).message)), 1, 1))
      }
    }
    return { model: diagnostics.length > 0 ? undefined : files, diagnostics }
  }

  /** Position of the value at the path, or of the nearest parent that exists. */
  at(path: YamlPath): SourceRef {
    return this.#source(this.#find(path, false))
  }

  /** Position of the key at the path. */
  keyAt(path: YamlPath): SourceRef {
    return this.#source(this.#find(path, true))
  }

  #source(node: Node | null): SourceRef {
    const offset = node?.range?.[0]
    if (offset === undefined) return { file: this.file, line: 1, column: 1 }
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.file, line, column: col }
  }

  #find(path: YamlPath, key: boolean): Node | null {
    let node = this.#root
    for (const [index, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find(item => isScalar(item.key) && item.key.value === step) as
          | Pair<Node, Node>
          | undefined
        if (pair === undefined) return node
        if (key && index === path.length - 1) return pair.key
        node = pair.value ?? pair.key
      } else if (isSeq(node)) {
        const item = node.items[Number(step)] as Node | undefined
        if (item === undefined) return node
        node = item
      } else return node
    }
    return node
  }
}

function refuse(text: string): string | undefined {
  if (text.includes('\0')) return 'this is a binary file, not YAML'
  if (text.length > MAX_CHARACTERS) return `the file is too large (at most ${MAX_CHARACTERS / 1e6} MB)`
  return undefined
}

function firstSentence(message: string): string {
  return message.split('\n')[0]!.replace(/[.:]$/, '')
}

function error(file: string, message: string, line: number, column: number): Diagnostic {
  return { code: 'yaml/syntax', severity: 'error', message, source: { file, line, column } }
}
