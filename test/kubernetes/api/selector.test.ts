import { expect, test } from 'vitest'
import { formatSelector, matchesSelector, parseSelector } from '../../../src/kubernetes/api/selector.ts'

const LABELS = { app: 'nginx', tier: 'web' }

test.each([
  ['app=nginx', true],
  ['app==nginx,tier=web', true],
  ['app!=nginx', false],
  ['zone!=a', true],
  ['app in (nginx, apache)', true],
  ['app notin (nginx)', false],
  ['zone notin (a,b),tier', true],
  ['tier', true],
  ['!tier', false],
  ['!zone', true],
  ['', true],
])('-l "%s"', (text, expected) => {
  expect(matchesSelector(parseSelector(text)!, LABELS)).toBe(expected)
})

test.each([['a=b=c'], ['in (a)x'], ['a in'], ['=b']])('"%s" is no selector', text => {
  expect(parseSelector(text)).toBeUndefined()
})

test('an empty selector matches everything', () => {
  expect(matchesSelector({}, undefined)).toBe(true)
})

test('is printed as kubectl describe does', () => {
  const selector = {
    matchLabels: { b: '2', a: '1' },
    matchExpressions: [{ key: 'c', operator: 'In' as const, values: ['y', 'x'] }],
  }
  expect(formatSelector(selector)).toBe('a=1,b=2,c in (x,y)')
  expect(formatSelector(undefined)).toBe('<none>')
})
