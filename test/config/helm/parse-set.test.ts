import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHelmSet } from '../../../src/config/helm/parse-set.ts'
import { helmValue, mergeHelmValues } from '../../../src/config/helm/values.ts'

function set(text: string, base = {}) {
  const outcome = parseHelmSet(text, base)
  return 'values' in outcome ? outcome.values : outcome.error
}

test.each([
  ['a=1,b=true,c=x', { a: 1, b: true, c: 'x' }],
  ['loadBalancer.mode=dsr', { loadBalancer: { mode: 'dsr' } }],
  ['devices={eth0,net0}', { devices: ['eth0', 'net0'] }],
  ['a={}', { a: [] }],
  ['cidr=10.0.0.0/8', { cidr: '10.0.0.0/8' }],
  ['n=007', { n: '007' }],
  ['n=-5', { n: -5 }],
  ['a\\.b=c', { 'a.b': 'c' }],
  ['a=x\\,y,b=z', { a: 'x,y', b: 'z' }],
  ['list[1].name=x', { list: [null, { name: 'x' }] }],
  ['a=null', { a: null }],
  ['a=', { a: '' }],
  ['a={b,c},d=e', { a: ['b', 'c'], d: 'e' }],
])('--set %s', (text, values) => {
  expect(set(text)).toEqual(values)
})

test('later values replace earlier ones and leave their neighbours', () => {
  expect(set('a.b=2', { a: { b: 1, c: 3 } })).toEqual({ a: { b: 2, c: 3 } })
})

test('a name without a value is refused', () => {
  expect(set('a')).toBe('failed parsing --set data: key "a" has no value')
  expect(set('a,b=c')).toBe('failed parsing --set data: key "a" has no value (cannot end with ,)')
})

test('any escaped text comes back as it was', () => {
  const text = fc
    .string({ minLength: 1 })
    .filter(value => /[^\d\s]/.test(value) && !/^(true|false|null|[-{].*)$/i.test(value))
  fc.assert(
    fc.property(text, value => {
      const escaped = value.replace(/[\\,]/g, '\\$&')
      expect(set(`a=${escaped}`)).toEqual({ a: value })
    }),
  )
})

test('values files are merged map by map, null deletes', () => {
  const merged = mergeHelmValues({ a: { b: 1, c: 2 }, d: 3 }, { a: { c: null, e: 4 } })
  expect(merged).toEqual({ a: { b: 1, e: 4 }, d: 3 })
  expect(helmValue(merged, 'a.e')).toBe(4)
  expect(helmValue(merged, 'd.x')).toBeUndefined()
})
