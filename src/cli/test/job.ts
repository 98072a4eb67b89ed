import type { TestResult } from '../../scenario/test-result.ts'

/** What a worker is asked to do. */
export interface Job {
  /** Absolute. */
  readonly path: string
  /** Shown when the file cannot be read. */
  readonly claim: string
  /** Paths are shown relative to this folder. */
  readonly folder: string
  /** Instead of the file's own. */
  readonly seed?: number
  /** Added to the file's own seed. */
  readonly seedOffset?: number
  readonly update: boolean
}

/** What a worker says: how far it is, now and then, or the end. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly simulatedNs: number; readonly events: number }
  | { readonly kind: 'result'; readonly result: TestResult }

/** The result of a run that did not come to its first step. */
export function emptyResult(job: Job, file: string, status: TestResult['status']): TestResult {
  return {
    file,
    claim: job.claim,
    seed: job.seed,
    status,
    outcomes: [],
    problems: [],
    simulatedNs: 0,
    events: 0,
    wallMs: 0,
    updated: [],
  }
}
