import { describe, expect, it } from 'vitest'
import { DEFAULT_ATTRIBUTES, RouteDraft } from '../../src/bgp/attributes.ts'
import { PolicyEngine } from '../../src/bgp/policy.ts'
import { EMPTY_POLICY, type PolicyModel, type RouteMapEntry } from '../../src/model/policy.ts'
import { prefix } from '../support/two-hosts.ts'

const P = prefix('10.1.2.0/24')

function apply(entries: readonly Partial<RouteMapEntry>[], policy: Partial<PolicyModel> = {}) {
  const map = entries.map((entry, index) => ({
    sequence: 10 * (index + 1),
    action: 'permit' as const,
    matches: [],
    sets: [],
    ...entry,
  }))
  const routeMaps = new Map<string, readonly RouteMapEntry[]>([['M', map], ...(policy.routeMaps ?? [])])
  const engine = new PolicyEngine({ ...EMPTY_POLICY, ...policy, routeMaps })
  const asPath = [{ type: 'sequence' as const, asns: [65001, 65002] }]
  const draft = new RouteDraft({ ...DEFAULT_ATTRIBUTES, asPath, communities: [0xfde90001], med: 10 })
  return { permitted: engine.applyRouteMap('M', P, draft, { direction: 'in' }), draft, engine }
}

describe('route-map', () => {
  it('denies when it is undefined', () => {
    expect(
      new PolicyEngine(EMPTY_POLICY).applyRouteMap('X', P, new RouteDraft(DEFAULT_ATTRIBUTES), { direction: 'in' }),
    ).toBe(false)
  })

  it('denies a route that no entry fits', () => {
    expect(apply([{ matches: [{ kind: 'metric', value: 9 }] }]).permitted).toBe(false)
  })

  it('does not match through a list that does not exist', () => {
    const { permitted, draft } = apply([
      { matches: [{ kind: 'prefix-list', name: 'NONE' }], sets: [{ kind: 'weight', value: 1 }] },
      {},
    ])
    expect(permitted).toBe(true)
    expect(draft.weight).toBe(0)
  })

  it('skips a call of an undefined route-map', () => {
    expect(apply([{ call: 'NONE' }]).permitted).toBe(true)
  })

  it('denies when the called route-map denies', () => {
    const sub: RouteMapEntry = { sequence: 10, action: 'deny', matches: [], sets: [] }
    expect(apply([{ call: 'SUB' }], { routeMaps: new Map([['SUB', [sub]]]) }).permitted).toBe(false)
  })

  it('goes on after on-match next and denies when the entries behind do not fit (route_map_apply_ext)', () => {
    const first = { sets: [{ kind: 'weight' as const, value: 7 }], onMatch: { kind: 'next' as const } }
    const other = { matches: [{ kind: 'metric' as const, value: 99 }] }
    expect([apply([first, other]).permitted, apply([first]).permitted]).toEqual([false, true])
    expect(apply([first, other, {}]).draft.weight).toBe(7)
  })

  it('denies when calls nest deeper than ten (RMAP_RECURSION_LIMIT)', () => {
    expect(apply([{ call: 'M' }]).permitted).toBe(false)
  })

  it('ignores what only zebra can match', () => {
    expect(apply([{ matches: [{ kind: 'source-protocol', protocol: 'static' }] }]).permitted).toBe(true)
    expect(apply([{ matches: [{ kind: 'prefix-length', length: 9 }] }]).permitted).toBe(true)
  })

  it('reads the hidden preference and MED where the attributes have none', () => {
    const engine = new PolicyEngine({
      ...EMPTY_POLICY,
      routeMaps: new Map([
        [
          'M',
          [
            {
              sequence: 10,
              action: 'permit' as const,
              matches: [{ kind: 'metric' as const, value: 50 }],
              sets: [{ kind: 'local-preference' as const, value: 20, sign: '+' as const }],
            },
          ],
        ],
      ]),
    })
    const draft = new RouteDraft(DEFAULT_ATTRIBUTES)
    draft.hiddenMed = 50
    draft.hiddenLocalPreference = 100
    expect(engine.applyRouteMap('M', P, draft, { direction: 'out' })).toBe(true)
    expect(draft.localPreference).toBe(120)
  })

  it('deletes each value that a standard community list names, not only all together', () => {
    const entries = [{ sequence: 5, action: 'permit' as const, values: ['65001:1', '65001:2'] }]
    const communityLists = new Map([['C', { kind: 'standard' as const, entries }]])
    const { draft } = apply([{ sets: [{ kind: 'community-delete', list: 'C' }] }], { communityLists })
    expect(draft.communities).toEqual([])
  })

  it('puts the own AS in the place of others towards eBGP only', () => {
    const sets = [{ kind: 'as-path-replace' as const, asn: 65002 }]
    expect(apply([{ sets }]).draft.asPath).toEqual([{ type: 'sequence', asns: [65001, 65002] }])
  })

  it('jumps with on-match goto', () => {
    const { permitted } = apply([{ onMatch: { kind: 'goto', sequence: 30 } }, { action: 'deny' }, {}])
    expect(permitted).toBe(true)
  })

  it('adds and subtracts metrics within 32 bits', () => {
    expect(apply([{ sets: [{ kind: 'metric', value: 3, sign: '-' }] }]).draft.med).toBe(7)
    expect(apply([{ sets: [{ kind: 'metric', value: 30, sign: '-' }] }]).draft.med).toBe(0)
  })

  it('replaces communities unless additive, which merges them sorted', () => {
    expect(apply([{ sets: [{ kind: 'community', communities: [5], additive: false }] }]).draft.communities).toEqual([5])
    expect(apply([{ sets: [{ kind: 'community', communities: [5], additive: true }] }]).draft.communities).toEqual([
      5, 0xfde90001,
    ])
  })

  it('prepends the last AS as often as asked', () => {
    const { draft } = apply([{ sets: [{ kind: 'as-path-prepend-last', count: 2 }] }])
    expect(draft.asPath).toEqual([{ type: 'sequence', asns: [65001, 65001, 65001, 65002] }])
  })
})

describe('lists', () => {
  it('access-list: an address with bits under its wildcard fits nothing (filter_match_cisco; measured on 8.4.4)', () => {
    const rule = { sequence: 5, action: 'permit' as const, wildcard: 0xffff as never }
    const accessLists = new Map([
      ['HOST', [{ ...rule, address: 0x0a010200 as never }]],
      ['NET', [{ ...rule, address: 0x0a010000 as never }]],
    ])
    const engine = new PolicyEngine({ ...EMPTY_POLICY, accessLists })
    expect([engine.permitsAccess('HOST', P), engine.permitsAccess('NET', P)]).toEqual([false, true])
  })

  it('access-list: a named prefix does not fit shorter routes (prefix_match)', () => {
    const rule = { sequence: 5, action: 'permit' as const, address: 0x0a010000 as never, wildcard: 0xffff as never }
    const lists = new Map([['A', [{ ...rule, minimumLength: 16 }]]])
    const engine = new PolicyEngine({ ...EMPTY_POLICY, accessLists: lists })
    expect([engine.permitsAccess('A', P), engine.permitsAccess('A', prefix('10.1.0.0/15'))]).toEqual([true, false])
  })

  const entry = (text: string, more: { ge?: number; le?: number } = {}) => ({
    sequence: 5,
    action: 'permit' as const,
    prefix: prefix(text),
    ...more,
  })

  it('prefix-list: without ge and le the length must be equal', () => {
    const engine = new PolicyEngine({ ...EMPTY_POLICY, prefixLists: new Map([['L', [entry('10.1.0.0/16')]]]) })
    expect(engine.permitsPrefix('L', P)).toBe(false)
    expect(engine.permitsPrefix('L', prefix('10.1.0.0/16'))).toBe(true)
  })

  it('prefix-list: ge and le bound the length', () => {
    const lists = new Map([['L', [entry('10.1.0.0/16', { ge: 20, le: 24 })]]])
    expect(new PolicyEngine({ ...EMPTY_POLICY, prefixLists: lists }).permitsPrefix('L', P)).toBe(true)
  })

  it('prefix-list: empty permits, undefined denies', () => {
    const engine = new PolicyEngine({ ...EMPTY_POLICY, prefixLists: new Map([['L', []]]) })
    expect([engine.permitsPrefix('L', P), engine.permitsPrefix('NONE', P)]).toEqual([true, false])
  })

  it('as-path list: `_` stands for a delimiter or an end', () => {
    const lists = new Map([['A', [{ sequence: 5, action: 'permit' as const, regex: '_65002$' }]]])
    const engine = new PolicyEngine({ ...EMPTY_POLICY, asPathLists: lists })
    const path = (...asns: number[]) => ({ asPath: [{ type: 'sequence' as const, asns }] })
    expect([engine.permitsAsPath('A', path(1, 65002)), engine.permitsAsPath('A', path(165002))]).toEqual([true, false])
  })
})
