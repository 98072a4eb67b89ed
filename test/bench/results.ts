import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Sample } from './benchmark.ts'

/** What a benchmark at one size took. */
export interface Result {
  readonly benchmark: string
  readonly size: string
  readonly series: string
  readonly unit: string
  readonly samples: readonly Sample[]
  /** Most memory that the process ever had, bytes. */
  readonly peakBytes: number
  /** Processor time of the whole process, with what came before and between the phases. */
  readonly processorSeconds: number
  /** Processes that wanted a core when it ended, one minute's average. */
  readonly load?: number
  /** Commit of the source. */
  readonly commit: string
}

/** A benchmark that did not come to its end: out of memory, or wrong. */
export interface Failure {
  readonly benchmark: string
  readonly size: string
  readonly message: string
}

export interface ResultFile {
  readonly machine: {
    readonly node: string
    readonly processor: string
    readonly cores: number
    readonly memoryBytes: number
    readonly system: string
  }
  readonly results: readonly Result[]
  readonly failures: readonly Failure[]
}

export function machineFacts(): ResultFile['machine'] {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
  }
}

export function currentCommit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}

export function readResults(path: string): ResultFile {
  return JSON.parse(readFileSync(path, 'utf8')) as ResultFile
}

/** Writes a result file. Results of other benchmarks and sizes that it has already are kept when it is this machine's. */
export function writeResults(path: string, file: ResultFile): void {
  const old = existsSync(path) ? readResults(path) : undefined
  const merged =
    old !== undefined && JSON.stringify(old.machine) === JSON.stringify(file.machine) ? merge(old, file) : file
  writeFileSync(path, `${JSON.stringify(merged, undefined, 1)}\n`)
}

function merge(old: ResultFile, file: ResultFile): ResultFile {
  const done = new Set([...file.results, ...file.failures].map(keyOf))
  return {
    machine: file.machine,
    results: [...old.results.filter(one => !done.has(keyOf(one))), ...file.results],
    failures: [...old.failures.filter(one => !done.has(keyOf(one))), ...file.failures],
  }
}

function keyOf({ benchmark, size }: { readonly benchmark: string; readonly size: string }): string {
  return `${benchmark} ${size}`
}
