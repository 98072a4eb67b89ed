import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LinkRecorder } from '../lab/link-recorder.ts'

/** Writes one file per link into a folder, which is made when it is not there. Returns how many. */
export function writeCaptures(recorder: LinkRecorder, folder: string): number {
  const files = recorder.files()
  mkdirSync(folder, { recursive: true })
  for (const { fileName, bytes } of files) writeFileSync(join(folder, fileName), bytes)
  return files.length
}
