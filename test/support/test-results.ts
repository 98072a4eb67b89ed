import type { CheckOutcome } from '../../src/scenario/result.ts'
import type { TestGroup, TestResult } from '../../src/scenario/test-result.ts'
import { summarize } from '../../src/scenario/test-result.ts'

const source = { file: 'claims/a.yaml', line: 7, column: 9 }

/** A check that does not hold, with characters that every format must escape. */
const FAILED: CheckOutcome = {
  holds: false,
  expected: 'output with <tags> & "quotes", 100% # no directive',
  seen: ['a\u0007bell', 'line one'],
  atNs: 1_500_000_000,
  source,
  journal: ['1.000000s leaf1 bgp.session state=down'],
  seed: 3,
}

function result(part: Partial<TestResult>): TestResult {
  return {
    file: 'claims/a.yaml',
    claim: 'A claim',
    seed: 1,
    status: 'holds',
    outcomes: [],
    problems: [],
    simulatedNs: 2e9,
    events: 10,
    wallMs: 12,
    updated: [],
    ...part,
  }
}

/** Groups with every status: a claim that holds, one that fails with one seed of two, one that is wrong, crashed and skipped ones. */
export const GROUPS: readonly TestGroup[] = [
  { file: 'claims/a.yaml', claim: 'A claim', results: [result({ outcomes: [{ ...FAILED, holds: true }] })] },
  {
    file: 'claims/b.yaml',
    claim: 'Luck # matters',
    results: [
      result({ file: 'claims/b.yaml', claim: 'Luck # matters', seed: 2 }),
      result({ file: 'claims/b.yaml', claim: 'Luck # matters', seed: 3, status: 'fails', outcomes: [FAILED] }),
    ],
  },
  {
    file: 'claims/c.yaml',
    claim: 'Wrong',
    results: [
      result({
        file: 'claims/c.yaml',
        claim: 'Wrong',
        seed: undefined,
        status: 'wrong',
        problems: [
          { text: 'claims/c.yaml:2:1: error: unknown key\n  2 | x: 1\n    | ^', message: 'unknown key', source },
        ],
      }),
    ],
  },
  { file: 'claims/d.yaml', claim: 'Crashed', results: [result({ claim: 'Crashed', status: 'crashed' })] },
  { file: 'claims/e.yaml', claim: 'Skipped', results: [result({ claim: 'Skipped', status: 'skipped' })] },
]

export const SUMMARY = summarize(GROUPS, 1234)
