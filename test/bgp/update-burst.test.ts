import { describe, expect, it } from 'vitest'
import { DEFAULT_ATTRIBUTES } from '../../src/bgp/attributes.ts'
import { PrefixNumbers } from '../../src/bgp/prefix-numbers.ts'
import { UpdateBurst } from '../../src/bgp/update-burst.ts'
import { type Prefix, parsePrefix } from '../../src/wire/address.ts'
import type { AsPathSegment } from '../../src/wire/bgp/attributes.ts'
import type { BgpUpdate } from '../../src/wire/bgp/message.ts'

const table = new PrefixNumbers()
const base = { protocol: 'bgp', type: 'update', withdrawn: [], fourOctetAsn: true } as const

function update(asPath: readonly AsPathSegment[], ...prefixes: string[]): BgpUpdate {
  const list = table.listOf(prefixes.map(text => table.numberOf(parsePrefix(text) as Prefix)))
  return { ...base, attributes: { ...DEFAULT_ATTRIBUTES, asPath }, nextHop: 'sender', ...list }
}

const sequence = (...asns: number[]): AsPathSegment[] => [{ type: 'sequence', asns }]

describe('UpdateBurst', () => {
  it('knows the ASes that all its paths have in common, and the one they begin with', () => {
    const burst = new UpdateBurst(
      [update(sequence(1, 2, 3), '10.0.1.0/24'), update(sequence(1, 4, 3), '10.0.2.0/24')],
      2,
    )
    expect(burst.common).toEqual({ asns: [1, 3], leadingAsn: 1 })
  })

  it.each([
    ['withdraws something', { ...base, withdrawn: [parsePrefix('10.0.9.0/24') as Prefix], announced: [] }],
    ['is an End-of-RIB', { ...base, announced: [] }],
    ['begins with another AS', update(sequence(2, 1), '10.0.2.0/24')],
    ['has a confederation', update([{ type: 'confed-sequence', asns: [1] }], '10.0.2.0/24')],
  ])('has nothing in common where a message %s', (_, other) => {
    const burst = new UpdateBurst([update(sequence(1, 2), '10.0.1.0/24'), other], 2)
    expect(burst.common.asns).toEqual([])
  })

  it('counts the prefixes of a part, and knows those of the whole', () => {
    const messages = [update(sequence(1), '10.0.1.0/24', '10.0.2.0/24'), update(sequence(1, 2), '10.0.3.0/24')]
    const burst = new UpdateBurst(messages, 3)
    expect([burst.prefixesIn(0, 2), burst.prefixesIn(1, 2), burst.prefixesIn(0, 1)]).toEqual([3, 1, 2])
    expect(messages.flatMap(({ numbers }) => numbers).every(number => burst.announced.has(number!))).toBe(true)
    expect(burst.announced.size).toBe(3)
  })
})

describe('PrefixNumbers.listOf', () => {
  it('gives the very same list for the same numbers in the same order', () => {
    const list = table.listOf([0, 1, 2])
    expect(table.listOf([0, 1, 2])).toBe(list)
    expect(table.listOf([0, 2, 1])).not.toBe(list)
    expect(list.announced).toEqual([0, 1, 2].map(number => table.prefixOf(number)))
  })
})
