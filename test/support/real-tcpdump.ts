import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const version = spawnSync('tcpdump', ['--version'], { encoding: 'utf8' })
/** Whether the tcpdump that drylab imitates is installed. Differential tests are skipped, visibly, where it is not. */
export const hasRealTcpdump = /tcpdump version 4\.99\.3/.test(`${version.stdout}${version.stderr}`)
export const hasTshark = spawnSync('tshark', ['--version']).status === 0

export interface ToolResult {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** Writes a file, runs a program that reads it, and takes both away again. Times of day are in UTC. */
export function runOnFile(program: string, bytes: Uint8Array, args: (path: string) => readonly string[]): ToolResult {
  const folder = mkdtempSync(join(tmpdir(), 'drylab-capture-'))
  try {
    const path = join(folder, 'capture')
    writeFileSync(path, bytes)
    const result = spawnSync(program, args(path), {
      encoding: 'latin1',
      env: { ...process.env, TZ: 'UTC' },
      maxBuffer: 1e9,
    })
    const clean = (text: string): string => text.replaceAll(path, 'FILE')
    return { stdout: clean(result.stdout), stderr: clean(result.stderr), status: result.status ?? -1 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the real tcpdump prints for a capture. */
export function realTcpdump(bytes: Uint8Array, args: readonly string[]): ToolResult {
  return runOnFile('tcpdump', bytes, path => ['-r', path, ...args])
}
