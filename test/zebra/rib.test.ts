import { describe, expect, test } from 'vitest'
import { address, prefix, RouterFixture } from './router-fixture.ts'

const P = '10.9.0.0/24'

describe('choice among candidates', () => {
  test('a connected route beats a static one', () => {
    const router = new RouterFixture()
    router.statics('10.0.1.0/24 10.0.2.2')
    expect(router.rows('10.0.1.0/24')).toEqual(['S   10.0.1.0/24 10.0.2.2', 'C>* 10.0.1.0/24 eth1'])
  })

  test('a static route with distance 1 beats eBGP', () => {
    const router = new RouterFixture()
    router.bgp(P, ['p1'])
    router.statics(`${P} 10.0.2.2`)
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.2.2`, `B   ${P} 10.0.1.2`])
    expect(router.kernel(P)).toEqual(['10.0.2.2'])
  })

  test('a static backup with a higher distance takes over when the first loses its interface', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2`, `${P} 10.0.2.2 200`)
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
    router.setUp('eth1', false)
    expect(router.kernel(P)).toEqual(['10.0.2.2'])
  })

  test('own addresses are local routes since 10.0 only', () => {
    expect(new RouterFixture({ version: 1000 }).rows('10.0.1.1/32')).toEqual(['L>* 10.0.1.1/32 eth1'])
    expect(new RouterFixture({ version: 901 }).rows('10.0.1.1/32')).toEqual([])
  })
})

describe('static routes', () => {
  test('with an unreachable gateway are not in the table at all', () => {
    const router = new RouterFixture()
    router.statics(`${P} 99.9.9.9`)
    expect(router.rows(P)).toEqual([])
  })

  test('with a gateway that does not belong to the interface are present but inactive', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2 eth2`)
    expect(router.rows(P)).toEqual([`S   ${P} 10.0.1.2!`])
  })

  test('with onlink take any gateway', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.77 eth2 onlink`)
    expect(router.kernel(P)).toEqual(['10.0.1.77'])
  })

  test('to Null0 are blackholes and with reject unreachable in the kernel', () => {
    const router = new RouterFixture()
    router.statics(`${P} blackhole`, '10.8.0.0/24 reject')
    expect(router.kernel(P)).toEqual(['blackhole'])
    expect(router.kernel('10.8.0.0/24')).toEqual(['unreachable'])
  })

  test('resolve over other static routes', () => {
    const router = new RouterFixture()
    router.statics('10.8.0.0/24 10.0.1.2', `${P} 10.8.0.1`)
    expect(router.rows(P)).toEqual([`S>* ${P} 10.8.0.1(10.0.1.2)`])
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })

  test('come back when their interface does', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2`)
    router.setUp('eth1', false)
    expect(router.rows(P)).toEqual([])
    router.setUp('eth1', true)
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })
})

describe('bgp routes', () => {
  test('have metric 20 in the kernel whatever their MED is', () => {
    const router = new RouterFixture()
    router.bgp(P, ['p1'], { metric: 50 })
    expect(router.host.fib.routesOf(prefix(P))[0]?.metric).toBe(20)
  })

  test('reach the kernel 10 ms after the request', () => {
    const router = new RouterFixture()
    router.zebra.install([prefix(P)], {
      kind: 'ebgp',
      distance: 20,
      metric: 0,
      nextHops: [{ gateway: address('10.0.1.2'), weight: 1 }],
      isRecursive: false,
    })
    router.settle(0.009)
    expect(router.kernel(P)).toBeUndefined()
    router.settle(0.002)
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })

  test('from a single-hop peer do not resolve over another route', () => {
    const router = new RouterFixture()
    router.statics('10.8.0.0/24 10.0.1.2')
    router.bgp(P, ['10.8.0.1'])
    expect(router.rows(P)).toEqual([`B   ${P} 10.8.0.1!`])
  })

  test('from iBGP resolve over a static route', () => {
    const router = new RouterFixture()
    router.statics('10.8.0.0/24 10.0.1.2')
    router.bgp(P, ['10.8.0.1'], { recursive: true })
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })

  test('stay inactive when the route they need is requested in the same instant', () => {
    const router = new RouterFixture()
    const request = { kind: 'ibgp', distance: 200, metric: 0, isRecursive: true } as const
    const via = (gateway: string) => [{ gateway: address(gateway), weight: 1 }]
    router.zebra.install([prefix('10.8.0.0/24')], { ...request, nextHops: via('10.0.1.2') })
    router.zebra.install([prefix(P)], { ...request, nextHops: via('10.8.0.1') })
    router.settle()
    expect(router.rows(P)).toEqual([`B   ${P} 10.8.0.1!`])
  })

  test('of length 32 never resolve through themselves', () => {
    const router = new RouterFixture()
    router.bgp('10.8.0.1/32', ['10.8.0.1'], { recursive: true })
    expect(router.rows('10.8.0.1/32')).toEqual(['B   10.8.0.1/32 10.8.0.1!'])
  })

  test('use the default route only where next-hop tracking may', () => {
    for (const resolveViaDefault of [false, true]) {
      const router = new RouterFixture({ model: { resolveViaDefault } })
      router.statics('0.0.0.0/0 10.0.1.2')
      router.bgp(P, ['10.8.0.1'], { recursive: true })
      expect(router.kernel(P)).toEqual(resolveViaDefault ? ['10.0.1.2'] : undefined)
    }
  })

  test('are put back when somebody deletes them in the kernel', () => {
    const router = new RouterFixture()
    router.bgp(P, ['p1'])
    router.host.deleteRoute({ prefix: prefix(P) })
    router.settle()
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })
})

describe('next-hop tracking', () => {
  test('tells at once that a connected next hop is gone', () => {
    const router = new RouterFixture()
    let calls = 0
    const tracking = router.zebra.trackNextHop(address('10.0.1.2'), { connectedOnly: true }, () => {
      calls += 1
    })
    expect(tracking).toMatchObject({ isValid: true, isConnected: true, interface: 'eth1', metric: 0 })
    router.setUp('eth1', false)
    expect([tracking.isValid, calls]).toEqual([false, 1])
  })

  test('does not call when a resolving route is renewed unchanged', () => {
    const router = new RouterFixture()
    router.bgp(P, ['p1'])
    let calls = 0
    router.zebra.trackNextHop(address('10.9.0.1'), { connectedOnly: false }, () => {
      calls += 1
    })
    router.bgp(P, ['p1'])
    expect(calls).toBe(0)
  })
})

test('an exact prefix counts as present only from another protocol than bgp', () => {
  const router = new RouterFixture()
  const tracking = router.zebra.trackPrefix(prefix(P), () => {})
  router.bgp(P, ['p1'])
  expect(tracking.isPresent).toBe(false)
  router.statics(`${P} blackhole`)
  expect(tracking.isPresent).toBe(true)
})

test('redistribution hands over the gateway of a static route', () => {
  const router = new RouterFixture()
  const seen: string[] = []
  router.zebra.redistribute(
    'static',
    route => seen.push(`add ${route.nextHop === address('10.0.1.2')}`),
    () => seen.push('remove'),
  )
  router.statics(`${P} 10.0.1.2`)
  router.statics()
  expect(seen).toEqual(['add true', 'remove'])
})

test('the router id is the highest loopback address, else the highest of all', () => {
  const router = new RouterFixture()
  expect(router.zebra.routerId).toBe(address('10.0.4.1'))
  router.host.addAddress(router.host.loopback, { address: address('1.1.1.1'), length: 32 })
  expect(router.zebra.routerId).toBe(address('1.1.1.1'))
})

test('a route-map of ip protocol bgp that does not exist denies', () => {
  const router = new RouterFixture({ model: { protocolRouteMaps: new Map([['bgp', 'NOPE']]) } })
  router.bgp(P, ['p1'])
  expect(router.kernel(P)).toBeUndefined()
})

describe('the source address of a session from an interface', () => {
  test('is the one with the most leading bits of the peer, not the first', () => {
    const router = new RouterFixture()
    const eth1 = router.host.interfaces.get('eth1')!
    router.host.addAddress(eth1, { address: address('10.255.0.10'), length: 32 })
    router.host.addAddress(eth1, { address: address('10.255.0.11'), length: 32 })
    expect(router.zebra.interfaceAddress('eth1', address('10.255.0.17'))).toBe(address('10.255.0.10'))
    expect(router.zebra.interfaceAddress('eth1', address('10.0.1.200'))).toBe(address('10.0.1.1'))
    expect(router.zebra.interfaceAddress('lo', address('10.0.1.200'))).toBeUndefined()
  })
})
