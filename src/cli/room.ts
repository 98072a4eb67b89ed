import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { realFiles } from './real-files.ts'

/** Topologies from this size on have more than a thousand links, bytes. */
const LARGE_TOPOLOGY = 100_000
/** Scenarios and setup scripts, which name the topology, are shorter, bytes. */
const LONGEST_SCRIPT = 1_000_000
const TOPOLOGY = /\.clab\.ya?ml$/
const NAMED_FILE = /[\w./-]+\.(?:clab\.ya?ml|sh)\b/g
const MEGABYTE = 2 ** 20
/**
 * Room for young objects, megabytes. With the engine's own 16 the collector visits every page of a heap of gigabytes some
 * thousand times a minute: a fabric of 544 switches takes a sixth longer to settle.
 */
export const YOUNG_MEGABYTES = 64
/** Of the memory of the machine, or of the container. */
const HEAP_SHARE = 0.75

/** Whether the arguments lead to a lab that is better run in a process with more room than this one has. */
export function wantsRoom(args: readonly string[]): boolean {
  const chosen = `${process.env.NODE_OPTIONS ?? ''} ${process.execArgv.join(' ')}`
  return !/semi-space-size|old-space-size/.test(chosen) && args.some(arg => leadsToLarge(arg, 2))
}

/** Runs the command line again with that room. Returns its exit status. */
export function runWithRoom(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...roomOptions(), process.argv[1]!, ...args], {
    stdio: 'inherit',
  })
  // a terminal tells both of Ctrl-C, and hearing it twice ends the child at once
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(stream => stream.isTTY)
  const forward = (signal: NodeJS.Signals): void => void ((signal === 'SIGINT' && hasTerminal) || child.kill(signal))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward)
  return new Promise((settle, fail) => {
    child.on('error', fail)
    child.on('exit', (code, signal) => settle(code ?? 128 + constants.signals[signal!]))
  })
}

function roomOptions(): readonly string[] {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const heap = Math.max(memory * HEAP_SHARE, getHeapStatistics().heap_size_limit)
  return [`--max-semi-space-size=${YOUNG_MEGABYTES}`, `--max-old-space-size=${Math.floor(heap / MEGABYTE)}`]
}

/** Whether a file is a large topology, or names one, with so many files between them at most. */
function leadsToLarge(path: string, between: number): boolean {
  const bytes = fileBytes(path)
  if (TOPOLOGY.test(path)) return bytes >= LARGE_TOPOLOGY
  if (between === 0 || bytes === 0 || bytes > LONGEST_SCRIPT || !/\.(?:ya?ml|sh)$/.test(path)) return false
  const named = realFiles.readText(path)?.match(NAMED_FILE) ?? []
  return named.some(name => leadsToLarge(resolve(dirname(path), name), between - 1))
}

/** 0 for what is no file that could be read. */
function fileBytes(path: string): number {
  try {
    const found = statSync(path)
    return found.isFile() ? found.size : 0
  } catch {
    return 0 // an argument may be anything
  }
}
