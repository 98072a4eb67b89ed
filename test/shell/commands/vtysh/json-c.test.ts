import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Json, jsonPlain, jsonPretty } from '../../../../src/shell/commands/vtysh/json-c.ts'

test('pretty text has two blanks of indentation and none behind a colon', () => {
  expect(jsonPretty({ a: 1, b: { c: ['x'] } })).toBe('{\n  "a":1,\n  "b":{\n    "c":[\n      "x"\n    ]\n  }\n}')
})

test('empty objects and arrays take two lines', () => {
  expect(jsonPretty({ '0.0.0.0/0': [] })).toBe('{\n  "0.0.0.0/0":[\n  ]\n}')
  expect(jsonPretty({})).toBe('{\n}')
})

test('undefined members are left out', () => {
  expect(jsonPlain({ a: undefined, b: true })).toBe('{"b":true}')
  expect(jsonPretty({ a: undefined, b: true })).toBe('{\n  "b":true\n}')
})

test('both forms are JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
      fc.pre(!JSON.stringify(value).includes('null'))
      const expected = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(jsonPretty(value as Json))).toEqual(expected)
      expect(JSON.parse(jsonPlain(value as Json))).toEqual(expected)
    }),
  )
})
