import { type FSWatcher, watch as watchFolder } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { realFiles } from '../real-files.ts'
import type { FoundScenario } from './find-scenarios.ts'

/** Editors write a file in several steps: so long nothing must happen before a run begins, milliseconds. */
const REST_MS = 150

/** Runs now and after each change in the folders of the scenarios and their labs, until Ctrl-C. Returns the last exit status. */
export async function watch(find: () => readonly FoundScenario[], run: () => Promise<number>): Promise<number> {
  let exitCode = await run()
  for (;;) {
    process.stdout.write('\nwaiting for changes (Ctrl-C ends)\n')
    if ((await nextChange(foldersOf(find()))) === 'interrupt') return exitCode
    if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H')
    exitCode = await run()
  }
}

function foldersOf(scenarios: readonly FoundScenario[]): readonly string[] {
  const folders = new Set<string>()
  for (const { path } of scenarios) {
    folders.add(dirname(path))
    const lab = /^lab:\s*["']?([^\s"'#]+)/m.exec(realFiles.readText(path) ?? '')?.[1]
    if (lab !== undefined) folders.add(dirname(resolve(dirname(path), lab)))
  }
  const all = [...folders].filter(folder => realFiles.kindOf(folder) === 'folder').sort()
  return all.filter(folder => !all.some(other => other !== folder && folder.startsWith(`${other}/`)))
}

async function nextChange(folders: readonly string[]): Promise<'change' | 'interrupt'> {
  const watchers: FSWatcher[] = []
  return new Promise(resolvePromise => {
    let timer: NodeJS.Timeout | undefined
    const end = (why: 'change' | 'interrupt'): void => {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      process.off('SIGINT', interrupt)
      resolvePromise(why)
    }
    const interrupt = (): void => end('interrupt')
    process.on('SIGINT', interrupt)
    for (const folder of folders)
      watchers.push(
        watchFolder(folder, { recursive: true }, () => {
          clearTimeout(timer)
          timer = setTimeout(end, REST_MS, 'change')
        }),
      )
  })
}
