import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { sarifLog } from '../../src/lint/render-sarif.ts'
import type { Report } from '../../src/lint/report.ts'
import { LINT_RULES } from '../../src/lint/rules.ts'

const REPORT: Report = {
  rule: 'bgp/as-mismatch',
  level: 'error',
  isUnreadable: false,
  isUnmodelled: false,
  message: 'a expects AS 1 of its peer 10.0.0.2, but b is in AS 2',
  source: { file: '/repo/labs/my lab/a.conf', line: 3, column: 2 },
  fix: 'write 2 here',
}
const FOREIGN: Report = { ...REPORT, rule: 'frr/not-modelled', level: 'info', isUnmodelled: true }

const log = (reports: readonly Report[]) =>
  sarifLog(reports, {
    version: '1.2.3',
    relativePath: file => (file.startsWith('/repo/') ? file.slice('/repo/'.length) : undefined),
  }) as {
    runs: [
      {
        tool: { driver: { rules: { id: string; fullDescription?: { text: string }; help?: object }[] } }
        results: { ruleId: string; ruleIndex: number; level: string; message: { text: string }; locations: object[] }[]
      },
    ]
  }

/** The schema is of JSON Schema draft 4, of which it uses nothing but the name of `$id` that later drafts spell otherwise. */
function validator() {
  const { id: _, $schema: __, ...schema } = sarifSchema
  return new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: true, 'uri-reference': true, 'date-time': true, regex: true },
  }).compile(schema)
}

describe('findings as SARIF', () => {
  test.each([
    ['nothing', []],
    ['a finding', [REPORT]],
    ['a finding and what a front end says', [REPORT, FOREIGN]],
    ['a finding outside of the repository', [{ ...REPORT, source: { file: '/else/a.conf', line: 1, column: 1 } }]],
  ])('fit the published schema: %s', (_title, reports) => {
    const validate = validator()
    validate(log(reports))
    expect(validate.errors ?? []).toEqual([])
  })

  test('name every rule with its explanation and help', () => {
    const { rules } = log([]).runs[0].tool.driver
    expect(rules.map(rule => rule.id)).toEqual(LINT_RULES.map(rule => rule.id))
    expect(rules.every(rule => rule.fullDescription !== undefined && rule.help !== undefined)).toBe(true)
  })

  test('point at their rule and at a place relative to the repository, and tell the fix in words', () => {
    const [result] = log([REPORT]).runs[0].results
    expect(result).toMatchObject({
      ruleId: 'bgp/as-mismatch',
      ruleIndex: LINT_RULES.findIndex(rule => rule.id === 'bgp/as-mismatch'),
      level: 'error',
      message: { text: 'a expects AS 1 of its peer 10.0.0.2, but b is in AS 2. Fix: write 2 here.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'labs/my%20lab/a.conf', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 2 },
          },
        },
      ],
    })
  })

  test('list the codes of diagnostics that occur as rules, and what is not modelled as notes', () => {
    const [run] = log([FOREIGN]).runs
    expect(run.tool.driver.rules[run.results[0]!.ruleIndex]!.id).toBe('frr/not-modelled')
    expect(run.results[0]!.level).toBe('note')
  })
})
