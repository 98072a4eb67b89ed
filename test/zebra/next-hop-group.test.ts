import { describe, expect, test } from 'vitest'
import { RouterFixture } from './router-fixture.ts'

const COMMON = '20.0.0.100/32'

/** p3 announces an own prefix, then p1, then a common prefix comes from p1, p2, p3, p4 one by one. */
function historyThreeOneTwoFour(version = 804): RouterFixture {
  const router = new RouterFixture({ version })
  router.bgp('10.3.0.0/24', ['p3'])
  router.bgp('10.1.0.0/24', ['p1'])
  for (const paths of [['p1'], ['p1', 'p2'], ['p1', 'p2', 'p3'], ['p1', 'p2', 'p3', 'p4']]) router.bgp(COMMON, paths)
  return router
}

describe('the order of a group in the kernel', () => {
  test('is the order in which the gateways were first used', () => {
    expect(historyThreeOneTwoFour().kernel(COMMON)).toEqual(['10.0.3.2', '10.0.1.2', '10.0.2.2', '10.0.4.2'])
  })

  test('numbers members and groups as measured on FRR 8.4.4', () => {
    const router = historyThreeOneTwoFour()
    const ids = router.host.nextHopObjects.all().filter(object => object.gateway !== undefined)
    const first = ids[0]!.id
    expect(ids.map(object => object.id - first)).toEqual([0, 2, 8, 20])
    const groups = router.host.nextHopObjects.all().filter(object => object.group !== undefined)
    expect(groups.map(object => object.id - first)).toEqual([7, 13, 19])
  })

  test('follows history, not the order in which another prefix is announced', () => {
    const router = historyThreeOneTwoFour()
    router.bgp('30.0.0.0/24', ['p4'])
    router.bgp('30.0.0.0/24', ['p4', 'p2'])
    expect(router.kernel('30.0.0.0/24')).toEqual(['10.0.2.2', '10.0.4.2'])
  })

  test('is by address where a group uses its members first', () => {
    const router = new RouterFixture()
    router.statics('40.0.0.0/24 10.0.4.2', '40.0.0.0/24 10.0.2.2')
    expect(router.kernel('40.0.0.0/24')).toEqual(['10.0.2.2', '10.0.4.2'])
  })

  test('changes when a gateway comes back after the keep time', () => {
    const router = new RouterFixture()
    router.bgp(COMMON, ['p3'])
    router.bgp(COMMON, ['p1', 'p3'])
    expect(router.kernel(COMMON)).toEqual(['10.0.3.2', '10.0.1.2'])
    router.bgp(COMMON, ['p1'])
    router.settle(400)
    router.bgp(COMMON, ['p1', 'p3'])
    expect(router.kernel(COMMON)).toEqual(['10.0.1.2', '10.0.3.2'])
  })

  test('stays when the gateway comes back within the keep time', () => {
    const router = new RouterFixture()
    router.bgp(COMMON, ['p3'])
    router.bgp(COMMON, ['p1', 'p3'])
    router.bgp(COMMON, ['p1'])
    router.settle(100)
    router.bgp(COMMON, ['p1', 'p3'])
    expect(router.kernel(COMMON)).toEqual(['10.0.3.2', '10.0.1.2'])
  })
})

describe('an interface that goes and comes back within the keep time', () => {
  function flapped(version: number): RouterFixture {
    const router = new RouterFixture({ version })
    router.bgp(COMMON, ['p1', 'p3'])
    router.setUp('eth3', false)
    router.bgp(COMMON, ['p1'])
    router.setUp('eth3', true)
    router.bgp(COMMON, ['p1', 'p3'])
    return router
  }

  test('leaves the kernel with the surviving member in 8.4', () => {
    expect(flapped(804).kernel(COMMON)).toEqual(['10.0.1.2'])
  })

  test('leaves show ip route with both members in 8.4', () => {
    expect(flapped(804).rows(COMMON)).toEqual(['B>* 20.0.0.100/32 10.0.1.2 10.0.3.2'])
  })

  test('has both members in the kernel again since 8.5', () => {
    expect(flapped(805).kernel(COMMON)).toEqual(['10.0.1.2', '10.0.3.2'])
  })
})

test('a next hop that never reached the kernel gives its number up at once', () => {
  const router = new RouterFixture()
  router.bgp(COMMON, ['9.9.9.9'])
  const before = router.host.nextHopObjects.all().length
  router.withdraw(COMMON)
  expect(router.host.nextHopObjects.all().length).toBe(before)
})
