import { folderOf, resolvePath } from '../config/path.ts'
import type { ReadOnlyFiles } from './files.ts'
import { ScriptText } from './script-text.ts'

/** Nobody calls scripts from scripts deeper than this. */
const DEEPEST = 4

/** A setup script with those that it runs (words that end in `.sh` and are files), which are run in its folder. */
export function readScript(path: string, text: string, files: ReadOnlyFiles): ScriptText {
  const folder = folderOf(path)
  const seen = new Set([path])
  const read = (file: string, content: string, depth: number): ScriptText => {
    const called: ScriptText[] = []
    for (const name of depth < DEEPEST ? scriptNames(content) : []) {
      const other = resolvePath(folder, name)
      const found = seen.has(other) ? undefined : files.readText(other)
      seen.add(other)
      if (found !== undefined) called.push(read(other, found, depth + 1))
    }
    return new ScriptText(file, content, called)
  }
  return read(path, text, 0)
}

function scriptNames(text: string): readonly string[] {
  const lines = text.split('\n').filter(line => !/^\s*#/.test(line))
  return lines.flatMap(line => [...line.matchAll(/[^\s;&|"'`()<>=]+\.sh\b/g)].map(([name]) => name))
}
