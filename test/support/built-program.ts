import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { ROOT } from './open-settled-lab.ts'

/** The built program, for `node`. */
export const PROGRAM = join(ROOT, 'dist/cli/main.js')

export type Ended = Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>

/** Runs the built program to its end, as a user does. */
export function runProgram(args: readonly string[], options: { cwd?: string; input?: string } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    ...options,
  })
  return { status, stdout, stderr }
}

/** A folder that is there as long as the tests of the file that asks for it. */
export class ScratchFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'drylab-'))

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true }))
  }

  /** Writes a file into it. Returns its path. */
  file(name: string, text: string): string {
    const path = join(this.path, name)
    writeFileSync(path, text)
    return path
  }
}

/** Two containers with a cable between them, 10.0.1.1 and 10.0.1.2. */
export const TWO_NODES = `name: two
topology:
  nodes:
    a: {kind: linux, exec: ["ip a a 10.0.1.1/24 dev eth1"]}
    b: {kind: linux, exec: ["ip a a 10.0.1.2/24 dev eth1"]}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`
