import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import type { ReadOnlyFiles } from '../shell/files.ts'

/** Above this a file is read only so far: every reader refuses such a length anyway, with a message. */
const LARGEST_READ = 16_000_000

/** The files of the real machine, for reading only. */
export const realFiles: ReadOnlyFiles = {
  readText(path) {
    try {
      const { size } = statSync(path)
      return size > LARGEST_READ ? readStart(path) : readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
  },
  kindOf(path) {
    try {
      return statSync(path).isDirectory() ? 'folder' : 'file'
    } catch {
      return undefined
    }
  },
  list(path) {
    try {
      return readdirSync(path).sort()
    } catch {
      return []
    }
  },
}

function readStart(path: string): string {
  const buffer = Buffer.alloc(LARGEST_READ)
  const file = openSync(path, 'r')
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, LARGEST_READ, 0))
  } finally {
    closeSync(file)
  }
}
