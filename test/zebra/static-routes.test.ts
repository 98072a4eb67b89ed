import { describe, expect, test } from 'vitest'
import { address, prefix, RouterFixture } from './router-fixture.ts'

const P = '10.9.0.0/24'

/* Every fact was measured on FRR 8.4.4 with labs of random topologies. */

describe('a static route', () => {
  test('with distance 255 is kept but never chosen, even alone', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2 255`)
    expect(router.rows(P)).toEqual([`S   ${P} 10.0.1.2`])
    expect(router.kernel(P)).toBeUndefined()
  })

  test('of several lines with one distance has the tag of the last line for all of them', () => {
    const router = new RouterFixture()
    const line = { prefix: prefix(P), type: 'unicast', distance: 1, onlink: false } as const
    const source = { file: 'frr.conf', line: 1, column: 1 }
    router.zebra.applyStaticRoutes([
      { ...line, gateway: address('10.0.1.2'), source },
      { ...line, gateway: address('10.0.2.2'), tag: 77, source },
    ])
    router.settle()
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.1.2 10.0.2.2`])
    expect(router.zebra.snapshotRib(row => row.prefix === prefix(P)).map(row => row.tag)).toEqual([77])
  })

  test('with an interface resolves over the connected network of that interface where two share it', () => {
    const router = new RouterFixture()
    router.host.addAddress(router.host.interfaces.get('eth2')!, { address: address('10.0.1.9'), length: 24 })
    router.settle()
    router.statics(`${P} 10.0.1.2 eth1`, '10.8.0.0/24 10.0.1.2 eth2')
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.1.2`])
    expect(router.rows('10.8.0.0/24')).toEqual(['S>* 10.8.0.0/24 10.0.1.2'])
  })
})

describe('a static route with one gateway both with and without an interface', () => {
  test('has one next hop where the line without comes first: the one with it leaves before the other knows of the answer', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2`, `${P} 10.0.1.2 eth1`)
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.1.2`])
    expect(router.kernel(P)).toEqual(['10.0.1.2'])
  })

  test('has two once a session on a connected network asks for the same address: everybody is answered again', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2`, `${P} 10.0.1.2 eth1`)
    router.zebra.trackNextHop(address('10.0.1.2'), { connectedOnly: true }, () => {})
    router.settle()
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.1.2 10.0.1.2`])
  })

  test('has two where the line with it comes first', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.2 eth1`, `${P} 10.0.1.2`)
    expect(router.rows(P)).toEqual([`S>* ${P} 10.0.1.2 10.0.1.2`])
  })
})

describe('a static route with a gateway that the kernel refuses', () => {
  test('is not installed at all: the group names the refused next hop, and is refused with it', () => {
    const router = new RouterFixture()
    router.statics(`${P} 10.0.1.255`, `${P} 10.0.2.2`, `${P} 10.0.3.2 20`)
    expect(router.kernel(P)).toBeUndefined()
  })
})

describe('a static route over another one whose gateway has an interface', () => {
  const lines = ['10.8.0.1/32 10.0.1.2 eth1', `${P} 10.8.0.1`]

  test('is active when the address was there before the configuration', () => {
    const router = new RouterFixture()
    router.statics(...lines)
    expect(router.rows(P)).toEqual([`S>* ${P} 10.8.0.1(10.0.1.2)`])
  })

  test('stays inactive when the address comes with the configuration: the other one is being sent again just then', () => {
    const router = new RouterFixture()
    const eth1 = router.host.interfaces.get('eth1')!
    router.host.deleteAddress(eth1, { address: address('10.0.1.1'), length: 24 })
    router.settle()
    router.host.addAddress(eth1, { address: address('10.0.1.1'), length: 24 })
    router.statics(...lines)
    expect(router.rows('10.8.0.1/32')).toEqual(['S>* 10.8.0.1/32 10.0.1.2'])
    expect(router.rows(P)).toEqual([`S   ${P} 10.8.0.1!`])
  })
})

describe('a kernel route', () => {
  test('has the highest byte of its metric as distance, so that a static one can be preferred', () => {
    const router = new RouterFixture()
    const eth1 = router.host.interfaces.get('eth1')!
    const nextHop = { gateway: address('10.0.1.2'), interface: eth1, weight: 1 }
    const route = { prefix: prefix(P), protocol: 'boot', scope: 'global', type: 'unicast' } as const
    const hop = { ...nextHop, onlink: false, isDead: false, isLinkDown: false }
    router.host.addRoute({ ...route, table: 254, tos: 0, metric: 0xc8000005, nextHops: [hop] }, 'add')
    router.settle()
    const [row] = router.zebra.snapshotRib(each => each.prefix === prefix(P))
    expect([row?.distance, row?.metric]).toEqual([200, 5])
    router.statics(`${P} 10.0.2.2`)
    expect(router.rows(P)[0]).toBe(`S>* ${P} 10.0.2.2`)
  })
})
