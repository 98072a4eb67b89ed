import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AttributeTable, DEFAULT_ATTRIBUTES } from '../../src/bgp/attributes.ts'
import { Path, type PathPeer } from '../../src/bgp/path.ts'
import { PrefixNumbers } from '../../src/bgp/prefix-numbers.ts'
import { Rib } from '../../src/bgp/rib.ts'
import { type Ipv4Address, prefixOf } from '../../src/wire/address.ts'

const attributes = new AttributeTable().intern(DEFAULT_ATTRIBUTES)
const PEER: PathPeer = {
  type: 'ebgp',
  address: 1 as Ipv4Address,
  remoteAsn: 65001,
  remoteRouterId: 1 as Ipv4Address,
  isEstablished: true,
  isReflectorClient: false,
  isRouteServerClient: false,
}
const NEWS = {
  attributes,
  nextHop: 1 as Ipv4Address,
  weight: 0,
  tag: undefined,
  distance: undefined,
  nextHopChange: 'none' as const,
  interface: undefined,
  moment: { atNs: 0 },
}

function newRib(): Rib {
  const numbers = new PrefixNumbers()
  for (let index = 0; index < 16; index += 1) numbers.numberOf(prefixOf(0x0a000000 + index * 256, 24))
  return new Rib(numbers, () => {})
}

describe('Rib', () => {
  it('keeps prefixes that come together in one set', () => {
    const rib = newRib()
    const [set] = rib.parts([3, 1, 2])
    expect(rib.parts([1, 2, 3])).toEqual([set])
    expect([rib.at(1), rib.at(2), rib.at(3), rib.sortedNumbers().length]).toEqual([set, set, set, 3])
  })

  it('gives a set the order of the list that named it last', () => {
    const rib = newRib()
    const [set] = rib.parts([3, 1, 2])
    rib.parts([1, 2, 3])
    expect(set!.numbers).toEqual([1, 2, 3])
  })

  it('splits a set with copies of its paths and of its choice when a part of it goes its own way', () => {
    const rib = newRib()
    const [set] = rib.parts([1, 2, 3])
    const path = new Path(set!, PEER, 'learned', NEWS)
    set!.paths = [path]
    set!.best = path
    const [part] = rib.parts([2])
    expect(set!.numbers).toEqual([1, 3])
    expect(part!.numbers).toEqual([2])
    expect(part!.paths[0]).not.toBe(path)
    expect(part!.best).toBe(part!.paths[0])
    expect(part!.best?.destinations).toBe(part)
  })

  it('forgets the prefixes of a set without paths', () => {
    const rib = newRib()
    const [set] = rib.parts([4, 5])
    rib.prune(set!)
    expect([rib.at(4), rib.at(5), rib.sortedNumbers()]).toEqual([undefined, undefined, []])
  })

  it('has every prefix in exactly one set whatever lists come', () => {
    const lists = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }), { maxLength: 12 })
    fc.assert(
      fc.property(lists, all => {
        const rib = newRib()
        for (const list of all) {
          const parts = rib.parts(list)
          expect(parts.flatMap(set => set.numbers).sort()).toEqual([...list].sort())
        }
        const held = [...rib.sets()].flatMap(set => set.numbers.map(number => [number, rib.at(number) === set]))
        expect(held.every(([, isHere]) => isHere)).toBe(true)
        expect(new Set(held.map(([number]) => number)).size).toBe(held.length)
        expect(held.length).toBe(new Set(all.flat()).size)
      }),
    )
  })
})
