import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { compileGoRegexp } from '../../src/text/go-regexp.ts'

function matches(expression: string, text: string): boolean {
  const compiled = compileGoRegexp(expression)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.regexp.test(text)
}

describe('an expression of Go', () => {
  it.each([
    ['net', 'net0', true],
    ['et', 'net0', true],
    ['^net$', 'net0', false],
    ['^net[0-9]+$', 'net0', true],
    ['', 'net0', true],
    ['^(eth|net)\\d$', 'net0', true],
    ['net.', 'net', false],
    ['(?i)NET0', 'net0', true],
    ['[[:alpha:]]+[[:digit:]]', 'net0', true],
    ['\\Anet0\\z', 'net0', true],
    ['\\Qeth.0\\E', 'ethx0', false],
    ['(?P<kind>eth|net)0', 'net0', true],
    ['[]a]t0', 'nea]t0', true],
    ['a{2}', 'aa', true],
    ['x{', 'x{', true],
    ['net0|', 'eth1', true],
  ])('%s in %s: %s', (expression, text, expected) => {
    expect(matches(expression, text)).toBe(expected)
  })
})

describe('what Go refuses', () => {
  // as `regexp.Compile` of Go 1.23 words it
  it.each([
    ['net(0', 'missing closing ): `net(0`'],
    ['net)0', 'unexpected ): `net)0`'],
    ['[net', 'missing closing ]: `[net`'],
    ['*net', 'missing argument to repetition operator: `*`'],
    ['net**', 'invalid nested repetition operator: `**`'],
    ['net\\', 'trailing backslash at end of expression: ``'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['net(?=0)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['net(?!0)', 'invalid or unsupported Perl syntax: `(?!`'],
  ])('%s', (expression, message) => {
    expect(compileGoRegexp(expression)).toEqual({ ok: false, error: `error parsing regexp: ${message}` })
  })
})

test('any text gives an expression or an error, never an exception', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const compiled = compileGoRegexp(text)
      return compiled.ok
        ? compiled.regexp.test('net0') !== undefined
        : compiled.error.startsWith('error parsing regexp: ')
    }),
  )
})
