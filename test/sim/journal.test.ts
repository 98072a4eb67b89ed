import { expect, it } from 'vitest'
import { Journal } from '../../src/sim/journal.ts'

const describeMetric = (prefix: string, metric: number) => ({ prefix, metric })

it('writes the lines of a burst as any others', () => {
  const journal = new Journal(() => 7)
  journal.record('r1', 'route.add', { prefix: 'a', metric: 20 })
  journal.recordEach('r1', 'route.add', ['a', 'b'], 20, describeMetric)
  const [plain, first, second] = journal.entries
  expect(JSON.stringify(first)).toBe(JSON.stringify(plain))
  expect(second?.detail).toEqual({ prefix: 'b', metric: 20 })
})

it('keeps as many lines of bursts as of others, whenever it is read', () => {
  const [one, many, read] = [new Journal(() => 7, 10), new Journal(() => 7, 10), new Journal(() => 7, 10)]
  for (let count = 0; count < 60; count += 1) {
    const subjects = Array.from({ length: count % 7 }, (_, index) => `${count}.${index}`)
    for (const subject of subjects) one.record('r1', 'route.add', describeMetric(subject, count))
    many.recordEach('r1', 'route.add', subjects, count, describeMetric)
    read.recordEach('r1', 'route.add', subjects, count, describeMetric)
    expect(JSON.stringify(read.entries)).toBe(JSON.stringify(one.entries))
    expect([many.dropped, one.entries.length < 20]).toEqual([one.dropped, true])
  }
  expect(JSON.stringify(many.entries)).toBe(JSON.stringify(one.entries))
})
