import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { prefixContains, prefixLength } from '../../src/wire/address.ts'
import { BENCHMARKS } from './benchmarks.ts'
import { growth } from './growth.ts'
import { renderComparison, renderMarkdown } from './render.ts'
import { machineFacts, type Result, type ResultFile, readResults, writeResults } from './results.ts'
import { internetRoutes } from './support/internet-routes.ts'

const folder = mkdtempSync(join(tmpdir(), 'drylab-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

function result(size: string, amount: number, seconds: number): Result {
  const samples = [{ phase: 'converge', seconds, amount, heapBytes: 500, paths: 5 }]
  return {
    benchmark: 'clos',
    size,
    series: 'all',
    unit: 'x',
    samples,
    peakBytes: 1e6,
    processorSeconds: 1,
    commit: 'c',
  }
}

function fileOf(...results: Result[]): ResultFile {
  return { machine: machineFacts(), results, failures: [] }
}

describe('the benchmarks', () => {
  test('no two sizes have one name', () => {
    const names = BENCHMARKS.flatMap(({ name, sizes }) => sizes.map(size => `${name} ${size.name}`))
    expect(new Set(names).size).toBe(names.length)
  })

  test('growth is the exponent of the time over the work', () => {
    const [linear] = growth([result('a', 10, 1), result('b', 100, 10), result('c', 1000, 100)])
    expect(linear?.exponent).toBeCloseTo(1)
    const [quadratic] = growth([result('a', 10, 1), result('b', 100, 100)])
    expect(quadratic?.exponent).toBeCloseTo(2)
    expect(growth([result('a', 10, 1)])).toEqual([])
  })

  test('a comparison tells how many times faster the same size became', () => {
    const text = renderComparison(fileOf(result('a', 10, 4)), fileOf(result('a', 10, 2), result('new', 10, 1)))
    expect(text).toBe('clos a converge: 4.00 → 2.00 s  × 2.00  peak 1 → 1 MB  B/path 100 → 100\n')
  })

  test('a result file keeps the sizes that were not measured again', () => {
    const path = join(folder, 'results.json')
    writeResults(path, fileOf(result('a', 10, 4), result('b', 10, 4)))
    writeResults(path, fileOf(result('b', 10, 1)))
    expect(readResults(path).results.map(one => [one.size, one.samples[0]?.seconds])).toEqual([
      ['a', 4],
      ['b', 1],
    ])
  })

  test('the page has a table for each benchmark with results', () => {
    const page = renderMarkdown(fileOf(result('a', 10, 4)))
    expect(page).toContain('## clos')
    expect(page).toContain('| a | converge | 4.00 |')
    expect(page).not.toContain('## full-table')
  })

  test("the table like the Internet's has no prefix twice and none of the lab", () => {
    const prefixes = internetRoutes(20_000).flatMap(batch => batch.prefixes)
    expect(new Set(prefixes).size).toBe(20_000)
    expect(prefixes.some(prefix => [10, 127].includes(Math.floor(prefix / 64 / 2 ** 24)))).toBe(false)
    const share = prefixes.filter(prefix => prefixLength(prefix) === 24).length / prefixes.length
    expect(share).toBeGreaterThan(0.55)
    expect(share).toBeLessThan(0.65)
    const [first] = prefixes
    expect(prefixes.filter(prefix => prefixContains(first!, Math.floor(prefix / 64)))).toEqual([first])
  })
})
