import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMicroTime, formatTimestamp, parseTimestamp } from '../../../src/kubernetes/api/timestamp.ts'

test('agrees with the calendar of the platform', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), seconds => {
      const text = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
      expect(formatTimestamp(seconds * 1000)).toBe(text)
      expect(parseTimestamp(text)).toBe(seconds * 1000)
    }),
  )
})

test('cuts to whole seconds, and to microseconds where asked', () => {
  expect(formatTimestamp(1999)).toBe('1970-01-01T00:00:01Z')
  expect(formatMicroTime(1999.5)).toBe('1970-01-01T00:00:01.999500Z')
})
