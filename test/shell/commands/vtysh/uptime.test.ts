import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatClock, formatPeerSpan, formatSpan } from '../../../../src/shell/commands/vtysh/uptime.ts'

const DAY = 86_400e9

test.each([
  [0, '00:00:00'],
  [62e9, '00:01:02'],
  [DAY + 2 * 3600e9 + 180e9, '1d02h03m'],
  [7 * DAY + 2 * 3600e9, '01w0d02h'],
])('a span of %d ns prints %s', (span, text) => {
  expect(formatSpan(span)).toBe(text)
})

test('only peers count years', () => {
  expect(formatSpan(366 * DAY)).toBe('52w2d00h')
  expect(formatPeerSpan(366 * DAY)).toBe('01y00w1d')
})

test('clock times are those of ctime in UTC', () => {
  expect(formatClock(Date.UTC(2026, 10, 23, 1, 36, 15))).toBe('Mon Nov 23 01:36:15 2026')
})

test('the calendar agrees with the platform for any day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), seconds => {
      const platform = new Date(seconds * 1000).toUTCString() // Mon, 23 Nov 2026 01:36:15 GMT
      const [weekday, day, month, year, clock] = platform.split(/,? /)
      expect(formatClock(seconds * 1000)).toBe(
        `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`,
      )
    }),
  )
})
