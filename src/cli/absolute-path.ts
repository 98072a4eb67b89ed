import { resolve } from 'node:path'

/** A path as seen from the working folder. */
export function absolutePath(path: string): string {
  return resolve(path)
}
