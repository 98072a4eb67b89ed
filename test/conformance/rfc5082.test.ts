import { expect, test } from 'vitest'
import { TCP_FLAG } from '../../src/wire/tcp.ts'
import { labOfTexts } from '../support/lab-of-texts.ts'

/** Two eBGP routers; each line goes into one's `router bgp`. */
async function pair(lines: readonly [string, string]) {
  const config = (own: 0 | 1): string =>
    [
      'frr version 8.4.4',
      'frr defaults datacenter',
      'interface eth1',
      ` ip address 10.9.12.${own}/31`,
      `router bgp ${65001 + own}`,
      ' no bgp ebgp-requires-policy',
      ` neighbor 10.9.12.${1 - own} remote-as ${65002 - own}`,
      ...(lines[own] === '' ? [] : [` neighbor 10.9.12.${1 - own} ${lines[own]}`]),
    ].join('\n')
  const { lab } = await labOfTexts({
    'lab.clab.yml': `name: pair
topology:
  nodes:
    r1: {kind: linux, image: 'frrouting/frr:v8.4.4', binds: [r1.conf:/etc/frr/frr.conf]}
    r2: {kind: linux, image: 'frrouting/frr:v8.4.4', binds: [r2.conf:/etc/frr/frr.conf]}
  links:
    - endpoints: ["r1:eth1", "r2:eth1"]
`,
    'r1.conf': config(0),
    'r2.conf': config(1),
  })
  const ttls = new Set<number>()
  for (const name of ['r1', 'r2'])
    lab
      .node(name)!
      .host.interfaces.get('eth1')!
      .taps.add((frame, direction) => {
        // the resets of a connection that was closed in a collision come from the kernel, with 64 (on FRR 8.4.4 too)
        const { payload: packet } = frame
        if (direction !== 'out' || packet.kind !== 'ipv4' || packet.payload.kind !== 'tcp') return
        if ((packet.payload.flags & TCP_FLAG.rst) === 0) ttls.add(packet.ttl)
      })
  lab.simulator.runUntil(lab.simulator.nowNs + 60e9)
  ttls.clear()
  lab.simulator.runUntil(lab.simulator.nowNs + 60e9)
  const [peer] = lab.node('r1')!.router!.speaker!.snapshotPeers().peers
  return { state: peer!.state, ttls: [...ttls] }
}

test('section 3: with ttl-security on both sides all packets leave with TTL 255', async () => {
  expect(await pair(['ttl-security hops 1', 'ttl-security hops 1'])).toEqual({ state: 'Established', ttls: [255] })
})

test('section 3: with ttl-security on one side the other side is not heard', async () => {
  const { state } = await pair(['ttl-security hops 1', ''])
  expect(state).not.toBe('Established')
})

test('without ttl-security both ends of an eBGP session send with TTL 1, the accepting one too', async () => {
  expect(await pair(['', ''])).toEqual({ state: 'Established', ttls: [1] })
})
