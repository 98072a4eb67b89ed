import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { realFiles } from '../real-files.ts'

/** A scenario file that was found. */
export interface FoundScenario {
  /** Absolute. */
  readonly path: string
  /** As far as it can be seen without reading the file as a whole. */
  readonly claim: string
}

/** Folders in which nobody keeps scenarios. */
const SKIPPED = /^(node_modules|dist|\..*)$/

/**
 * Scenario files below the paths (absolute), each once, in order of path: *.yaml and *.yml with a `claim`. A path that is a
 * file counts as it stands. Undefined for a path that does not exist.
 */
export function findScenarios(path: string): readonly FoundScenario[] | undefined {
  const kind = realFiles.kindOf(path)
  if (kind === undefined) return undefined
  if (kind === 'file') return [{ path, claim: claimOf(path) ?? path }]
  return listFiles(path).flatMap(file => {
    const claim = claimOf(file)
    return claim === undefined ? [] : [{ path: file, claim }]
  })
}

function listFiles(folder: string): string[] {
  const names = readdirSync(folder).sort()
  return names.flatMap(name => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) return SKIPPED.test(name) ? [] : listFiles(path)
    return /\.ya?ml$/.test(name) ? [path] : []
  })
}

function claimOf(path: string): string | undefined {
  const match = /^claim:\s*(.*)$/m.exec(realFiles.readText(path) ?? '')
  return match?.[1]?.replace(/^(["'])(.*)\1\s*$/, '$2').trim()
}
