import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { GRAPH_FORMATS } from '../../src/graph/formats.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { readGraph } from '../../src/graph/read-graph.ts'
import { readWay } from '../../src/graph/read-way.ts'
import { parseTarget } from '../../src/scenario/support/target.ts'
import { openSettledLab } from '../support/open-settled-lab.ts'

let graph: Graph
beforeAll(async () => {
  const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
  const picture = readGraph(lab)
  const host1 = lab.node('host1')!
  const target = parseTarget(host1.host, '10.100.4.10')!
  graph = { ...picture, way: readWay(lab, picture, host1, target, { from: 'host1', to: '10.100.4.10' }) }
})

/** Names that every language might take for its own. */
const NASTY: Graph = {
  name: '</svg><script>alert("1")</script>',
  nodes: [
    { id: 'a"b', name: 'a"b', kind: 'router', asns: [65001], isRunning: true, tier: 0 },
    { id: "x'\\<&", name: "x'\\<&", kind: 'host', asns: [], isRunning: false, tier: 1 },
  ],
  links: [
    {
      ends: [
        { node: 'a"b', interface: 'eth1|2', addresses: [] },
        { node: "x'\\<&", interface: 'end', addresses: ['10.0.0.1/24'] },
      ],
      hasCarrier: false,
    },
  ],
  sessions: [],
}

describe('svg', () => {
  test.each([
    ['a fabric', () => graph],
    ['nasty names', () => NASTY],
    ['nothing', (): Graph => ({ name: 'empty', nodes: [], links: [], sessions: [] })],
  ])('is well-formed XML for %s', async (_what, of) => {
    const { errors } = await validateXML({
      xml: [{ fileName: 'graph.svg', contents: GRAPH_FORMATS.svg(of()) }],
      schema: [],
    })
    expect(errors).toEqual([])
  })

  test('says addresses, AS numbers and the state of sessions', () => {
    const text = GRAPH_FORMATS.svg(graph)
    for (const part of ['eth1 10.1.1.0/31', 'AS 65100', 'eBGP Established']) expect(text).toContain(`>${part}<`)
  })

  test('has an arrow for each hop there and back', () => {
    const text = GRAPH_FORMATS.svg(graph)
    expect(text.match(/marker-end="url\(#head-there\)"/g)).toHaveLength(4)
    expect(text.match(/marker-end="url\(#head-back\)"/g)).toHaveLength(4)
  })
})

/** Three nodes, each joined to both others, in the rows of the tiers. */
function triangle(...tiers: readonly number[]): Graph {
  const end = (node: string, address: string) => ({ node, interface: 'eth1', addresses: [address] })
  return {
    name: 'triangle',
    nodes: ['a', 'b', 'c'].map((id, index) => ({
      id,
      name: id,
      kind: 'host',
      asns: [],
      isRunning: true,
      tier: tiers[index]!,
    })),
    links: ['ab', 'bc', 'ac'].map(([from, to]) => ({
      ends: [end(from!, '10.0.0.1/30'), end(to!, '10.0.0.2/30')],
      hasCarrier: true,
    })),
    sessions: [],
  }
}

describe('links of one row', () => {
  test('have room for the addresses of both ends', () => {
    const xs = [
      ...GRAPH_FORMATS.svg(triangle(0, 0, 0)).matchAll(/<line class="link [^>]* x1="([\d.]+)"[^>]* x2="([\d.]+)"/g),
    ]
    expect(xs.length).toBeGreaterThan(1)
    for (const [, from, to] of xs.slice(0, 2)) expect(Math.abs(Number(to) - Number(from))).toBeGreaterThan(190)
  })

  test.each([[[0, 0, 0]], [[0, 1, 2]]])('go around a node that stands between: rows %j', tiers => {
    const text = GRAPH_FORMATS.svg(triangle(...tiers))
    expect(text.match(/<path class="link/g)).toHaveLength(1)
    expect(text).toMatch(/data-a="a" data-b="c"><title>[^<]*<\/title><path/)
  })
})

describe('mermaid', () => {
  test('has one line per link and hop, and a style for each', () => {
    const lines = GRAPH_FORMATS.mermaid(graph).split('\n')
    expect(lines.filter(line => line.includes(' ---|'))).toHaveLength(12)
    expect(lines.filter(line => /==>|-\.->/.test(line))).toHaveLength(8)
    expect(lines.filter(line => line.startsWith('  linkStyle'))).toHaveLength(20)
  })

  test('keeps quotes out of its texts', () => {
    expect(GRAPH_FORMATS.mermaid(NASTY)).toContain('["a#quot;b<br/>AS 65001"]')
  })
})

describe('dot', () => {
  test.each([[[0, 0, 0]], [[0, 0, 1]]])('keeps Graphviz from bending labelled edges within a row: rows %j', tiers => {
    const text = GRAPH_FORMATS.dot(triangle(...tiers))
    expect(text.includes('rank=same')).toBe(text.includes('splines=line'))
    expect(text.includes('rank=same')).toBe(tiers[2] === 1)
  })

  test('joins the ends of each link by their names', () => {
    expect(GRAPH_FORMATS.dot(graph)).toContain(
      '"spine1" -- "leaf1" [label="eBGP Established", taillabel="eth1 10.1.1.0/31", headlabel="eth1 10.1.1.1/31", color="#2e7d32"];',
    )
  })

  test('escapes what would end a text', () => {
    expect(GRAPH_FORMATS.dot(NASTY)).toContain('"x\'\\\\<&"')
  })
})

describe('html', () => {
  test('asks nobody for anything', () => {
    const text = GRAPH_FORMATS.html(graph).replaceAll('http://www.w3.org/2000/svg', '')
    expect(text).not.toMatch(/https?:|src=|@import|<link/)
  })

  test('shows names as they are and runs none of them', () => {
    const text = GRAPH_FORMATS.html(NASTY)
    expect(text).not.toContain('<script>alert')
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)')
  })

  const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

  test.skipIf(CHROMIUM === undefined)(
    'is drawn by Chromium: no box covers another, pointing at a node fades the rest',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'drylab-'))
      const page = join(folder, 'graph.html')
      writeFileSync(page, `${GRAPH_FORMATS.html(graph)}<script>${LOOK}</script>`)
      const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
      const { stdout } = spawnSync(CHROMIUM!, [...args, `--user-data-dir=${folder}`, '--dump-dom', `file://${page}`], {
        encoding: 'utf8',
      })
      rmSync(folder, { recursive: true })
      expect(JSON.parse(/<pre id="seen">(.*?)<\/pre>/.exec(stdout)![1]!)).toEqual({
        boxes: 10,
        overlapping: 0,
        outside: 0,
        fadedNodes: 6,
        fadedEdges: 9,
        rowsShown: 3,
      })
    },
    60_000,
  )
})

/** Runs in the page: measures it, points at leaf1, filters for leaf1, and leaves what it saw. */
const LOOK = `
const boxes = [...document.querySelectorAll('[data-node] > rect')].map(one => one.getBoundingClientRect())
const picture = document.querySelector('svg').getBoundingClientRect()
const covers = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
const isOutside = one => one.left < picture.left || one.right > picture.right || one.top < picture.top || one.bottom > picture.bottom
document.querySelector('[data-node="leaf1"]').dispatchEvent(new Event('mouseenter'))
const filter = document.querySelector('#filter')
filter.value = 'leaf1'
filter.dispatchEvent(new Event('input'))
const seen = {
  boxes: boxes.length,
  overlapping: boxes.filter((a, index) => boxes.slice(index + 1).some(b => covers(a, b))).length,
  outside: [...document.querySelectorAll('svg text')].map(one => one.getBoundingClientRect()).filter(isOutside).length,
  fadedNodes: document.querySelectorAll('[data-node].faded').length,
  fadedEdges: document.querySelectorAll('.edge.faded').length,
  rowsShown: [...document.querySelectorAll('tbody tr')].filter(row => !row.hidden).length,
}
document.body.append(Object.assign(document.createElement('pre'), { id: 'seen', textContent: JSON.stringify(seen) }))
`
