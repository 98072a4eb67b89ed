import { expect, test } from 'vitest'
import { formatHumanDuration, parseGoDuration } from '../../../../src/shell/commands/kubectl/age.ts'

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H

test.each([
  [-5 * S, '<invalid>'],
  [0, '0s'],
  [104 * S, '104s'],
  [119 * S, '119s'],
  [120 * S, '2m'],
  [5 * M + 3 * S, '5m3s'],
  [42 * M, '42m'],
  [179 * M, '179m'],
  [3 * H + 5 * M, '3h5m'],
  [8 * H + 5 * M, '8h'],
  [46 * H, '46h'],
  [2 * D + 22 * H, '2d22h'],
  [8 * D + 5 * H, '8d'],
  [800 * D, '2y70d'],
])('%i ms is %s', (span, text) => {
  expect(formatHumanDuration(span)).toBe(text)
})

test.each([
  ['90s', 90e9],
  ['1m30s', 90e9],
  ['500ms', 5e8],
  ['1.5h', 5400e9],
  ['-1s', -1e9],
  ['10', undefined],
  ['x', undefined],
])('%s', (text, ns) => {
  expect(parseGoDuration(text)).toBe(ns)
})
