import { expect, test } from 'vitest'
import { assignTiers } from '../../src/graph/assign-tiers.ts'
import type { GraphLink, GraphNode } from '../../src/graph/graph.ts'

type Kind = GraphNode['kind']

/** Rows of names, from nodes such as `r1` and links such as `r1-h1`. */
function rows(
  nodes: Readonly<Record<string, Kind>>,
  links: readonly string[],
  levels: Readonly<Record<string, number>> = {},
) {
  const unplaced = Object.entries(nodes).map(([name, kind]) => ({
    id: name,
    name,
    kind,
    asns: [],
    isRunning: true,
    ...(levels[name] === undefined ? {} : { level: levels[name] }),
  }))
  const placed = assignTiers(
    unplaced,
    links.map((text): GraphLink => {
      const [a, b] = text.split(' ').map(node => ({ node, interface: 'eth1', addresses: [] }))
      return { ends: [a!, b!], hasCarrier: true }
    }),
  )
  const list: string[][] = []
  for (const { name, tier } of placed) list[tier] = [...(list[tier] ?? []), name]
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

test('a host of a spine stands below the spine', () => {
  const nodes = { spine1: 'router', leaf1: 'router', client: 'host', server: 'host' } as const
  expect(rows(nodes, ['spine1 leaf1', 'client spine1', 'leaf1 server'])).toEqual([
    ['spine1'],
    ['leaf1', 'client'],
    ['server'],
  ])
})

test('a bridge stands between its router and what hangs on it', () => {
  const nodes = { leaf1: 'router', 'leaf1-br': 'bridge', node1: 'node' } as const
  expect(rows(nodes, ['leaf1 leaf1-br', 'leaf1-br node1'])).toEqual([['leaf1'], ['leaf1-br'], ['node1']])
})
