import { expect, test } from 'vitest'
import { VIEW_NAMES } from '../../src/cli/commands/tui.ts'
import { ACTIONS } from '../../src/tui/actions.ts'
import { COMMANDS } from '../../src/tui/commands.ts'
import { helpLines } from '../../src/tui/help.ts'
import { actionOf, KEYMAP } from '../../src/tui/keymap.ts'
import { textOf } from '../../src/tui/line.ts'
import { DIGITS, findView, TOPOLOGY, VIEWS } from '../../src/tui/views/table.ts'

const ALL = [...VIEWS, TOPOLOGY]

test('no key means two things', () => {
  const keys = KEYMAP.flatMap(binding => binding.keys)
  expect(keys).toEqual([...new Set(keys)])
})

test('every action has a key, and every key an action', () => {
  expect(new Set(KEYMAP.map(({ action }) => action))).toEqual(new Set(Object.keys(ACTIONS)))
  expect(actionOf('Q')).toBeUndefined()
})

test('names and aliases of views and commands are all different', () => {
  const words = [...ALL.flatMap(({ name, aliases }) => [name, ...aliases]), ...COMMANDS.map(({ name }) => name)]
  // `node` lists the nodes as an alias, and takes a name as a command
  const twice = words.filter((word, index) => words.indexOf(word) !== index)
  expect(twice).toEqual(['node'])
})

test('numbers show views that are there', () => {
  for (const name of Object.values(DIGITS)) expect(ALL.map(view => view.name)).toContain(name)
})

test('the command line offers every view', () => {
  expect(VIEW_NAMES).toEqual(ALL.map(({ name }) => name))
})

test('a view is found by its name, an alias, or a start that only it has', () => {
  expect(findView('routes')).toBe('routes')
  expect(findView('svc')).toBe('services')
  expect(findView('neig')).toBe('neighbors')
  expect(findView('po')).toBe('pods')
  expect(findView('nothing')).toBeUndefined()
})

test('the help tells every key, view and command', () => {
  const text = helpLines(ALL, COMMANDS).map(textOf).join('\n')
  for (const { help } of KEYMAP) expect(text).toContain(help)
  for (const { name } of ALL) expect(text).toContain(`:${name}`)
  for (const { usage } of COMMANDS) expect(text).toContain(usage.slice(0, 20))
})
