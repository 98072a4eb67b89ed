import { describe, expect, it } from 'vitest'
import { AttributeTable, DEFAULT_ATTRIBUTES } from '../../src/bgp/attributes.ts'
import { comparePaths, type DecisionOptions, selectPaths } from '../../src/bgp/decision.ts'
import { DestinationSet } from '../../src/bgp/destination-set.ts'
import { NO_SETTINGS, Path, type PathNews, type PathPeer, type PeerType } from '../../src/bgp/path.ts'
import type { AsPathSegment, PathAttributes } from '../../src/wire/bgp/attributes.ts'
import { ip } from '../support/two-hosts.ts'

const OPTIONS: DecisionOptions = {
  defaultLocalPreference: 100,
  asPathIgnore: false,
  asPathConfed: false,
  multipathRelax: false,
  compareRouterId: false,
  alwaysCompareMed: false,
  deterministicMed: false,
  medConfed: false,
  medMissingAsWorst: false,
  peerTypeRelax: false,
  isConfederation: false,
  equalClusterLength: false,
  maximumEbgp: 16,
  maximumIbgp: 16,
  sorts: false,
  multipathInOrder: false,
}

const table = new AttributeTable()

interface PathSpec {
  readonly type?: PeerType
  readonly asn?: number
  readonly id?: string
  readonly from?: string
  readonly kind?: Path['kind']
  readonly weight?: number
  readonly igpMetric?: number
  readonly attributes?: Partial<PathAttributes>
  readonly selected?: boolean
  readonly valid?: boolean
  readonly nextHop?: string
}

function sequence(...asns: number[]): AsPathSegment[] {
  return [{ type: 'sequence', asns }]
}

/** A path from 10.0.0.2 (AS 65002, id 2.2.2.2) via 10.0.0.2 unless told otherwise. */
function path(destinations: DestinationSet, spec: PathSpec = {}): Path {
  const from = spec.from ?? '10.0.0.2'
  const peer: PathPeer = {
    type: spec.type ?? 'ebgp',
    address: spec.type === 'self' ? undefined : ip(from),
    remoteAsn: spec.asn ?? 65002,
    remoteRouterId: ip(spec.id ?? '2.2.2.2'),
    isEstablished: true,
    isReflectorClient: false,
    isRouteServerClient: false,
  }
  const attributes = table.intern({
    ...DEFAULT_ATTRIBUTES,
    asPath: sequence(spec.asn ?? 65002),
    ...spec.attributes,
  })
  const nextHop = spec.nextHop === undefined ? ip(from) : ip(spec.nextHop)
  const settings = { ...NO_SETTINGS, nextHop, weight: spec.weight ?? 0 }
  const news: PathNews = { attributes, settings, moment: { atNs: 0 } }
  const made = new Path(destinations, peer, spec.kind ?? 'learned', news)
  made.take(news)
  made.isValid = spec.valid ?? true
  made.igpMetric = spec.igpMetric ?? 0
  made.isSelected = spec.selected ?? false
  return made
}

function compare(better: PathSpec, worse: PathSpec, options: Partial<DecisionOptions> = {}) {
  const destinations = new DestinationSet([0])
  const all = { ...OPTIONS, ...options }
  const a = path(destinations, { from: '10.0.0.9', id: '9.9.9.9', ...better })
  const b = path(destinations, worse)
  const forth = comparePaths(a, b, all)
  const back = comparePaths(b, a, all)
  return { wins: forth.wins && !back.wins, step: forth.step, isEqual: forth.isEqual }
}

/** Title, the path that wins (although its router id and address are higher), the one that loses, the step, options. */
const STEPS: [string, PathSpec, PathSpec, string, Partial<DecisionOptions>?][] = [
  ['prefers the higher weight', { weight: 5 }, { attributes: { localPreference: 900 } }, 'weight'],
  ['prefers the higher LOCAL_PREF', { attributes: { localPreference: 101 } }, {}, 'local-preference'],
  ['counts an absent LOCAL_PREF as the default', {}, { attributes: { localPreference: 99 } }, 'local-preference'],
  ['prefers an own route over a learned one', { kind: 'network', type: 'self' }, {}, 'local-route'],
  ['prefers the shorter AS_PATH', {}, { attributes: { asPath: sequence(65002, 65002) } }, 'as-path'],
  [
    'counts an AS_SET as one AS',
    { attributes: { asPath: [{ type: 'set', asns: [1, 2, 3] }] } },
    { attributes: { asPath: sequence(65002, 1) } },
    'as-path',
  ],
  [
    'counts confederation segments as nothing',
    { attributes: { asPath: [{ type: 'confed-sequence', asns: [1, 2, 3] }, ...sequence(7)] } },
    { attributes: { asPath: sequence(7, 8) } },
    'as-path',
  ],
  [
    'adds confederation segments with `bestpath as-path confed`',
    { attributes: { asPath: sequence(7, 8) } },
    { attributes: { asPath: [{ type: 'confed-sequence', asns: [1, 2] }, ...sequence(7)] } },
    'confed-as-path',
    { asPathConfed: true },
  ],
  ['prefers origin IGP over EGP', {}, { attributes: { origin: 1 } }, 'origin'],
  ['prefers the lower MED of one neighbour AS', { attributes: { med: 1 } }, { attributes: { med: 2 } }, 'med'],
  ['counts an absent MED as 0', {}, { attributes: { med: 1 } }, 'med'],
  [
    'counts an absent MED as the worst with `med missing-as-worst`',
    { attributes: { med: 7 } },
    {},
    'med',
    { medMissingAsWorst: true },
  ],
  [
    'compares MEDs of different neighbour ASes with `always-compare-med`',
    { asn: 65003, attributes: { med: 1 } },
    { attributes: { med: 2 } },
    'med',
    { alwaysCompareMed: true },
  ],
  ['prefers eBGP over iBGP', {}, { type: 'ibgp' }, 'peer-type'],
  ['prefers the nearer next hop', { igpMetric: 5 }, { igpMetric: 6 }, 'igp-metric'],
  [
    'prefers confederation-external over internal',
    { type: 'confed' },
    { type: 'ibgp' },
    'confed-peer-type',
    { isConfederation: true },
  ],
  ['keeps the eBGP path that is selected now', { selected: true }, {}, 'older-path'],
  ['prefers the lower router id', { id: '1.1.1.1' }, {}, 'router-id'],
  [
    'lets ORIGINATOR_ID replace the router id',
    { type: 'ibgp', attributes: { originatorId: ip('1.0.0.1') } },
    { type: 'ibgp' },
    'router-id',
  ],
  [
    'prefers the shorter CLUSTER_LIST',
    { type: 'ibgp', id: '2.2.2.2' },
    { type: 'ibgp', attributes: { clusterList: [ip('3.3.3.3')] } },
    'cluster-length',
  ],
  ['prefers the lower peer address', { id: '2.2.2.2', from: '10.0.0.1' }, {}, 'neighbor-address'],
]

describe('comparePaths', () => {
  it.each(STEPS)('%s', (_title, better, worse, step, options) => {
    expect(compare(better, worse, options)).toMatchObject({ wins: true, step })
  })

  it('does not compare MEDs of different neighbour ASes', () => {
    const outcome = compare({ asn: 65003, id: '1.1.1.1', attributes: { med: 9 } }, { attributes: { med: 1 } })
    expect(outcome).toMatchObject({ wins: true, step: 'router-id' })
  })

  it('calls eBGP paths equal for multipath only from the same peer AS', () => {
    expect(compare({}, {}).isEqual).toBe(true)
    expect(compare({ asn: 65003 }, {}).isEqual).toBe(false)
    expect(compare({ asn: 65003 }, {}, { multipathRelax: true }).isEqual).toBe(true)
  })

  it('asks iBGP paths for the same AS_PATH', () => {
    const other = { type: 'ibgp', attributes: { asPath: sequence(65009) } } as const
    expect(compare({ type: 'ibgp' }, other).isEqual).toBe(false)
  })
})

describe('selectPaths', () => {
  function select(specs: readonly PathSpec[], options: Partial<DecisionOptions> = {}) {
    const destinations = new DestinationSet([0])
    destinations.paths = specs.map(spec => path(destinations, spec))
    const selection = selectPaths(destinations, { ...OPTIONS, ...options })
    return { ...selection, order: destinations.paths, destinations }
  }

  it('ignores paths whose next hop cannot be reached', () => {
    const { best } = select([{ valid: false, weight: 9 }, { from: '10.0.0.3' }])
    expect(best?.peer.address).toBe(ip('10.0.0.3'))
  })

  it('joins equal paths by next-hop address up to the limit', () => {
    const specs = ['10.0.3.2', '10.0.2.2', '10.0.1.2'].map((from, index) => ({ from, id: `${index + 1}.0.0.0` }))
    const { multipath } = select(specs, { maximumEbgp: 2 })
    expect(multipath.map(each => each.peer.address)).toEqual([ip('10.0.3.2'), ip('10.0.1.2')])
  })

  it('takes one path of those with the best next hop', () => {
    const { multipath } = select([{ from: '10.0.1.2' }, { from: '10.0.3.2', nextHop: '10.0.1.2' }])
    expect(multipath).toHaveLength(1)
  })

  it('prints the outcome of the last comparison as reason, not of the decisive one', () => {
    const specs = [
      { from: '10.0.1.2', id: '3.3.3.3', attributes: { asPath: sequence(65002, 1, 2) } },
      { from: '10.0.2.2', id: '1.1.1.1' },
      { from: '10.0.3.2', id: '2.2.2.2' },
    ]
    expect(select(specs).reason).toBe('router-id')
  })

  it('keeps the list sorted, best first, since 10.1', () => {
    const specs = [
      { from: '10.0.1.2', attributes: { asPath: sequence(65002, 1, 2) } },
      { from: '10.0.2.2', attributes: { asPath: sequence(65002) } },
      { from: '10.0.3.2', attributes: { asPath: sequence(65002, 1) } },
    ]
    const { order, best } = select(specs, { sorts: true, multipathInOrder: true })
    expect(order.map(each => each.attributes.hops)).toEqual([1, 2, 3])
    expect(best).toBe(order[0])
  })

  it('lets a loser of its neighbour AS not win under deterministic-med', () => {
    const specs = [
      { asn: 1, from: '10.0.1.2', id: '1.1.1.1', attributes: { med: 20 } },
      { asn: 2, from: '10.0.2.2', id: '2.2.2.2', attributes: { med: 5 } },
      { asn: 1, from: '10.0.3.2', id: '3.3.3.3', attributes: { med: 10 } },
    ]
    expect(select(specs, { deterministicMed: true }).best?.peer.address).toBe(ip('10.0.2.2'))
    expect(select(specs, { deterministicMed: true }).order.map(each => each.isAsWinner)).toEqual([false, true, true])
  })
})
