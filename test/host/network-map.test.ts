import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NetworkMap } from '../../src/host/network-map.ts'

test('a NetworkMap holds what a Map of signed integers would hold', () => {
  const network = fc.oneof(
    fc.integer(),
    fc.nat(40).map(number => (number << 24) | 0),
  )
  const step = fc.record({ network, isDeletion: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), steps => {
      const expected = new Map<number, number>()
      const map = new NetworkMap<number>()
      steps.forEach(({ network: key, isDeletion }, index) => {
        if (isDeletion) expect(map.delete(key)).toBe(expected.delete(key))
        else {
          map.set(key, index)
          expected.set(key, index)
        }
        expect(map.get(key)).toBe(expected.get(key))
        expect(map.size).toBe(expected.size)
      })
      const seen = new Map<number, number>()
      map.forEach((value, key) => {
        seen.set(key, value)
      })
      expect(seen).toEqual(expected)
      for (const [key, value] of expected) expect(map.get(key)).toBe(value)
    }),
  )
})
