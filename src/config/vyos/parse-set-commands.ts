import type { Diagnostic } from '../diagnostic.ts'
import type { ParsedTree } from './parse-tree.ts'
import { type ConfigNode, childOf, createNode } from './tree.ts'

/** Whether a text is a list of `set …` commands and not a config.boot. */
export function isSetCommands(text: string): boolean {
  const first = /^[ \t]*(?!#)(\S+)[ \t]/m.exec(text)
  return first !== null && /^(set|delete|configure)$/.test(first[1]!)
}

/** The tree that a list of `set` and `delete` commands builds; values become children without anything below. */
export function parseSetCommands(text: string, file: string): ParsedTree {
  const root = createNode('', 1, 1)
  const diagnostics: Diagnostic[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)].map(match => ({
      text: match[1] ?? match[2] ?? match[0],
      column: match.index + 1,
    }))
    const [verb, ...path] = words
    if (verb === undefined || verb.text.startsWith('#') || /^(configure|commit|save|exit|comment)$/.test(verb.text))
      continue
    if (verb.text === 'set' && path.length > 0) addPath(root, path, index + 1)
    else if (verb.text === 'delete' && path.length > 0) deletePath(root, path)
    else {
      const source = { file, line: index + 1, column: verb.column }
      diagnostics.push({ code: 'vyos/syntax', severity: 'error', message: 'neither set nor delete', source })
    }
  }
  return { root, diagnostics }
}

interface PathWord {
  readonly text: string
  readonly column: number
}

function addPath(root: ConfigNode, path: readonly PathWord[], line: number): void {
  let node = root
  for (const { text, column } of path) node = childOf(node, text, line, column)
}

function deletePath(root: ConfigNode, path: readonly PathWord[]): void {
  let node: ConfigNode | undefined = root
  for (const { text } of path.slice(0, -1)) node = node?.children.get(text)
  node?.children.delete(path.at(-1)!.text)
}
