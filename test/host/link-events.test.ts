import { describe, expect, test } from 'vitest'
import { type FibRoute, fibRoute } from '../../src/host/fib.ts'
import type { Host } from '../../src/host/host.ts'
import type { Interface } from '../../src/host/interface.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { formatIpv4, formatPrefix } from '../../src/wire/address.ts'
import { addRoute, give, ip, join, newHost, prefix } from '../support/two-hosts.ts'

/** `leaf` with eth1 (10.0.1.1/24) and eth2 (10.0.2.1/24) to two spines that are .2 there. */
function leaf() {
  const simulator = new Simulator()
  const host = newHost(simulator, 'leaf')
  const spines = [newHost(simulator, 'spine1'), newHost(simulator, 'spine2')] as const
  const [eth1, far1] = join(host, 'eth1', spines[0], 'eth1')
  const [eth2, far2] = join(host, 'eth2', spines[1], 'eth1')
  give(host, eth1, '10.0.1.1/24')
  give(host, eth2, '10.0.2.1/24')
  give(spines[0], far1, '10.0.1.2/24')
  give(spines[1], far2, '10.0.2.2/24')
  return { simulator, host, spines, eth1, eth2, far1, far2 }
}

function text(route: FibRoute): string {
  const hops = route.nextHops.map(hop => {
    const via = hop.gateway === undefined ? '' : ` via ${formatIpv4(hop.gateway)}`
    return `${via} dev ${hop.interface!.name}${hop.isDead ? ' dead' : ''}${hop.isLinkDown ? ' linkdown' : ''}`
  })
  return `${route.type === 'unicast' ? '' : `${route.type} `}${formatPrefix(route.prefix)}${hops.join(' +')}`
}

const main = (host: Host): string[] => host.fib.routes().map(text)
const local = (host: Host, device: Interface): string[] =>
  host.fib
    .routes(255)
    .filter(route => route.nextHops[0]!.interface === device)
    .map(text)

function multipath(host: Host, to: string): void {
  const nextHops = ['10.0.1.2', '10.0.2.2'].map(gateway => ({ gateway: ip(gateway) }))
  expect(host.addRoute(fibRoute({ prefix: prefix(to), nextHops, scope: 'global' }), 'add')).toEqual({ ok: true })
}

describe('admin down', () => {
  test('removes the routes of the device but its local one; up brings only kernel routes back', () => {
    const { host, eth1 } = leaf()
    addRoute(host, '10.9.0.0/16', '10.0.1.2')
    expect(local(host, eth1)).toEqual(['local 10.0.1.1/32 dev eth1', 'broadcast 10.0.1.255/32 dev eth1'])
    host.setInterfaceUp(eth1, false)
    expect(main(host)).toEqual(['10.0.2.0/24 dev eth2'])
    expect(local(host, eth1)).toEqual(['local 10.0.1.1/32 dev eth1'])
    expect(eth1.addresses).toHaveLength(1)
    host.setInterfaceUp(eth1, true)
    expect(main(host)).toEqual(['10.0.1.0/24 dev eth1', '10.0.2.0/24 dev eth2'])
    expect(local(host, eth1)).toEqual(['local 10.0.1.1/32 dev eth1', 'broadcast 10.0.1.255/32 dev eth1'])
  })

  test('marks a multipath next hop dead while another lives, and removes the route with the last', () => {
    const { host, eth1, eth2 } = leaf()
    multipath(host, '10.9.0.0/16')
    host.setInterfaceUp(eth1, false)
    expect(main(host)).toContain('10.9.0.0/16 via 10.0.1.2 dev eth1 dead linkdown + via 10.0.2.2 dev eth2')
    for (let low = 1; low < 20; low += 1) expect(host.routeFor(ip(`10.9.0.${low}`))).toMatchObject({ interface: eth2 })
    host.setInterfaceUp(eth1, true)
    expect(main(host)).toContain('10.9.0.0/16 via 10.0.1.2 dev eth1 + via 10.0.2.2 dev eth2')
    host.setInterfaceUp(eth1, false)
    host.setInterfaceUp(eth2, false)
    expect(main(host)).toEqual([])
  })
})

describe('carrier loss', () => {
  test('keeps classic routes with the flag linkdown, still used', () => {
    const { host, eth1, far1, spines } = leaf()
    addRoute(host, '10.9.0.0/16', '10.0.1.2')
    spines[0].setInterfaceUp(far1, false)
    expect(main(host)).toEqual([
      '10.0.1.0/24 dev eth1 linkdown',
      '10.0.2.0/24 dev eth2',
      '10.9.0.0/16 via 10.0.1.2 dev eth1 linkdown',
    ])
    expect(host.routeFor(ip('10.9.0.1'))).toMatchObject({ ok: true, interface: eth1 })
    spines[0].setInterfaceUp(far1, true)
    expect(main(host)).not.toContain('10.0.1.0/24 dev eth1 linkdown')
  })

  test('with ignore_routes_with_linkdown the next longest prefix is used', () => {
    const { host, eth1, eth2, far1, spines } = leaf()
    host.sysctl.set('net.ipv4.conf.eth1.ignore_routes_with_linkdown', '1')
    addRoute(host, '10.9.0.0/16', '10.0.1.2')
    addRoute(host, '10.0.0.0/8', '10.0.2.2')
    expect(host.routeFor(ip('10.9.0.1'))).toMatchObject({ interface: eth1 })
    spines[0].setInterfaceUp(far1, false)
    expect(host.routeFor(ip('10.9.0.1'))).toMatchObject({ interface: eth2 })
  })

  test('deletes nexthop objects, shrinks groups and takes routes with the last member, without route messages', () => {
    const { host, eth1, eth2, far1, far2, spines } = leaf()
    const { nextHopObjects } = host
    nextHopObjects.add({ id: 1, gateway: ip('10.0.1.2'), interface: eth1, protocol: 'zebra' })
    nextHopObjects.add({ id: 2, gateway: ip('10.0.2.2'), interface: eth2, protocol: 'zebra' })
    nextHopObjects.add({ id: 3, group: [1, 2].map(id => ({ id, weight: 1 })), protocol: 'zebra' })
    host.addRoute(fibRoute({ prefix: prefix('10.9.0.0/16'), nextHopId: 3, protocol: 'bgp' }), 'add')
    host.addRoute(fibRoute({ prefix: prefix('10.8.0.0/16'), nextHopId: 1, protocol: 'bgp' }), 'add')
    const events: string[] = []
    host.monitor.subscribe(event => events.push(event.kind))
    spines[0].setInterfaceUp(far1, false)
    expect(nextHopObjects.all().map(object => object.id)).toEqual([2, 3])
    expect(main(host).slice(2)).toEqual(['10.9.0.0/16 via 10.0.2.2 dev eth2'])
    expect(events).toEqual(['link'])
    spines[1].setInterfaceUp(far2, false)
    expect(nextHopObjects.all()).toEqual([])
    expect(main(host)).toHaveLength(2)
    spines[0].setInterfaceUp(far1, true)
    expect(nextHopObjects.all()).toEqual([])
  })
})

test('a group skips a member whose neighbour has failed, a classic route does not', () => {
  const { host, eth1, eth2, far1, simulator, spines } = leaf()
  host.nextHopObjects.add({ id: 1, gateway: ip('10.0.1.2'), interface: eth1, protocol: 'zebra' })
  host.nextHopObjects.add({ id: 2, gateway: ip('10.0.2.2'), interface: eth2, protocol: 'zebra' })
  host.nextHopObjects.add({ id: 3, group: [1, 2].map(id => ({ id, weight: 1 })), protocol: 'zebra' })
  host.addRoute(fibRoute({ prefix: prefix('10.9.0.0/16'), nextHopId: 3 }), 'add')
  multipath(host, '10.7.0.0/16')
  const outputs = (network: string) => {
    const used = new Set<string>()
    for (let low = 1; low < 30; low += 1) {
      const route = host.routeFor(ip(`${network}.${low}`))
      if (route.ok) used.add(route.interface.name)
    }
    return [...used].sort()
  }
  expect(outputs('10.9.0')).toEqual(['eth1', 'eth2'])
  spines[0].deleteAddress(far1, { address: ip('10.0.1.2'), length: 24 })
  host.neighbors.resolve(eth1, ip('10.0.1.2'))
  simulator.runUntil(4e9)
  expect(outputs('10.9.0')).toEqual(['eth2'])
  expect(outputs('10.7.0')).toEqual(['eth1', 'eth2'])
  host.sysctl.set('net.ipv4.fib_multipath_use_neigh', '1')
  expect(outputs('10.7.0')).toEqual(['eth2'])
})
