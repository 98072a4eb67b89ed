import { beforeAll, describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { renaming } from '../../src/diff/align-names.ts'
import { compareStates, type LabDifference, withoutLuck } from '../../src/diff/compare.ts'
import { COMPARED_TABLES, type ComparedTableName, DEFAULT_TABLES } from '../../src/diff/compared-tables.ts'
import { type LabState, takeLabState } from '../../src/diff/lab-state.ts'
import { mergeSeeds } from '../../src/diff/merge-seeds.ts'
import { renderJson } from '../../src/diff/render-json.ts'
import { renderMarkdown } from '../../src/diff/render-markdown.ts'
import { renderText } from '../../src/diff/render-text.ts'
import { findCable, nodeDown, setLink } from '../../src/lab/actions.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import type { StateRow } from '../../src/state/table.ts'
import { openSettledLab, ROOT } from '../support/open-settled-lab.ts'

const CLOS = 'topologies/clos-2x4/lab.clab.yml'
const EVERYTHING = Object.keys(COMPARED_TABLES) as ComparedTableName[]
const NO_PAINT = { good: text, bad: text, dim: text, bold: text }

function text(value: string): string {
  return value
}

/** A lab from text; its other files are those of the clos. */
async function openText(yaml: string, seed = 1, rename?: (label: string) => string): Promise<Lab> {
  const path = `${ROOT}/${CLOS}`
  const files = { ...realFiles, readText: (name: string) => (name === path ? yaml : realFiles.readText(name)) }
  const { lab, setup } = await openLab({ path, files, seed, ...(rename && { rename }) })
  expect(setup).toMatchObject({ exitCode: 0 })
  lab.simulator.runUntilQuiet(lab.simulator.nowNs + 900e9)
  return lab
}

async function takeClos(change: (lab: Lab) => void = () => {}, tables: readonly ComparedTableName[] = EVERYTHING) {
  const { lab } = await openSettledLab(CLOS)
  change(lab)
  lab.simulator.runUntil(lab.simulator.nowNs + 300e9)
  return takeLabState(lab, 'clos', tables)
}

function rowsOf(difference: LabDifference, name: ComparedTableName) {
  return difference.tables.find(table => table.name === name)!.rows
}

const countRows = ({ tables }: LabDifference): number => tables.reduce((sum, { rows }) => sum + rows.length, 0)

let clos: LabState

beforeAll(async () => {
  clos = await takeClos()
}, 30_000)

describe('two labs', () => {
  test('the same one twice differs in nothing, in any table', async () => {
    expect(countRows(compareStates(clos, await takeClos()))).toBe(0)
  })

  test('a renamed lab draws as the first one when it is built with its names, though its MAC addresses stay its own', async () => {
    const yaml = realFiles.readText(`${ROOT}/${CLOS}`)!
    const other = yaml.replace(/^name: .*$/m, 'name: another')
    const [lab, renamed] = [await openText(yaml), await openText(other)]
    const mac = (one: Lab) => one.node('leaf1')!.host.interfaces.get('eth1')!.mac
    expect([lab.node('leaf1')!.containerName, mac(lab)]).not.toEqual([
      renamed.node('leaf1')!.containerName,
      mac(renamed),
    ])
    const before = takeLabState(lab, 'one', DEFAULT_TABLES)
    const after = takeLabState(renamed, 'other', DEFAULT_TABLES)
    const rows = compareStates(before, after).tables.flatMap(table => table.rows)
    expect(rows.every(({ isLuck }) => isLuck)).toBe(true)
    const again = takeLabState(await openText(other, 1, renaming(before, after)!), 'other', DEFAULT_TABLES)
    expect(renderText(compareStates(before, again), NO_PAINT)).toBe('no differences\n')
    expect(renaming(before, before)).toBeUndefined()
  })

  test('names nodes that only one has, and counts their rows instead of listing them', async () => {
    const yaml = hosts(['a', 'b'])
    const [own, other] = [await openText(yaml), await openText(hosts(['a', 'b', 'c']))]
    const difference = compareStates(takeLabState(own, 'own', EVERYTHING), takeLabState(other, 'other', EVERYTHING))
    expect(rowsOf(difference, 'nodes').map(({ kind, row }) => [kind, row.node])).toEqual([['added', 'c']])
    for (const name of ['routes', 'interfaces', 'reachability'] as const) {
      expect(rowsOf(difference, name)).toEqual([])
      expect(difference.tables.find(table => table.name === name)!.omitted).toBeGreaterThan(0)
    }
    expect(renderText(difference, NO_PAINT)).toContain('rows about nodes that run in one of them only')
  })

  test('a cluster that was only renamed differs in nothing', () => {
    const state = (name: string): LabState => ({
      name,
      nodes: [`${name}-worker`],
      clusters: [name],
      labs: [],
      notes: [],
      tables: new Map([
        ['leases', [{ cluster: name, namespace: 'kube-system', lease: 'l', holder: `${name}-worker` }]],
        ['announcements', [{ address: '10.0.0.1', how: 'bgp', by: [`${name}-worker`] }]],
      ]),
    })
    const difference = compareStates(state('one'), state('two'))
    expect(countRows(difference)).toBe(0)
    expect(difference.notes).toEqual(['cluster two is compared as one'])
  })
})

describe('before and after', () => {
  test('a broken link takes next hops, sessions and paths, and reachability where no other way is left', async () => {
    const after = await takeClos(lab => setLink(lab, findCable(lab, 'leaf1', 'eth1')!, false))
    const difference = compareStates(clos, after)
    const [route] = rowsOf(difference, 'routes').filter(
      ({ row }) => row.node === 'leaf1' && row.destination === '10.100.2.0/24',
    )
    expect(route).toMatchObject({
      kind: 'changed',
      columns: [{ name: 'via', before: ['10.1.1.0 eth1', '10.2.1.0 eth2'], after: ['10.2.1.0 eth2'] }],
    })
    const sessions = rowsOf(difference, 'bgpSessions').filter(({ columns }) =>
      columns.some(({ name }) => name === 'state'),
    )
    expect(sessions.map(({ row }) => row.node)).toEqual(['leaf1', 'spine1'])
    expect(
      rowsOf(difference, 'bgpPaths').filter(({ kind, row }) => kind === 'removed' && row.node === 'leaf1'),
    ).toHaveLength(7)
    expect(
      rowsOf(difference, 'reachability').map(({ row, columns }) => [row.from, row.to, columns[0]!.before]),
    ).toEqual([['host1', 'spine1', 'answers']])
    expect(rowsOf(difference, 'interfaces').map(({ row }) => [row.node, row.interface])).toEqual([
      ['leaf1', 'eth1'],
      ['spine1', 'eth1'],
    ])
  })

  test('a node that died is said once; its own rows are not listed', async () => {
    const difference = compareStates(clos, await takeClos(lab => nodeDown(lab, lab.node('spine1')!)))
    expect(rowsOf(difference, 'nodes')).toMatchObject([{ kind: 'changed', row: { node: 'spine1' } }])
    expect(difference.tables.flatMap(({ rows }) => rows).filter(({ row }) => row.node === 'spine1')).toHaveLength(1)
  })

  test('ages, counters and neighbours that answered are no difference', async () => {
    const { lab } = await openSettledLab(CLOS)
    const before = takeLabState(lab, 'now', DEFAULT_TABLES)
    lab.simulator.runUntil(lab.simulator.nowNs + 400e9)
    expect(countRows(compareStates(before, takeLabState(lab, 'later', DEFAULT_TABLES)))).toBe(0)
  })

  test('is the same text every time', async () => {
    const change = (lab: Lab) => setLink(lab, findCable(lab, 'leaf3', 'eth2')!, false)
    const [one, other] = [await takeClos(change), await takeClos(change)]
    expect(renderText(compareStates(clos, one), NO_PAINT)).toBe(renderText(compareStates(clos, other), NO_PAINT))
  })

  test('takes less than a second for two small fabrics', async () => {
    const startMs = performance.now()
    compareStates(await takeClos(), await takeClos())
    expect(performance.now() - startMs).toBeLessThan(1000 * 3) // three times the aim: test machines are shared
  })
})

/** Made rows of one table on both sides. */
function compareMade(name: ComparedTableName, before: readonly StateRow[], after: readonly StateRow[]): LabDifference {
  const state = (rows: readonly StateRow[]): LabState => ({
    name: 'made',
    nodes: ['a', 'b'],
    clusters: [],
    labs: [],
    notes: [],
    tables: new Map([[name, rows]]),
  })
  return compareStates(state(before), state(after))
}

describe('luck', () => {
  const lease = (holder: string, duration = 15) => ({
    cluster: 'c',
    namespace: 'n',
    lease: 'l',
    holder,
    durationSeconds: duration,
  })

  test('who holds a lease may be luck', () => {
    expect(rowsOf(compareMade('leases', [lease('a')], [lease('b')]), 'leases')).toMatchObject([{ isLuck: true }])
  })

  test('a lease that lasts longer is not', () => {
    expect(rowsOf(compareMade('leases', [lease('a')], [lease('b', 30)]), 'leases')).toMatchObject([{ isLuck: false }])
  })

  test('who answers for an address on the link may be luck, who announces it by BGP is not', () => {
    const row = (how: string, by: string) => ({ address: '10.0.0.1', how, by: [by] })
    const isLuck = (how: string) =>
      rowsOf(compareMade('announcements', [row(how, 'a')], [row(how, 'b')]), 'announcements')[0]!.isLuck
    expect([isLuck('l2'), isLuck('bgp')]).toEqual([true, false])
  })

  const path = (peer: string, status: string, lostAt: string | null) => ({
    node: 'a',
    prefix: '10.0.0.0/24',
    peer,
    kind: 'learned',
    status,
    lostAt,
    reason: '',
  })

  test.each([
    ['older-path', true],
    ['as-path', false],
  ])('a best path chosen by %s: %s', (step, isLuck) => {
    const before = [path('10.0.0.1', '*>', null), path('10.0.0.2', '*', step)]
    const after = [path('10.0.0.1', '*', step), path('10.0.0.2', '*>', null)]
    expect(rowsOf(compareMade('bgpPaths', before, after), 'bgpPaths').map(one => one.isLuck)).toEqual([isLuck, isLuck])
  })

  test('a route to a prefix whose best path is luck is luck', () => {
    const route = (via: string) => ({ node: 'a', destination: '10.0.0.0/24', metric: 0, tos: 0, via: [via] })
    const state = (best: number): LabState => ({
      name: 'made',
      nodes: ['a'],
      clusters: [],
      labs: [],
      notes: [],
      tables: new Map<ComparedTableName, readonly StateRow[]>([
        ['bgpPaths', [1, 2].map(n => path(`10.0.0.${n}`, n === best ? '*>' : '*', n === best ? null : 'older-path'))],
        ['routes', [route(`10.0.0.${best}`)]],
      ]),
    })
    expect(rowsOf(compareStates(state(1), state(2)), 'routes')).toMatchObject([{ isLuck: true }])
    expect(countRows(withoutLuck(compareStates(state(1), state(2))))).toBe(0)
  })

  test('is said in text and Markdown, with the sum', () => {
    const difference = compareMade('leases', [lease('a')], [lease('b')])
    expect(renderText(difference, NO_PAINT)).toBe(
      '- made\n+ made\n\nLeases\n  c\n    ~ n l  holder a → b (perhaps luck)\n\n1 difference: 1 changed (1 of them perhaps by luck)\n',
    )
    expect(renderMarkdown(difference)).toContain('(perhaps luck)')
  })
})

describe('several seeds', () => {
  const row = (name: string, answer: string) => ({ from: 'a', to: name, address: '10.0.0.1', answer })
  const seed = (...after: readonly StateRow[]) =>
    compareMade('reachability', [row('x', 'answers'), row('y', 'answers'), row('z', 'answers')], after)

  test('tell what is due to the change from what is luck', () => {
    const merged = mergeSeeds([
      seed(row('x', 'no answer'), row('y', 'no answer'), row('z', 'no answer')),
      seed(row('x', 'no answer'), row('y', 'answers'), row('z', 'refused')),
    ])
    expect(rowsOf(merged, 'reachability').map(({ row: { to }, isLuck, seeds }) => [to, isLuck, seeds])).toEqual([
      ['x', false, { seen: 2, of: 2, isSame: true }],
      ['y', true, { seen: 1, of: 2, isSame: true }],
      ['z', true, { seen: 2, of: 2, isSame: false }],
    ])
    const printed = renderText(merged, NO_PAINT)
    expect(printed).toContain('~ to y  answers → no answer (under 1 of 2 seeds)')
    expect(printed).toContain('~ to z  answers → no answer (other values under other seeds)')
    expect(printed).toContain('3 differences: 3 changed (2 of them by luck)')
    expect(rowsOf(withoutLuck(merged), 'reachability').map(one => one.row.to)).toEqual(['x'])
  })
})

describe('rows with one key', () => {
  test('are paired in their order', () => {
    const row = (gateway: string) => ({ node: 'a', destination: 'default', metric: 0, tos: 0, via: [gateway] })
    const difference = compareMade('routes', [row('10.0.0.1'), row('10.0.0.2')], [row('10.0.0.1'), row('10.0.0.3')])
    expect(rowsOf(difference, 'routes')).toMatchObject([{ columns: [{ before: ['10.0.0.2'], after: ['10.0.0.3'] }] }])
  })

  test('are added when there are more', () => {
    const row = { node: 'a', destination: 'default', metric: 0, tos: 0, via: ['10.0.0.1'] }
    expect(rowsOf(compareMade('routes', [row], [row, row]), 'routes')).toMatchObject([{ kind: 'added' }])
  })
})

describe('reachability', () => {
  test('of many pairs is asked for some, and says so', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `h${index}`)
    const state = takeLabState(await openText(hosts(names)), 'many', ['reachability'])
    expect(state.notes).toEqual(['reachability was asked for 780 of 1560 pairs: one in 2'])
    expect(state.tables.get('reachability')).toHaveLength(780)
    expect(new Set(state.tables.get('reachability')!.map(row => row.answer))).toEqual(new Set(['answers']))
  })
})

describe('output', () => {
  let difference: LabDifference

  beforeAll(async () => {
    difference = compareStates(clos, await takeClos(lab => setLink(lab, findCable(lab, 'leaf1', 'eth1')!, false)))
  })

  test('as JSON has every row, and reads back as it was', () => {
    const printed = renderJson(difference)
    const document = JSON.parse(printed)
    expect(`${JSON.stringify(document, undefined, 2)}\n`).toBe(printed)
    expect(document).toMatchObject({ before: 'clos', after: 'clos', isEqual: false })
    for (const { table, added, removed, changed } of document.tables)
      expect(added.length + removed.length + changed.length).toBe(rowsOf(difference, table).length)
    const routes = document.tables.find((one: { table: string }) => one.table === 'routes')
    expect(routes.changed[1]).toEqual({
      key: { node: 'leaf1', destination: '10.100.2.0/24', metric: 20, tos: 0 },
      before: { via: ['10.1.1.0 eth1', '10.2.1.0 eth2'] },
      after: { via: ['10.2.1.0 eth2'] },
      isLuck: false,
    })
  })

  test('as text marks rows by table and node', () => {
    const printed = renderText(difference, NO_PAINT)
    expect(printed).toContain('\nRoutes\n  leaf1\n    ~ 10.1.1.0/31  via eth1 → eth1 linkdown\n')
    expect(printed).toContain('\n    - 10.255.0.1 metric 20  via 10.1.1.0 eth1, protocol bgp\n')
    expect(printed).toMatch(/\n\d+ differences: \d+ removed, \d+ changed\n$/)
  })

  test('as Markdown starts with the sum, counts by table and folds what is long', () => {
    const printed = renderMarkdown(difference)
    expect(printed).toMatch(/^\*\*drylab diff: \d+ differences: \d+ removed, \d+ changed\*\*\n/)
    expect(printed).toContain('| Routes | 0 | 3 |')
    expect(printed).toMatch(/<details>\n<summary>BGP tables: \d+ rows<\/summary>\n\n\| node \|/)
    expect(printed.match(/<details>/g)).toHaveLength(printed.match(/<\/details>/g)!.length)
    expect(printed).not.toMatch(/<summary>Reachability/)
  })

  test('as Markdown stays below what a comment may hold', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      cluster: 'c',
      namespace: 'n',
      service: `s${index}`,
      ports: 'x'.repeat(2000),
    }))
    const printed = renderMarkdown(compareMade('services', [], many))
    expect(printed.length).toBeLessThan(65_536)
    expect(printed).toContain('and 2990 more')
  })

  test('as Markdown has five cells in every row, whatever the values hold', () => {
    const row = (name: string) => ({ cluster: 'c', namespace: 'n', service: name, ports: '<none>|`@all`' })
    const printed = renderMarkdown(compareMade('services', [row('a|b')], [row('*x*\n<b>')]))
    const rows = printed.split('\n').filter(line => /^\| c /.test(line))
    expect(rows).toHaveLength(2)
    for (const line of rows) expect(line.match(/(?<!\\)\|/g)).toHaveLength(6)
    expect(printed).not.toMatch(/<b>|<none>|(?<!\\)@all/)
    expect(printed).toContain('\\*x\\*<br>&lt;b&gt;')
  })
})

/** Hosts on one bridge, 10.9.0.1 onwards. */
function hosts(names: readonly string[]): string {
  const lines = names.map((name, index) => [
    `    ${name}:`,
    '      kind: linux',
    '      image: alpine',
    `      exec: ["ip addr add 10.9.0.${index + 1}/24 dev eth1"]`,
  ])
  const links = names.map((name, index) => `    - endpoints: ["${name}:eth1", "br:eth${index + 1}"]`)
  return ['name: hosts', 'topology:', '  nodes:', '    br: {kind: bridge}', ...lines.flat(), '  links:', ...links].join(
    '\n',
  )
}
