import { expect, test } from 'vitest'
import { fibRoute } from '../../src/host/fib.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { give, ip, join, newHost, prefix } from '../support/two-hosts.ts'

/** Picks of `ping -c1 30.1.1.N`, N = 1 to 40, of Linux 6.18: two equal next hops, fib_multipath_hash_seed 1. */
const MEASURED = {
  '0': '0010000100111111100100111011111000011100',
  '1': '1101010001001111000000100111100110000000',
}

test.each(Object.entries(MEASURED))('policy %s: pings take the next hops that the kernel took', (policy, picks) => {
  const simulator = new Simulator()
  const host = newHost(simulator, 'leaf', 99)
  host.sysctl.set('net.ipv4.fib_multipath_hash_seed', '1')
  host.sysctl.set('net.ipv4.fib_multipath_hash_policy', policy)
  const ends = ['d0', 'd1'].map((name, index) => {
    const [end] = join(host, name, newHost(simulator, `peer${index}`), 'eth1')
    give(host, end, `10.0.${index}.1/24`)
    host.neighbors.set({ interface: end, address: ip(`10.0.${index}.9`), mac: 0x020000000000 as never }, 'add')
    return end
  })
  const nextHops = ['10.0.0.9', '10.0.1.9'].map(gateway => ({ gateway: ip(gateway) }))
  host.addRoute(fibRoute({ prefix: prefix('30.0.0.0/8'), nextHops }), 'add')
  let taken = ''
  for (let low = 1; low <= 40; low += 1) {
    const before = ends[0]!.counters.transmittedPackets
    host.icmp.openEcho().send({ destination: ip(`30.1.1.${low}`), sequence: 1, dataBytes: 56 })
    taken += ends[0]!.counters.transmittedPackets === before ? '1' : '0'
  }
  expect(taken).toBe(picks)
})
