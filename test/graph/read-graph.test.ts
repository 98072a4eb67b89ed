import { beforeAll, describe, expect, test } from 'vitest'
import { GRAPH_FORMATS } from '../../src/graph/formats.ts'
import { readGraph } from '../../src/graph/read-graph.ts'
import { readWay } from '../../src/graph/read-way.ts'
import { findCable, setLink } from '../../src/lab/actions.ts'
import { parseTarget } from '../../src/scenario/support/target.ts'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'
import { openSettledLab } from '../support/open-settled-lab.ts'

describe('a leaf/spine fabric', () => {
  let opened: OpenedLab
  beforeAll(async () => {
    opened = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
  })

  test('stands in rows: spines, leaves, hosts', () => {
    const rows: string[][] = []
    for (const { name, tier } of readGraph(opened.lab).nodes) rows[tier] = [...(rows[tier] ?? []), name]
    expect(rows).toEqual([
      ['spine1', 'spine2'],
      ['leaf1', 'leaf2', 'leaf3', 'leaf4'],
      ['host1', 'host2', 'host3', 'host4'],
    ])
  })

  test('has each link with the addresses of its ends and its session', () => {
    const { links, sessions } = readGraph(opened.lab)
    expect(links).toHaveLength(12)
    expect(links[0]).toEqual({
      ends: [
        { node: 'spine1', interface: 'eth1', addresses: ['10.1.1.0/31'] },
        { node: 'leaf1', interface: 'eth1', addresses: ['10.1.1.1/31'] },
      ],
      hasCarrier: true,
      session: { a: 'leaf1', b: 'spine1', kind: 'eBGP', state: 'Established', isUp: true },
    })
    expect(sessions).toEqual([])
  })

  test('names the AS of its routers', () => {
    expect(readGraph(opened.lab).nodes.find(({ name }) => name === 'leaf3')!.asns).toEqual([65003])
  })

  test('shows the way of a packet and of its answer, link by link', () => {
    const { lab } = opened
    const host1 = lab.node('host1')!
    const graph = readGraph(lab)
    const way = readWay(lab, graph, host1, parseTarget(host1.host, '10.100.4.10')!, {
      from: 'host1',
      to: '10.100.4.10',
    })
    expect(way.isAnswered).toBe(true)
    const names = (hops: typeof way.there) => [hops[0]!.from, ...hops.map(({ to }) => to)]
    expect(names(way.there)).toEqual(['host1', 'leaf1', expect.stringMatching(/^spine/), 'leaf4', 'host4'])
    expect(names(way.back)).toEqual(['host4', 'leaf4', expect.stringMatching(/^spine/), 'leaf1', 'host1'])
    for (const { from, to, link } of [...way.there, ...way.back]) {
      expect(graph.links[link!]!.ends.map(({ node }) => node).sort()).toEqual([from, to].sort())
    }
  })

  test('shows a cut link without carrier and its session down', async () => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    setLink(lab, findCable(lab, 'leaf1', 'eth1')!, false)
    lab.simulator.runUntil(lab.simulator.nowNs + 200e9)
    const [link] = readGraph(lab).links
    expect(link).toMatchObject({ hasCarrier: false, session: { isUp: false } })
  })
})

describe('the lab of the article', () => {
  let opened: OpenedLab
  beforeAll(async () => {
    opened = await openSettledLab('topologies/cilium-bgp/setup.sh')
  })

  test('has bridges between leaves and Kubernetes nodes', () => {
    const { nodes } = readGraph(opened.lab)
    const tierOf = (name: string) => nodes.find(node => node.name === name)!.tier
    expect(['client', 'spine01', 'leaf01', 'leaf01-br', 'worker3'].map(tierOf)).toEqual([0, 1, 2, 3, 4])
  })

  test('names each Kubernetes node once, by its name in the topology', () => {
    const { nodes } = readGraph(opened.lab)
    expect(nodes.filter(({ kind }) => kind === 'node').map(({ name }) => name)).toEqual([
      'control-plane',
      'worker',
      'worker2',
      'worker3',
    ])
  })

  test('draws the sessions that cross a bridge beside the links', () => {
    const { sessions } = readGraph(opened.lab)
    expect(sessions.map(({ a, b, isUp }) => [[a, b].sort().join(' '), isUp]).sort()).toEqual([
      ['control-plane leaf01', false],
      ['leaf01 worker3', false],
      ['leaf02 worker', false],
      ['leaf02 worker2', false],
    ])
  })

  test('shows that a packet crosses the bridge', () => {
    const { lab } = opened
    const client = lab.node('client')!
    const graph = readGraph(lab)
    const way = readWay(lab, graph, client, parseTarget(client.host, '10.0.10.12')!, {
      from: 'client',
      to: '10.0.10.12',
    })
    expect(way.there.map(({ to }) => to)).toEqual(['spine02', 'leaf02', 'leaf02-br', 'worker2'])
  })
})

test('the machine and its networks are nodes where links lead to them', async () => {
  const text =
    'name: m\ntopology:\n  nodes:\n    a: {kind: linux}\n  links:\n    - endpoints: ["a:eth1", "mgmt-net:a1"]\n    - endpoints: ["a:eth2", "host:a2"]\n'
  const { lab } = await openLab({
    path: '/x/lab.clab.yml',
    files: { readText: () => text, kindOf: () => 'file', list: () => [] },
  })
  const graph = readGraph(lab)
  expect(graph.nodes.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['a host', 'mgmt-net bridge', 'host host'])
  for (const format of Object.values(GRAPH_FORMATS)) expect(format(graph)).not.toContain('undefined')
})
