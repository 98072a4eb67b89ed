import { describe, expect, test } from 'vitest'
import { fibRoute } from '../../src/host/fib.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { formatIpv4, formatPrefix, type Prefix, parseAddressWithLength } from '../../src/wire/address.ts'
import { addRoute, give, ip, join, newHost, prefix } from '../support/two-hosts.ts'

function leaf() {
  const simulator = new Simulator()
  const host = newHost(simulator, 'leaf')
  const [eth1] = join(host, 'eth1', newHost(simulator, 'spine'), 'eth1')
  give(host, eth1, '10.0.5.1/24')
  const via = (to: string, gateway: string, mode: 'add' | 'append' | 'prepend' | 'replace' | 'change' = 'add') =>
    host.addRoute(fibRoute({ prefix: prefix(to), nextHops: [{ gateway: ip(gateway) }] }), mode)
  const gateways = (to: string) => host.fib.routesOf(prefix(to)).map(route => formatIpv4(route.nextHops[0]!.gateway!))
  return { simulator, host, eth1, via, gateways }
}

// Every answer below was given by Linux 6.18 with iproute2 6.1.
describe('adding routes', () => {
  test('a gateway that is not on the link is refused', () => {
    const { via } = leaf()
    expect(via('52.0.0.0/8', '99.9.9.9')).toEqual({
      ok: false,
      errno: 'ENETUNREACH',
      message: 'Nexthop has invalid gateway.',
    })
    expect(via('51.0.0.0/8', '10.0.5.255')).toMatchObject({ message: 'Nexthop has invalid gateway.' })
  })

  test('a gateway that is an address of ours is accepted', () => {
    expect(leaf().via('50.0.0.0/8', '10.0.5.1')).toEqual({ ok: true })
  })

  test('a device that is down is refused', () => {
    const { host } = leaf()
    const added = host.addDummy('d2', 'dummy')
    if (!added.ok) throw new Error('no device')
    const route = fibRoute({ prefix: prefix('53.0.0.0/8'), nextHops: [{ interface: added.interface }] })
    expect(host.addRoute(route, 'add')).toEqual({
      ok: false,
      errno: 'ENETDOWN',
      message: 'Device for nexthop is not up.',
    })
    const onlink = fibRoute({
      prefix: prefix('53.0.0.0/8'),
      nextHops: [{ interface: added.interface, gateway: ip('9.9.9.9'), onlink: true }],
    })
    expect(host.addRoute(onlink, 'add')).toEqual({ ok: false, errno: 'ENETDOWN', message: 'Nexthop device is not up.' })
  })

  test('add, append, prepend, replace and change treat what is there as netlink does', () => {
    const { via, gateways } = leaf()
    expect(via('61.0.0.0/8', '10.0.5.9', 'change')).toEqual({ ok: false, errno: 'ENOENT' })
    expect(via('61.0.0.0/8', '10.0.5.9')).toEqual({ ok: true })
    expect(via('61.0.0.0/8', '10.0.5.8')).toEqual({ ok: false, errno: 'EEXIST' })
    via('61.0.0.0/8', '10.0.5.8', 'append')
    expect(via('61.0.0.0/8', '10.0.5.9', 'append')).toEqual({ ok: false, errno: 'EEXIST' })
    via('61.0.0.0/8', '10.0.5.7', 'prepend')
    expect(gateways('61.0.0.0/8')).toEqual(['10.0.5.7', '10.0.5.9', '10.0.5.8'])
    via('61.0.0.0/8', '10.0.5.6', 'replace')
    expect(via('61.0.0.0/8', '10.0.5.8', 'replace')).toEqual({ ok: false, errno: 'EEXIST' })
    expect(gateways('61.0.0.0/8')).toEqual(['10.0.5.6', '10.0.5.9', '10.0.5.8'])
  })

  test('a source that is not ours and an unknown nexthop object are refused', () => {
    const { host, eth1 } = leaf()
    const route = { prefix: prefix('90.0.0.0/8'), nextHops: [{ interface: eth1 }] }
    expect(host.addRoute(fibRoute({ ...route, preferredSource: ip('1.2.3.4') }), 'add')).toMatchObject({
      message: 'Invalid prefsrc address.',
    })
    expect(host.addRoute(fibRoute({ prefix: route.prefix, nextHopId: 99 }), 'add')).toMatchObject({
      message: 'Nexthop id does not exist.',
    })
    expect(host.deleteRoute({ prefix: route.prefix })).toEqual({ ok: false, errno: 'ESRCH' })
  })
})

test('the dump goes by ascending address, the longest prefix first at the same address', () => {
  const { host } = leaf()
  for (const to of ['default', '0.0.0.0/1', '10.0.0.0/8', '10.0.0.0/16', '9.0.0.0/8']) addRoute(host, to, '10.0.5.9')
  expect(host.fib.routes().map(route => formatPrefix(route.prefix))).toEqual([
    '0.0.0.0/1',
    '0.0.0.0/0',
    '9.0.0.0/8',
    '10.0.0.0/16',
    '10.0.0.0/8',
    '10.0.5.0/24',
  ])
})

test('the longest prefix wins, then the exact TOS, then the lowest metric', () => {
  const { host } = leaf()
  const add = (to: string, gateway: string, more: object = {}) =>
    host.addRoute(fibRoute({ prefix: prefix(to), nextHops: [{ gateway: ip(gateway) }], ...more }), 'add')
  add('20.0.0.0/8', '10.0.5.2')
  add('20.1.0.0/16', '10.0.5.4', { metric: 20 })
  add('20.1.0.0/16', '10.0.5.3', { metric: 10 })
  add('20.1.0.0/16', '10.0.5.5', { metric: 30, tos: 0x10 })
  const gateway = (to: string, tos?: number) => formatIpv4(host.fib.lookup(ip(to), tos)!.nextHops[0]!.gateway!)
  expect([gateway('20.2.0.1'), gateway('20.1.0.1'), gateway('20.1.0.1', 0x10)]).toEqual([
    '10.0.5.2',
    '10.0.5.3',
    '10.0.5.5',
  ])
})

test.each([
  ['blackhole', 'EINVAL'],
  ['unreachable', 'EHOSTUNREACH'],
  ['prohibit', 'EACCES'],
  ['throw', 'ENETUNREACH'],
] as const)('sending to a %s route fails with %s', (type, errno) => {
  const { host } = leaf()
  host.addRoute(fibRoute({ prefix: prefix('20.0.0.0/8'), type }), 'add')
  expect(host.routeFor(ip('20.0.0.1'))).toEqual({ ok: false, errno })
})

describe('addresses', () => {
  const routes = (table: number, host: ReturnType<typeof leaf>['host']) =>
    host.fib
      .routes(table)
      .filter(route => route.nextHops[0]?.interface?.name === 'eth1')
      .map(route => `${route.type} ${formatPrefix(route.prefix)} src ${formatIpv4(route.preferredSource!)}`)

  test('a second address of a subnet is secondary; its local route has the primary as source', () => {
    const { host, eth1 } = leaf()
    give(host, eth1, '10.0.5.2/24')
    expect(eth1.addresses.map(own => own.isSecondary)).toEqual([false, true])
    expect(routes(255, host)).toEqual([
      'local 10.0.5.1/32 src 10.0.5.1',
      'local 10.0.5.2/32 src 10.0.5.1',
      'broadcast 10.0.5.255/32 src 10.0.5.1',
    ])
    expect(routes(254, host)).toEqual(['unicast 10.0.5.0/24 src 10.0.5.1'])
  })

  test('deleting the primary deletes its secondaries, or promotes one with promote_secondaries', () => {
    const plain = leaf()
    give(plain.host, plain.eth1, '10.0.5.2/24')
    plain.host.deleteAddress(plain.eth1, parseAddressWithLength('10.0.5.1/24')!)
    expect(plain.eth1.addresses).toEqual([])
    const promoting = leaf()
    promoting.host.sysctl.set('net.ipv4.conf.all.promote_secondaries', '1')
    give(promoting.host, promoting.eth1, '10.0.5.2/24')
    promoting.host.deleteAddress(promoting.eth1, parseAddressWithLength('10.0.5.1/24')!)
    expect(promoting.eth1.addresses).toMatchObject([{ address: ip('10.0.5.2'), isSecondary: false }])
    expect(routes(254, promoting.host)).toEqual(['unicast 10.0.5.0/24 src 10.0.5.2'])
  })

  test('routes via a gateway of the subnet outlive an address while another is left, not the last one', () => {
    const { host, eth1, via } = leaf()
    give(host, eth1, '10.0.6.1/24')
    via('20.0.0.0/8', '10.0.5.9')
    host.deleteAddress(eth1, parseAddressWithLength('10.0.5.1/24')!)
    expect(host.fib.routesOf(prefix('20.0.0.0/8'))).toHaveLength(1)
    host.deleteAddress(eth1, parseAddressWithLength('10.0.6.1/24')!)
    expect(host.fib.routes()).toEqual([])
  })

  test('the errors carry the texts of the kernel', () => {
    const { host, eth1 } = leaf()
    expect(host.addAddress(eth1, parseAddressWithLength('10.0.5.1/24')!)).toMatchObject({
      errno: 'EEXIST',
      message: 'ipv4: Address already assigned.',
    })
    expect(host.deleteAddress(eth1, parseAddressWithLength('10.0.5.1/25')!)).toMatchObject({
      message: 'ipv4: Address not found.',
    })
  })

  test('/31 and /32 have no broadcast route, and /32 no connected one', () => {
    const { host, eth1 } = leaf()
    give(host, eth1, '10.1.0.0/31')
    give(host, eth1, '10.2.0.1/32')
    expect(routes(255, host)).not.toContain('broadcast 10.1.0.1/32 src 10.1.0.0')
    expect(routes(254, host)).toEqual(['unicast 10.0.5.0/24 src 10.0.5.1', 'unicast 10.1.0.0/31 src 10.1.0.0'])
  })

  test('a packet takes the source of its route, of the subnet of the next hop, or of lo', () => {
    const { host, eth1 } = leaf()
    give(host, eth1, '10.0.6.1/24')
    addRoute(host, '20.0.0.0/8', '10.0.6.9')
    const source = (to: string) => {
      const route = host.routeFor(ip(to))
      return route.ok ? formatIpv4(route.source) : route.errno
    }
    expect([source('10.0.5.9'), source('10.0.6.9'), source('20.0.0.1')]).toEqual(['10.0.5.1', '10.0.6.1', '10.0.6.1'])
  })
})

test('a lookup agrees with a search through all prefixes', async () => {
  const { default: fc } = await import('fast-check')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 })), { maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 20 }),
      (networks, probes) => {
        const { host } = leaf()
        const prefixes = new Set(networks.map(([address, length]) => prefix(`${formatIpv4(address)}/${length}`)))
        for (const to of prefixes) host.addRoute(fibRoute({ prefix: to, type: 'prohibit' }), 'add')
        for (const probe of [...probes, ...networks.map(([address]) => address)]) {
          const best = longest(
            host.fib
              .routes()
              .concat(host.fib.routes(255))
              .map(route => route.prefix),
            probe,
          )
          expect(host.fib.match(probe as never)?.prefix).toBe(best)
        }
      },
    ),
    { numRuns: 50 },
  )
})

function longest(prefixes: readonly Prefix[], address: number): Prefix | undefined {
  const holding = prefixes.filter(one => {
    const length = one % 64
    return length === 0 || Math.floor(one / 64) >>> (32 - length) === address >>> (32 - length)
  })
  return holding.sort((a, b) => (b % 64) - (a % 64))[0]
}

describe('a route for several prefixes', () => {
  const prefixes = ['70.0.0.0/8', '71.0.0.0/8', '72.0.0.0/8'].map(prefix)
  const { prefix: _, ...route } = fibRoute({ prefix: prefixes[0]!, nextHops: [{ gateway: ip('10.0.5.9') }] })

  test('is one entry of the table', () => {
    const { host } = leaf()
    expect(host.addRoutes(prefixes, route, 'add')).toEqual({ ok: true })
    expect(new Set(prefixes.map(each => host.fib.lookup((each / 64 + 1) as never))).size).toBe(1)
    expect(host.fib.routes().map(each => formatPrefix(each.prefix))).toEqual(
      expect.arrayContaining(prefixes.map(formatPrefix)),
    )
  })

  test('comes for all of them or for none', () => {
    const { host, via, gateways } = leaf()
    via('71.0.0.0/8', '10.0.5.8')
    expect(host.addRoutes(prefixes, route, 'add')).toEqual({ ok: false, errno: 'EEXIST' })
    expect(prefixes.map(each => host.fib.routesOf(each).length)).toEqual([0, 1, 0])
    expect(host.addRoutes(prefixes, route, 'replace')).toEqual({ ok: true })
    expect(gateways('71.0.0.0/8')).toEqual(['10.0.5.9'])
  })

  test('goes with each prefix alone, and with its device for all', () => {
    const { host, eth1 } = leaf()
    host.addRoutes(prefixes, route, 'add')
    expect(host.deleteRoute({ prefix: prefixes[0]! })).toEqual({ ok: true })
    expect(host.deleteRoutes(prefixes, {})).toEqual({ ok: false, errno: 'ESRCH' })
    host.addRoutes(prefixes, route, 'add')
    host.setInterfaceUp(eth1, false)
    expect(host.fib.count()).toBe(0)
    const flush = host.journal.entries.find(entry => entry.kind === 'route.flush')
    expect(flush?.detail).toEqual({ interface: 'eth1', routes: 5 })
  })

  test('is told for each prefix to all but those who are deaf', () => {
    const { host } = leaf()
    let isDeaf = false
    const heard: string[] = []
    host.monitor.subscribe(
      event => event.kind === 'route' && heard.push(formatPrefix(event.route.prefix)),
      () => isDeaf,
    )
    host.addRoutes(prefixes, route, 'add')
    isDeaf = true
    expect(host.monitor.hasListeners).toBe(false)
    host.deleteRoutes(prefixes, {})
    expect(heard).toEqual(prefixes.map(formatPrefix))
  })
})
