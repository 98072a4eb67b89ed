import { describe, expect, it } from 'vitest'
import { attributePolicy, parseCommunity } from '../../../../src/kubernetes/cilium/bgp/path-attribute-policy.ts'
import { parsePrefix } from '../../../../src/wire/address.ts'

const PREFIX = parsePrefix('10.1.1.0/24')!

describe('attributePolicy', () => {
  it('sets communities on the selected prefixes and passes the rest', () => {
    const attributes = {
      selectorType: 'PodCIDR' as const,
      communities: { standard: ['65000:1'], wellKnown: ['no-export'], large: ['1:2:3'] },
    }
    const policy = attributePolicy('peer', [{ attributes, prefixes: [PREFIX] }], false)
    expect(policy.routeMap).toMatchObject([
      {
        matches: [{ kind: 'prefix-list', name: 'peer-0' }],
        sets: [
          { kind: 'community', communities: [65000 * 65536 + 1, 0xffffff01], additive: true },
          { kind: 'large-community', communities: ['1:2:3'], additive: true },
        ],
      },
      { matches: [], sets: [] },
    ])
    expect(policy.prefixLists.get('peer-0')).toEqual([{ sequence: 1, action: 'permit', prefix: PREFIX }])
  })

  it.each([
    [true, [{ kind: 'local-preference', value: 200 }]],
    [false, []],
  ])('sets the local preference for internal peers (%s) only', (isInternal, sets) => {
    const attributes = { selectorType: 'PodCIDR' as const, localPreference: 200 }
    expect(attributePolicy('peer', [{ attributes, prefixes: [PREFIX] }], isInternal).routeMap[0]?.sets).toEqual(sets)
  })
})

describe('parseCommunity', () => {
  it.each([
    ['65000:100', 4259840100],
    ['100', 100],
    ['70000:1', undefined],
    ['x', undefined],
  ])('reads %s as %s', (text, value) => {
    expect(parseCommunity(text)).toBe(value)
  })
})
