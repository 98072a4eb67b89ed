import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from 'tap-parser'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { NO_PAINT } from '../../../src/scenario/reporters/spec.ts'
import { REPORTERS } from '../../../src/scenario/reporters/table.ts'
import { GROUPS, SUMMARY } from '../../support/test-results.ts'

function report(name: string): string {
  const reporter = REPORTERS[name]!(NO_PAINT)
  return (
    reporter.begin(GROUPS.length) + GROUPS.map(group => reporter.group(group)).join('') + reporter.end(GROUPS, SUMMARY)
  )
}

describe('junit', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../golden/junit/junit.xsd'), 'utf8')
  const check = (text: string) =>
    validateXML({
      xml: [{ fileName: 'report.xml', contents: text }],
      schema: [{ fileName: 'junit.xsd', contents: schema }],
    })

  test('is valid by the usual XML schema', async () => {
    const { valid, errors } = await check(report('junit'))
    expect(errors.map(error => error.message)).toEqual([])
    expect(valid).toBe(true)
  })

  test('the schema would find a mistake', async () => {
    expect((await check(report('junit').replace('<failure', '<failed').replace('</failure', '</failed'))).valid).toBe(
      false,
    )
  })

  test('counts runs, failures and errors', () => {
    expect(report('junit')).toContain('<testsuites name="drylab" tests="6" failures="1" errors="2" time="1.234">')
  })

  test('names the seed of a run among several', () => {
    expect(report('junit')).toContain('name="Luck # matters [seed 3]"')
  })

  test('holds no character that XML forbids', () => {
    expect(report('junit')).toContain('a\ufffdbell')
  })
})

describe('tap', () => {
  const parsed = () => {
    const results: { ok: boolean; name: string; skip: boolean | string; diag: unknown }[] = []
    const parser = new Parser({ strict: true })
    parser.on('assert', one => results.push({ ok: one.ok, name: one.name, skip: one.skip, diag: one.diag }))
    let final: { ok: boolean; plan: { start: number | null; end: number | null }; failures: unknown[] } | undefined
    parser.on('complete', one => {
      final = one
    })
    parser.end(report('tap'))
    return { results, final }
  }

  test('a strict TAP parser takes it', () => {
    const { final } = parsed()
    expect(final?.plan).toMatchObject({ start: 1, end: 6 })
  })

  test('each run is a test point', () => {
    expect(parsed().results.map(one => one.ok)).toEqual([true, true, false, false, false, true])
  })

  test('# in a claim is no directive', () => {
    expect(parsed().results[2]!.name).toContain('Luck # matters [seed 3]')
  })

  test('a skipped run says so', () => {
    expect(parsed().results[5]!.skip).toBeTruthy()
  })

  test('failures come as YAML', () => {
    expect(parsed().results[2]!.diag).toMatchObject({ status: 'fails' })
  })
})

test('json holds every run with its checks', () => {
  const { summary, runs } = JSON.parse(report('json'))
  expect(summary).toEqual({ holds: 2, fails: 2, wrong: 1, skipped: 1, wallMs: 1234 })
  expect(runs).toHaveLength(6)
  expect(runs[2].checks[0].seen).toEqual(['a\u0007bell', 'line one'])
})

test('github writes one annotation for each failed check and each problem', () => {
  const lines = report('github').trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe(
    '::error file=claims/a.yaml,line=7,col=9,title=Luck # matters::output with <tags> & "quotes", 100%25 # no directive%0Ainstead:%0Aa\u0007bell%0Aline one%0Adrylab run --seed 3 claims/b.yaml',
  )
})

describe('spec', () => {
  test('tells which seeds break a claim and how to see the first', () => {
    expect(report('spec')).toContain('holds with 1 of 2 seeds; breaks with 3')
    expect(report('spec')).toContain('again: drylab run --seed 3 claims/b.yaml')
  })

  test('shows what a failed check saw, when, and what had happened before', () => {
    expect(report('spec')).toContain(
      '    claims/a.yaml:7 at 1.500000s\n    instead:\n      a\u0007bell\n      line one\n    before:\n      1.000000s leaf1 bgp.session state=down\n',
    )
  })

  test('sums up', () => {
    expect(report('spec')).toMatch(/\nruns 2 hold, 2 do not hold, 1 cannot run, 1 skipped \(1\.2s\)\n$/)
  })

  test('has no colours without a terminal', () => {
    expect(report('spec')).not.toContain('\x1b')
  })
})
