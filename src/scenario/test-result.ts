import type { SourceRef } from '../model/source.ts'
import type { CheckOutcome } from './result.ts'

/** Why a scenario could not run, or broke off: a message for people, with its place. */
export interface TestProblem {
  /** Several lines when the place is shown with a caret. */
  readonly text: string
  /** One line. */
  readonly message: string
  readonly source: SourceRef
}

/** One run of one scenario, as reporters get it. Paths are as they are to be shown. */
export interface TestResult {
  readonly file: string
  readonly claim: string
  /** The seed it ran with; undefined when it did not run. */
  readonly seed: number | undefined
  /** `wrong`: the files are wrong; `crashed`: a fault of drylab itself; `skipped`: not run after `--bail`. */
  readonly status: 'holds' | 'fails' | 'wrong' | 'crashed' | 'skipped'
  readonly outcomes: readonly CheckOutcome[]
  readonly problems: readonly TestProblem[]
  readonly simulatedNs: number
  readonly events: number
  /** Real time it took, milliseconds. */
  readonly wallMs: number
  /** Golden files written by `--update`. */
  readonly updated: readonly string[]
}

/** All runs of one scenario: one, or one for each seed. */
export interface TestGroup {
  readonly file: string
  readonly claim: string
  readonly results: readonly TestResult[]
}

/** How many runs ended how. */
export interface TestSummary {
  readonly holds: number
  readonly fails: number
  readonly wrong: number
  readonly skipped: number
  readonly wallMs: number
}

/** Turns results into text, group by group in the order of the files. */
export interface Reporter {
  begin(groups: number): string
  group(group: TestGroup): string
  end(groups: readonly TestGroup[], summary: TestSummary): string
}

export function summarize(groups: readonly TestGroup[], wallMs: number): TestSummary {
  const results = groups.flatMap(group => group.results)
  const count = (...statuses: readonly TestResult['status'][]): number =>
    results.filter(result => statuses.includes(result.status)).length
  return {
    holds: count('holds'),
    fails: count('fails', 'crashed'),
    wrong: count('wrong'),
    skipped: count('skipped'),
    wallMs,
  }
}

/** A run's title: the claim, with the seed when there are several runs. */
export function titleOf(result: TestResult, group: TestGroup): string {
  return group.results.length > 1 && result.seed !== undefined ? `${result.claim} [seed ${result.seed}]` : result.claim
}

/** Everything that is wrong with a run, as text: problems and failed checks with what was seen. */
export function failureLines(result: TestResult): string[] {
  const failed = result.outcomes.filter(outcome => !outcome.holds)
  return [
    ...result.problems.map(problem => problem.text),
    ...failed.map(({ expected, seen, source, atNs }) =>
      [
        `${expected}`,
        `  ${source.file}:${source.line} at ${(atNs / 1e9).toFixed(6)}s`,
        ...seen.map(row => `  ${row}`),
      ].join('\n'),
    ),
  ]
}
