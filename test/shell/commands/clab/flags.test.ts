import { expect, test } from 'vitest'
import { DEPLOY_FLAGS, parseFlags } from '../../../../src/shell/commands/clab/flags.ts'

test.each([
  [['-t', 'lab.yml', '-c']],
  [['-tlab.yml', '--reconfigure']],
  [['--topo', 'lab.yml', '-c']],
  [['--topo=lab.yml', '-c']],
])('%j names the topology and asks for a new start', args => {
  const { values, mistake } = parseFlags(args, DEPLOY_FLAGS)
  expect([values.get('topo'), values.has('reconfigure'), mistake]).toEqual(['lab.yml', true, undefined])
})

test('a flag without a letter is known by its long name only', () => {
  expect(parseFlags(['--name', 'x'], DEPLOY_FLAGS).values.get('name')).toBe('x')
  expect(parseFlags(['-1', 'x'], DEPLOY_FLAGS).mistake).toBe("unknown shorthand flag: '1' in -1")
})

test.each([
  [['--nope'], 'unknown flag: --nope'],
  [['-x'], "unknown shorthand flag: 'x' in -x"],
  [['-t'], 'flag needs an argument: -t'],
])('%j is refused in cobra’s words', (args, text) => {
  expect(parseFlags(args, DEPLOY_FLAGS).mistake).toBe(text)
})
