import { expect, it } from 'vitest'
import { Journal } from '../../src/sim/journal.ts'

it('writes a lazily recorded line as any other', () => {
  const journal = new Journal(() => 7)
  journal.record('r1', 'route.add', { metric: 20 })
  journal.recordLazily('r1', 'route.add', 20, metric => ({ metric }))
  const [plain, lazy] = journal.entries
  expect(JSON.stringify(lazy)).toBe(JSON.stringify(plain))
  expect(lazy?.detail).toEqual({ metric: 20 })
})
