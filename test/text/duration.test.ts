import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDurationNs } from '../../src/text/duration.ts'

describe('parseDurationNs', () => {
  test.each([
    ['1m30s', 90e9],
    ['120s', 120e9],
    ['100ms', 100e6],
    ['20us', 20e3],
    ['1.5h', 5400e9],
    ['2', 2e9],
    ['0.5', 5e8],
    ['7ns', 7],
  ])('reads %s as %d ns', (text, ns) => expect(parseDurationNs(text)).toBe(ns))

  test.each(['', 'abc', '1x', '-1s', 's', '1s2'])('refuses %j', text => expect(parseDurationNs(text)).toBeUndefined())

  test('reads what formatDuration wrote', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e6), (a, b) => {
        const ns = a * 1e6 + b
        expect(parseDurationNs(formatDuration(ns))).toBe(ns)
      }),
    )
  })
})

test.each([
  [0, '0s'],
  [90e9, '1m30s'],
  [100e6, '100ms'],
  [3600e9, '1h'],
  [1.5e9, '1.5s'],
])('formatDuration writes %d ns as %s', (ns, text) => expect(formatDuration(ns)).toBe(text))
