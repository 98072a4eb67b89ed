import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Ipv4Address } from '../../src/wire/address.ts'
import { areSameNextHops, type NextHop, nextHopKey } from '../../src/zebra/next-hop.ts'

// few values, so that pairs are often equal but for one field
const { hop } = fc.letrec<{ hop: NextHop }>(tie => ({
  hop: fc.record(
    {
      type: fc.constantFrom('gateway', 'blackhole'),
      gateway: fc.constantFrom(0 as Ipv4Address, 1 as Ipv4Address),
      interfaceIndex: fc.nat(1),
      weight: fc.nat(1),
      isOnlink: fc.boolean(),
      isActive: fc.boolean(),
      blackhole: fc.constantFrom('blackhole', 'unreachable'),
      preferredSource: fc.constantFrom(1 as Ipv4Address, 2 as Ipv4Address),
      resolved: fc.array(tie('hop'), { maxLength: 1 }),
    },
    { requiredKeys: ['type', 'gateway', 'interfaceIndex', 'weight', 'isOnlink', 'isActive', 'resolved'] },
  ),
}))

test('lists of next hops are the same exactly when the keys of all are', () => {
  const list = fc.array(hop, { maxLength: 2 })
  const changed = fc.tuple(list, fc.record({ weight: fc.nat(1), isActive: fc.boolean() })).map(([hops, change]) => ({
    hops,
    twins: hops.map(each => ({ ...structuredClone(each), ...change })),
  }))
  fc.assert(
    fc.property(changed, list, ({ hops, twins }, others) => {
      const keys = (hopsOf: readonly NextHop[]): string => hopsOf.map(nextHopKey).join(';')
      expect(areSameNextHops(hops, twins)).toBe(keys(hops) === keys(twins))
      expect(areSameNextHops(hops, others)).toBe(keys(hops) === keys(others))
    }),
  )
})
