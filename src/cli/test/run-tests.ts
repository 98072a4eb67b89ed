import type { Reporter, TestGroup, TestResult, TestSummary } from '../../scenario/test-result.ts'
import { summarize } from '../../scenario/test-result.ts'
import type { FoundScenario } from './find-scenarios.ts'
import { emptyResult, type Job } from './job.ts'
import { shortPath } from './run-job.ts'
import { WorkerPool } from './worker-pool.ts'

/** A reporter and where its text goes. */
export interface ReportTarget {
  readonly reporter: Reporter
  write(text: string): void
}

export interface TestPlan {
  readonly scenarios: readonly FoundScenario[]
  /** Runs of each scenario: `{}` is one with the file's own seed. */
  readonly runs: readonly Pick<Job, 'seed' | 'seedOffset'>[]
  readonly jobs: number
  readonly update: boolean
  /** Stop after so many runs that do not hold; 0: never. */
  readonly bail: number
  readonly folder: string
  /** Ends the runs that are under way and skips the others. */
  readonly signal: AbortSignal
  readonly targets: readonly ReportTarget[]
  /** Told whenever something has been done, for a progress line. */
  readonly onProgress: (done: number, all: number, events: number) => void
  /** Called before a report is written. */
  readonly beforeReport: () => void
}

/** How often progress is told, milliseconds. */
const PROGRESS_MS = 100

/** Runs scenarios in threads; reports come in the order of the files whatever ends first. */
export async function runTests(plan: TestPlan): Promise<TestSummary> {
  const startMs = performance.now()
  const all = plan.scenarios.length * plan.runs.length
  const pool = new WorkerPool(Math.max(1, Math.min(plan.jobs, all)))
  plan.signal.addEventListener('abort', () => pool.abort(), { once: true })
  let done = 0
  const ticker = setInterval(() => plan.onProgress(done, all, pool.eventsUnderWay), PROGRESS_MS)
  for (const { reporter, write } of plan.targets) write(reporter.begin(plan.scenarios.length))
  const pending = plan.scenarios.map(scenario => ({
    scenario,
    results: plan.runs.map(async run => {
      const result = await pool.run({ ...scenario, ...run, folder: plan.folder, update: plan.update })
      done += 1
      return result
    }),
  }))
  const groups: TestGroup[] = []
  let bad = 0
  for (const { scenario, results } of pending) {
    const kept: TestResult[] = []
    for (const promise of results) {
      const result = await promise
      // after the bail everything counts as skipped, run or not, so that the report does not hang on the threads' pace
      const isOver = plan.bail > 0 && bad >= plan.bail
      kept.push(isOver ? skipped(scenario, plan.folder) : result)
      if (result.status !== 'holds') bad += 1
      if (plan.bail > 0 && bad >= plan.bail) pool.cancel()
    }
    const group = {
      file: shortPath(plan.folder, scenario.path),
      claim: kept[0]?.claim ?? scenario.claim,
      results: kept,
    }
    groups.push(group)
    plan.beforeReport()
    for (const { reporter, write } of plan.targets) write(reporter.group(group))
  }
  clearInterval(ticker)
  await pool.close()
  const summary = summarize(groups, performance.now() - startMs)
  plan.beforeReport()
  for (const { reporter, write } of plan.targets) write(reporter.end(groups, summary))
  return summary
}

function skipped(scenario: FoundScenario, folder: string): TestResult {
  return emptyResult({ ...scenario, folder, update: false }, shortPath(folder, scenario.path), 'skipped')
}
