import { expect, test } from 'vitest'
import { assignTiers, type Tiered } from '../../src/graph/assign-tiers.ts'

type Kind = Tiered['kind']

/** Rows of names, from nodes by name and links such as `r1 h1`. */
function rows(
  nodes: Readonly<Record<string, Kind>>,
  links: readonly string[],
  levels: Readonly<Record<string, number>> = {},
) {
  const all = Object.entries(nodes).map(([name, kind]): Tiered => {
    const level = levels[name]
    return level === undefined ? { id: name, name, kind } : { id: name, name, kind, level }
  })
  const pairs = links.map(text => text.split(' ') as [string, string])
  const list: string[][] = []
  for (const [name, tier] of assignTiers(all, pairs)) list[tier] = [...(list[tier] ?? []), name]
  return list
}

test('names say the row of super spines, spines and leaves', () => {
  const nodes = { leaf1: 'router', 'super-spine1': 'router', spine1: 'router' } as const
  expect(rows(nodes, ['leaf1 spine1', 'spine1 super-spine1'])).toEqual([['super-spine1'], ['spine1'], ['leaf1']])
})

test('the label graph-level is stronger than a name', () => {
  const nodes = { leaf1: 'router', spine1: 'router' } as const
  expect(rows(nodes, ['leaf1 spine1'], { leaf1: 0 })).toEqual([['leaf1'], ['spine1']])
})

test('routers with other names stand above the end systems by their distance', () => {
  const nodes = { a: 'router', b: 'router', c: 'router', h: 'host' } as const
  expect(rows(nodes, ['a b', 'b c', 'c h'])).toEqual([['a'], ['b'], ['c'], ['h']])
})

test('routers without end systems stand in one row', () => {
  expect(rows({ a: 'router', b: 'router' }, ['a b'])).toEqual([['a', 'b']])
})

test('a host of a spine stands above it, not among the leaves', () => {
  const nodes = { spine1: 'router', leaf1: 'router', client: 'host', server: 'host' } as const
  expect(rows(nodes, ['spine1 leaf1', 'client spine1', 'leaf1 server'])).toEqual([
    ['client'],
    ['spine1'],
    ['leaf1'],
    ['server'],
  ])
})

test('a bridge stands between its router and what hangs on it', () => {
  const nodes = { leaf1: 'router', 'leaf1-br': 'bridge', node1: 'node' } as const
  expect(rows(nodes, ['leaf1 leaf1-br', 'leaf1-br node1'])).toEqual([['leaf1'], ['leaf1-br'], ['node1']])
})
