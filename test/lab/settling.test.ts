import { expect, test } from 'vitest'
import { Settling } from '../../src/lab/settling.ts'
import { labOfTexts } from '../support/lab-of-texts.ts'

/**
 * Four routers, all joined with all: r0 has the prefix, and each other one prefers the way over the next but nothing longer.
 * FRR 8.4.4 never settles on it either: its table's version keeps rising (measured).
 */
function badGadget(isBad: boolean): Record<string, string> {
  const pairs = [0, 1, 2].flatMap(a => [1, 2, 3].filter(b => b > a).map(b => [a, b] as const))
  const address = (pair: readonly [number, number], own: number) =>
    `10.9.${10 * pair[0] + pair[1]}.${own === pair[0] ? 0 : 1}`
  const portOf = (own: number, other: number) => `eth${other < own ? other + 1 : other}`
  const config = (own: number): string => {
    const mine = pairs.filter(pair => pair.includes(own))
    const other = ([a, b]: readonly [number, number]) => (a === own ? b : a)
    const next = own === 3 ? 1 : own + 1
    const mapFor = (peer: number) => (peer === 0 ? 'DIRECT' : peer === next ? 'NEXT' : 'NOTHING')
    return [
      'frr version 8.4.4',
      'frr defaults datacenter',
      `hostname r${own}`,
      ...mine.flatMap(pair => [`interface ${portOf(own, other(pair))}`, ` ip address ${address(pair, own)}/31`]),
      ...(own === 0 ? ['interface lo', ' ip address 10.0.0.1/24'] : []),
      `router bgp ${65000 + own}`,
      ' no bgp ebgp-requires-policy',
      ...mine.map(pair => ` neighbor ${address(pair, other(pair))} remote-as ${65000 + other(pair)}`),
      ' address-family ipv4 unicast',
      ...(own === 0 ? ['  network 10.0.0.0/24'] : []),
      ...(own === 0
        ? []
        : mine.map(pair => `  neighbor ${address(pair, other(pair))} route-map ${mapFor(other(pair))} in`)),
      ' exit-address-family',
      `bgp as-path access-list SHORT seq 5 permit ^${65000 + next}_65000$`,
      'route-map DIRECT permit 10',
      'route-map NEXT permit 10',
      ' match as-path SHORT',
      ` set local-preference ${isBad ? 200 : 50}`,
      'route-map NOTHING deny 10',
    ].join('\n')
  }
  const nodes = [0, 1, 2, 3].map(
    n => `    r${n}: {kind: linux, image: 'frrouting/frr:v8.4.4', binds: [r${n}.conf:/etc/frr/frr.conf]}`,
  )
  const links = pairs.map(([a, b]) => `    - endpoints: ["r${a}:${portOf(a, b)}", "r${b}:${portOf(b, a)}"]`)
  return {
    'lab.clab.yml': ['name: gadget', 'topology:', '  nodes:', ...nodes, '  links:', ...links].join('\n'),
    ...Object.fromEntries([0, 1, 2, 3].map(n => [`r${n}.conf`, config(n)])),
  }
}

async function settle(texts: Record<string, string>, limitNs: number) {
  const { lab } = await labOfTexts(texts)
  const settling = new Settling(lab.simulator)
  const outcome = lab.simulator.runWhile(() => !settling.isOver, lab.simulator.nowNs + limitNs)
  return { lab, why: settling.end(outcome, limitNs) }
}

test('a BGP configuration without a stable solution is recognised, with its prefix, routers and cycle', async () => {
  const { why } = await settle(badGadget(true), 900e9)
  expect(why[0]).toBe(
    'BGP never settles on 10.0.0.0/24: clab-gadget-r1, clab-gadget-r2, clab-gadget-r3 choose in a circle',
  )
  expect(why[1]).toMatch(/^the same choices came back 50 times since \d+\.\d{3}s$/)
  const cycle = why.slice(2)
  expect(new Set(cycle.map(line => line.split(':')[0]))).toEqual(
    new Set(['clab-gadget-r1', 'clab-gadget-r2', 'clab-gadget-r3']),
  )
  expect(cycle).toContain('clab-gadget-r1: via 10.9.12.1 (65002 65000)')
})

test('the same routers with preferences that have a solution settle', async () => {
  const { why, lab } = await settle(badGadget(false), 900e9)
  expect(why).toEqual([])
  expect(lab.simulator.pendingWork).toBe(0)
})

test('what is not settled in time is told with what is still at work', async () => {
  const { why } = await settle(badGadget(false), 1e6)
  expect(why[0]).toBe('not settled within 1ms')
  expect(why[1]).toMatch(/^still at work: /)
})
