import { realFiles } from '../../../src/cli/real-files.ts'
import type { ClosOptions } from '../../../src/generate/clos-options.ts'
import { generateClos } from '../../../src/generate/generate-clos.ts'
import type { ReadOnlyFiles } from '../../../src/shell/files.ts'
import { type OpenedLab, openLab } from '../../../src/shell/open-lab.ts'

const FOLDER = '/lab'

/** No benchmark may be stopped by the limit that protects users. */
const MANY_EVENTS = 1e12

/** Files as a folder `/lab`, without touching the disk. */
export function inMemory(texts: ReadonlyMap<string, string>): ReadOnlyFiles {
  const inside = (path: string) => path.slice(FOLDER.length + 1)
  return {
    readText: path => texts.get(inside(path)) ?? realFiles.readText(path),
    kindOf: path => (texts.has(inside(path)) ? 'file' : realFiles.kindOf(path)),
    list: path => realFiles.list(path),
  }
}

/** Files of a generated fabric. */
export function closFiles(options: ClosOptions): ReadonlyMap<string, string> {
  const lab = generateClos(options)
  if ('problems' in lab) throw new Error(lab.problems.join('\n'))
  return lab.files
}

/** Deploys `/lab/lab.clab.yml`, or what else is named, without letting any simulated time pass beyond that. */
export async function openInMemory(texts: ReadonlyMap<string, string>, name = 'lab.clab.yml'): Promise<OpenedLab> {
  const opened = await openLab({ path: `${FOLDER}/${name}`, files: inMemory(texts), maxEvents: MANY_EVENTS })
  if (opened.setup.exitCode !== 0) throw new Error(opened.setup.stderr)
  return opened
}
