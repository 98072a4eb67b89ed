import { type FSWatcher, watch as watchFolder } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { realFiles } from '../real-files.ts'
import type { FoundScenario } from './find-scenarios.ts'

/** Editors write a file in several steps: so long nothing must happen before a run begins, milliseconds. */
const REST_MS = 150

/**
 * Runs now and after each change in the folders of the scenarios and their labs, until Ctrl-C; one during a run lets the run
 * end, a second does not. Returns the last exit status.
 */
export async function watch(find: () => readonly FoundScenario[], run: () => Promise<number>): Promise<number> {
  let stop = (): void => {}
  let isOver = false
  process.on('SIGINT', () => {
    if (isOver) process.exit(130)
    isOver = true
    stop()
  })
  for (;;) {
    const exitCode = await run()
    // said before anything is watched: the output itself may go to a file there
    process.stdout.write('\nwaiting for changes (Ctrl-C ends)\n')
    const change = nextChange(foldersOf(find()))
    stop = change.stop
    if (isOver) stop()
    await change.happened
    if (isOver) return exitCode
    if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H')
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

interface Change {
  readonly happened: Promise<void>
  stop(): void
}

function nextChange(folders: readonly string[]): Change {
  const watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined
  let stop = (): void => {}
  const happened = new Promise<void>(resolvePromise => {
    stop = () => {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      resolvePromise()
    }
  })
  for (const folder of folders)
    watchers.push(
      watchFolder(folder, { recursive: true }, () => {
        clearTimeout(timer)
        timer = setTimeout(stop, REST_MS)
      }),
    )
  return { happened, stop }
}
