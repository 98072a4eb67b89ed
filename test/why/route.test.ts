import { describe, expect, test } from 'vitest'
import type { Answer, Step } from '../../src/why/answer.ts'
import { whyRoute } from '../../src/why/route.ts'
import { openSettledLab } from '../support/open-settled-lab.ts'
import { ask, blamed, EditedLab } from './edited-lab.ts'

/** All texts of an answer below each other. */
function texts({ verdict, steps }: Answer): string {
  const all = (list: readonly Step[]): readonly string[] => list.flatMap(step => [step.text, ...all(step.steps ?? [])])
  return [verdict, ...all(steps)].join('\n')
}

describe('a route that is there', () => {
  const clos = openSettledLab('topologies/clos-2x4/lab.clab.yml')

  test('is told with its whole next-hop set, and with what route -n hides of it', async () => {
    const answer = ask((await clos).lab, 'route leaf1 10.100.3.0/24')
    expect(answer.isPositive).toBe(true)
    expect(texts(answer)).toContain('over 2 next hops: spine')
    expect(texts(answer)).toMatch(/route -n shows only 10\.\d\.1\.0; 1 more in ip route/)
  })

  test('names its origin with the line and the way it came', async () => {
    const answer = ask((await clos).lab, 'route leaf1 10.100.3.0/24')
    expect(texts(answer)).toMatch(/brought in by leaf3 \(network statement\), by way of spine\d/)
    const json = JSON.stringify(answer)
    expect(json).toContain('leaf3/frr.conf","line":30')
  })

  test('is found by the longest match for an address', async () => {
    const answer = ask((await clos).lab, 'route leaf1 10.100.3.77')
    expect(answer.verdict).toContain('routes 10.100.3.77 by 10.100.3.0/24')
  })

  test('names a single way', async () => {
    expect(ask((await clos).lab, 'route host1 0.0.0.0/0').verdict).toBe(
      'host1 routes 0.0.0.0/0 over leaf1 10.100.1.1 eth1 (boot)',
    )
  })

  test('names the line that gave a connected network or a static command', async () => {
    const { lab } = await clos
    expect(ask(lab, 'route leaf1 10.100.1.0/24').steps[0]?.source?.file).toContain('leaf1/frr.conf')
    expect(ask(lab, 'route host1 0.0.0.0/0').steps[0]?.source).toMatchObject({ line: 31 })
  })

  test('asks nothing of what is neither a prefix nor an address', async () => {
    const { lab } = await clos
    for (const text of ['', 'x', '10.0.0.0/33', '10.0.0', 'leaf1', '::/0'])
      expect(whyRoute(lab, lab.node('leaf1')!, text), text).toBeUndefined()
  })

  test('leaves the lab as it is', async () => {
    const { lab } = await clos
    const before = [lab.simulator.nowNs, lab.simulator.journal.entries.length]
    ask(lab, 'route leaf1 10.100.3.0/24')
    ask(lab, 'route leaf1 10.99.3.0/24')
    expect([lab.simulator.nowNs, lab.simulator.journal.entries.length]).toEqual(before)
  })
})

describe('candidates that lost', () => {
  test('are told with the step and both values: AS path', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      [
        'spine1/frr.conf',
        ' address-family ipv4 unicast\n',
        ' address-family ipv4 unicast\n  neighbor LEAVES route-map LONG out\n',
      ],
      ['spine1/frr.conf', 'router bgp', 'route-map LONG permit 10\n set as-path prepend 65100 65100\nrouter bgp'],
    ])
    expect(texts(await lab.ask('route leaf1 10.100.3.0/24'))).toMatch(
      /from spine1 10\.1\.1\.0.*; lost at as-path: 4 against 2/,
    )
  })

  test('are told with the step and both values: local preference', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      [
        'leaf1/frr.conf',
        ' address-family ipv4 unicast\n',
        ' address-family ipv4 unicast\n  neighbor 10.1.1.0 route-map LOW in\n',
      ],
      ['leaf1/frr.conf', 'router bgp', 'route-map LOW permit 10\n set local-preference 50\nrouter bgp'],
    ])
    expect(texts(await lab.ask('route leaf1 10.100.3.0/24'))).toContain('lost at local-preference: 50 against 100')
  })

  test('are told with their distance where zebra chose', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      ['leaf1/frr.conf', 'router bgp', 'ip route 10.100.3.0/24 10.1.1.0 250\nrouter bgp'],
    ])
    expect(texts(await lab.ask('route leaf1 10.100.3.0/24'))).toContain(
      'static [250/0] 10.1.1.0 lost at distance: 250 against 20',
    )
  })

  test('are told when a policy denied them while others were taken', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      [
        'leaf1/frr.conf',
        ' address-family ipv4 unicast\n',
        ' address-family ipv4 unicast\n  neighbor 10.1.1.0 prefix-list NOT in\n',
      ],
      [
        'leaf1/frr.conf',
        'router bgp',
        'ip prefix-list NOT seq 5 deny 10.100.3.0/24\nip prefix-list NOT seq 10 permit any\nrouter bgp',
      ],
    ])
    const answer = await lab.ask('route leaf1 10.100.3.0/24')
    expect(answer.isPositive).toBe(true)
    expect(texts(answer)).toContain('from spine1: denied: prefix-list NOT seq 5 deny 10.100.3.0/24')
    expect(lab.placeOf(blamed(answer.steps.flatMap(step => step.steps ?? []))!)).toBe(
      lab.place('leaf1/frr.conf', 'seq 5 deny'),
    )
  })

  test('are told with the next hop that they resolve over', async () => {
    const { lab } = await openSettledLab('test/labs/route-reflectors/lab.clab.yml')
    expect(texts(ask(lab, 'route c2 10.50.3.0/24'))).toContain(
      'c1 10.255.0.3 is resolved over 10.0.3.1 eth1 + 10.0.6.1 eth2',
    )
  })
})

describe('a route that is not there', () => {
  test('of a prefix that nobody has is told with what is near to it', async () => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    const answer = ask(lab, 'route leaf1 10.100.3.128/25')
    expect(answer.verdict).toContain('no node of the lab has 10.100.3.128/25')
    expect(texts(answer)).toContain('packets to 10.100.3.128 take 10.100.3.0/24')
  })

  test('is looked for behind several peers: the cut link two hops away is named', async () => {
    const opened = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    const { lab } = opened
    for (const { cable, ends } of lab.topologies.get('clos-2x4')!.links)
      if (ends.some(end => end.node === 'leaf3') && ends.some(end => end.node.startsWith('spine')))
        cable.setConnected(false)
    lab.simulator.runUntil(lab.simulator.nowNs + 300e9)
    const answer = ask(lab, 'route leaf1 10.100.3.0/24')
    expect(answer.verdict).toContain('the link to leaf3 eth1 is cut')
    expect(blamed(answer.steps)?.line).toBe(53)
  })

  test('on a dead node is the death of the node', async () => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    const leaf = lab.node('leaf1')!
    leaf.isRunning = false
    expect(ask(lab, 'route leaf1 10.100.3.0/24').isPositive).toBe(false)
    leaf.isRunning = true
  })
})

/** Of every recorded lab: each prefix that is anywhere, on each node. */
describe('every route that is not there has a reason with a place', () => {
  const LABS = ['med-and-local-preference', 'aggregate-denied-by-route-map', 'route-server-and-table-map']
  test.each(LABS)('%s', async name => {
    const { lab } = await openSettledLab(`test/labs/${name}/lab.clab.yml`)
    const prefixes = new Set<string>()
    for (const node of lab.nodes())
      for (const row of node.router?.zebra.snapshotRib() ?? []) prefixes.add(formatted(row.prefix))
    let absent = 0
    for (const node of lab.nodes())
      for (const prefix of prefixes) {
        const answer = ask(lab, `route ${node.name} ${prefix}`)
        if (answer.isPositive) continue
        absent += 1
        expect(blamed(answer.steps), `${node.name} ${prefix}: ${texts(answer)}`).toBeDefined()
      }
    expect(absent).toBeGreaterThan(0)
  })
})

function formatted(prefix: number): string {
  const address = Math.floor(prefix / 64)
  return `${[24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.')}/${prefix % 64}`
}
