import { describe, expect, test } from 'vitest'
import { parseOptions } from '../../src/shell/options.ts'

const TABLE = {
  short: 'c:nq',
  long: {
    count: { argument: 'value', letter: 'c' },
    numeric: { argument: 'none', letter: 'n' },
    'no-header': { argument: 'none' },
    color: { argument: 'optional' },
  },
} as const

function parse(...args: string[]): unknown {
  const parsed = parseOptions('tool', args, TABLE)
  return parsed.ok
    ? [parsed.options.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)), parsed.operands]
    : parsed.message
}

describe('parseOptions follows GNU getopt_long', () => {
  test.each([
    [
      ['-nc3', 'x'],
      [['n', 'c=3'], ['x']],
    ],
    [
      ['x', '-c', '3', 'y'],
      [['c=3'], ['x', 'y']],
    ],
    [
      ['--count=3', '--num'],
      [['c=3', 'n'], []],
    ],
    [
      ['--count', '3'],
      [['c=3'], []],
    ],
    [
      ['--color=auto', '--color'],
      [['color=auto', 'color'], []],
    ],
    [
      ['-n', '--', '-q'],
      [['n'], ['-q']],
    ],
    [['-'], [[], ['-']]],
  ])('%j', (args, expected) => expect(parse(...args)).toEqual(expected))

  test.each([
    [['-z'], "tool: invalid option -- 'z'"],
    [['-c'], "tool: option requires an argument -- 'c'"],
    [['--nope'], "tool: unrecognized option '--nope'"],
    [['--n'], "tool: option '--n' is ambiguous; possibilities: '--numeric' '--no-header'"],
    [['--count'], "tool: option '--count' requires an argument"],
    [['--numeric=1'], "tool: option '--numeric' doesn't allow an argument"],
  ])('%j gives %s', (args, message) => expect(parse(...args)).toBe(message))
})
