import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipv4, prefixContains, prefixOf } from '../../src/wire/address.ts'
import { AddressIndex, prefixGroup } from '../../src/zebra/address-index.ts'

const address = fc.integer({ min: 0, max: 0xffffffff }).map(ipv4)

describe('AddressIndex', () => {
  it('finds exactly the addresses that a prefix holds, ascending', () => {
    fc.assert(
      fc.property(
        fc.array(address),
        fc.array(address),
        address,
        fc.integer({ min: 0, max: 32 }),
        (added, gone, at, length) => {
          const index = new AddressIndex()
          for (const one of added) index.add(one)
          for (const one of gone) index.delete(one)
          const prefix = prefixOf(added[0] ?? at, length)
          const expected = [...new Set(added)]
            .filter(one => !gone.includes(one) && prefixContains(prefix, one))
            .sort((a, b) => a - b)
          expect(index.within(prefix)).toEqual(expected)
          expect(index.hasWithinAny(prefixGroup([prefix]))).toBe(expected.length > 0)
        },
      ),
    )
  })

  it('says of a list of prefixes whether any of them holds an address', () => {
    const prefixes = fc.array(
      fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([at, length]) => prefixOf(at, length)),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(fc.array(address), prefixes, (added, list) => {
        const index = new AddressIndex()
        for (const one of added) index.add(one)
        const isAny = list.some(prefix => added.some(one => prefixContains(prefix, one)))
        expect(index.hasWithinAny(prefixGroup(list))).toBe(isAny)
      }),
    )
  })
})
