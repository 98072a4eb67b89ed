import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberSet } from '../../src/bgp/number-set.ts'

const lists = fc.array(fc.nat(3000), { maxLength: 40 })

describe('NumberSet', () => {
  it('has what was added and not deleted since', () => {
    const changes = fc.array(fc.record({ isAdded: fc.boolean(), numbers: lists }), { maxLength: 10 })
    fc.assert(
      fc.property(changes, lists, (steps, asked) => {
        const set = new NumberSet()
        const model = new Set<number>()
        for (const { isAdded, numbers } of steps) {
          if (isAdded) set.addAll(numbers)
          else set.deleteAll(numbers)
          for (const number of numbers) isAdded ? model.add(number) : model.delete(number)
        }
        expect(set.size).toBe(model.size)
        for (const number of [...asked, ...model]) expect(set.has(number)).toBe(model.has(number))
      }),
    )
  })

  it('meets a set that has a number in common, and no other', () => {
    fc.assert(
      fc.property(lists, lists, (some, others) => {
        const [a, b] = [new NumberSet(), new NumberSet()]
        a.addAll(some)
        b.addAll(others)
        expect(a.meets(b)).toBe(some.some(number => others.includes(number)))
      }),
    )
  })
})
