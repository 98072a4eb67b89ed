import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BgpRoute } from '../../src/bgp/route-manager.ts'
import { fibRoute } from '../../src/host/fib.ts'
import { formatPrefix } from '../../src/wire/address.ts'
import { address, prefix, RouterFixture } from './router-fixture.ts'

/** Some hold gateways of others, or networks of the router. */
const PREFIXES = [
  '10.9.1.0/24',
  '10.9.2.0/24',
  '10.9.3.0/24',
  '10.9.4.0/24',
  '10.8.0.0/24',
  '10.8.0.0/16',
  '10.0.1.0/24',
  '10.0.2.2/32',
  '0.0.0.0/0',
].map(prefix)
const GATEWAYS = ['10.0.1.2', '10.0.2.2', '10.0.3.2', '10.8.0.1', '10.9.1.1'].map(address)

type Act = (router: RouterFixture, isTogether: boolean) => void

const some = fc.shuffledSubarray(PREFIXES, { minLength: 1 })
const one = fc.constantFrom(...PREFIXES)
const route = fc
  .record({
    gateways: fc.shuffledSubarray(GATEWAYS, { minLength: 1, maxLength: 3 }),
    isRecursive: fc.boolean(),
    metric: fc.constantFrom(0, 50),
    isBlackhole: fc.nat(9).map(number => number === 0),
  })
  .map(
    ({ gateways, isRecursive, metric, isBlackhole }): BgpRoute => ({
      kind: isBlackhole ? 'aggregate' : isRecursive ? 'ibgp' : 'ebgp',
      distance: isRecursive ? 200 : 20,
      metric,
      nextHops: isBlackhole ? [] : gateways.map(gateway => ({ gateway, weight: 1 })),
      blackhole: isBlackhole,
      isRecursive,
    }),
  )

const install = fc.tuple(some, route).map(
  ([prefixes, given]): Act =>
    (router, isTogether) => {
      for (const list of isTogether ? [prefixes] : prefixes.map(each => [each])) router.zebra.install(list, given)
    },
)
const withdraw = some.map(
  (prefixes): Act =>
    (router, isTogether) => {
      for (const list of isTogether ? [prefixes] : prefixes.map(each => [each])) router.zebra.withdraw(list)
    },
)
const statics = fc.subarray(PREFIXES, { maxLength: 2 }).map(
  (prefixes): Act =>
    router => {
      router.zebra.applyStaticRoutes(
        prefixes.map(each => ({
          prefix: each,
          type: 'unicast',
          distance: 1,
          onlink: false,
          source: { file: 'frr.conf', line: 1, column: 1 },
          gateway: address('10.0.4.2'),
        })),
      )
    },
)
const byHand = fc.tuple(one, fc.boolean()).map(
  ([to, isAdded]): Act =>
    ({ host }) => {
      if (isAdded) host.addRoute(fibRoute({ prefix: to, nextHops: [{ gateway: address('10.0.4.3') }] }), 'add')
      else host.deleteRoute({ prefix: to })
    },
)
const link = fc.tuple(fc.constantFrom('eth1', 'eth2'), fc.boolean()).map(
  ([name, isUp]): Act =>
    ({ host }) => {
      host.setInterfaceUp(host.interfaces.get(name)!, isUp)
    },
)
/** To within the hold of zebra's queue, to before and after the kernel's answer, and beyond all of it. */
const wait = fc.constantFrom(0.002, 0.01, 0.01005, 0.0102, 0.1).map(
  (seconds): Act =>
    router =>
      router.settle(seconds),
)

const act = fc.oneof(
  { arbitrary: install, weight: 6 },
  { arbitrary: wait, weight: 5 },
  { arbitrary: withdraw, weight: 2 },
  statics,
  byHand,
  link,
)

/** A router and what `ip monitor` said of its routes. */
function watched(version: number) {
  const router = new RouterFixture({ version })
  const heard: string[] = []
  router.host.monitor.subscribe(event => {
    if (event.kind !== 'route') return
    heard.push(`${event.added} ${event.isReplaced} ${formatPrefix(event.route.prefix)} ${event.route.nextHopId}`)
  })
  const state = () => ({
    rib: router.zebra.snapshotRib(),
    routes: router.host.fib.routes().map(({ nextHops, ...rest }) => [rest, nextHops.map(hop => hop.gateway)]),
    objects: router.host.nextHopObjects.all().map(({ id, gateway, group }) => ({ id, gateway, group })),
    journal: JSON.stringify(router.simulator.journal.entries),
    heard,
  })
  return { router, state }
}

describe('routes of a burst', () => {
  test('become what they would have become one by one', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 3, maxLength: 25 }), fc.constantFrom(804, 805), (acts, version) => {
        const together = watched(version)
        const apart = watched(version)
        for (const each of acts) {
          each(together.router, true)
          each(apart.router, false)
        }
        for (const { router } of [together, apart]) router.settle()
        expect(together.state()).toEqual(apart.state())
      }),
      { numRuns: 300 },
    )
  })

  test('have an entry of the kernel in common', () => {
    const router = new RouterFixture()
    const prefixes = ['10.9.1.0/24', '10.9.2.0/24', '10.9.3.0/24'].map(prefix)
    const nextHops = [{ gateway: address('10.0.1.2'), weight: 1 }]
    router.zebra.install(prefixes, { kind: 'ebgp', distance: 20, metric: 0, nextHops, isRecursive: false })
    router.settle()
    const entries = [...router.host.fib.entries()].filter(entry => entry.protocol === 'bgp')
    expect(entries.map(entry => entry.references)).toEqual([3])
    expect(router.host.fib.userCount(entries[0]!.nextHopId!)).toBe(3)
  })
})
