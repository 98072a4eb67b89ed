import type { Simulator } from '../sim/simulator.ts'
import { type Ipv4Address, UNSPECIFIED } from '../wire/address.ts'
import { type AsPathSegment, COMMUNITY, type SharedAttributes } from '../wire/bgp/attributes.ts'
import {
  asPathConfederationHops,
  asPathHops,
  formatAsPath,
  isSameAsPath,
  leftmostAsn,
  leftmostConfederationAsn,
} from './as-path.ts'
import { isSameList } from './same-list.ts'

/**
 * Path attributes as the speakers of one simulation hold them: one object per distinct value, so that equality is identity,
 * with what the decision process asks for worked out once.
 */
export interface Attributes extends SharedAttributes {
  /** `asPathHops` of the path. */
  readonly hops: number
  readonly confederationHops: number
  readonly leftAsn: number | undefined
  readonly leftConfederationAsn: number | undefined
  /** Has the community LLGR_STALE (RFC 9494). */
  readonly isLlgrStale: boolean
}

/** Preference that graceful shutdown gives, RFC 8326. */
export const GRACEFUL_SHUTDOWN_PREFERENCE = 0

/** The value everything starts from: empty path, origin IGP. */
export const DEFAULT_ATTRIBUTES: SharedAttributes = {
  origin: 0,
  asPath: [],
  atomicAggregate: false,
  communities: [],
  largeCommunities: [],
  clusterList: [],
  unknown: [],
}

/**
 * The one object of a value. All fields are always there, so that the engine knows a single layout; what belongs to the
 * table is private, so that a copy by spreading is not taken for the object itself.
 */
class InternedAttributes implements Attributes {
  readonly origin: SharedAttributes['origin']
  readonly asPath: readonly AsPathSegment[]
  readonly med: number | undefined
  readonly localPreference: number | undefined
  readonly atomicAggregate: boolean
  readonly aggregator: SharedAttributes['aggregator']
  readonly communities: readonly number[]
  readonly largeCommunities: readonly string[]
  readonly originatorId: Ipv4Address | undefined
  readonly clusterList: readonly Ipv4Address[]
  readonly unknown: SharedAttributes['unknown']
  readonly hops: number
  readonly confederationHops: number
  readonly leftAsn: number | undefined
  readonly leftConfederationAsn: number | undefined
  readonly isLlgrStale: boolean
  readonly #table: AttributeTable
  /** Another value with the same hash. */
  readonly #next: InternedAttributes | undefined

  constructor(
    value: SharedAttributes,
    asPath: readonly AsPathSegment[],
    table: AttributeTable,
    next: InternedAttributes | undefined,
  ) {
    this.origin = value.origin
    this.asPath = asPath
    this.med = value.med
    this.localPreference = value.localPreference
    this.atomicAggregate = value.atomicAggregate
    this.aggregator = value.aggregator
    this.communities = value.communities
    this.largeCommunities = value.largeCommunities
    this.originatorId = value.originatorId
    this.clusterList = value.clusterList
    this.unknown = value.unknown
    this.hops = asPathHops(value.asPath)
    this.confederationHops = asPathConfederationHops(value.asPath)
    this.leftAsn = leftmostAsn(value.asPath)
    this.leftConfederationAsn = leftmostConfederationAsn(value.asPath)
    this.isLlgrStale = value.communities.includes(COMMUNITY.llgrStale)
    this.#table = table
    this.#next = next
  }

  /** Whether the object is the one that the table has for its value. */
  static isOf(value: SharedAttributes, table: AttributeTable): value is InternedAttributes {
    return value instanceof InternedAttributes && value.#table === table
  }

  /** The object of this value among those of the same hash. */
  static find(first: InternedAttributes | undefined, value: SharedAttributes): InternedAttributes | undefined {
    for (let one = first; one !== undefined; one = one.#next) if (isSameAttributes(one, value)) return one
    return undefined
  }
}

/** Finds or makes the one object of an attribute set. */
export class AttributeTable {
  readonly #byHash = new Map<number, InternedAttributes>()
  /** Paths by hash: many sets share one. */
  readonly #paths = new Map<number, (readonly AsPathSegment[])[]>()

  intern(value: SharedAttributes): Attributes {
    // what crosses a session comes out of this very table
    if (InternedAttributes.isOf(value, this)) return value
    const hash = hashAttributes(value)
    const first = this.#byHash.get(hash)
    const known = InternedAttributes.find(first, value)
    if (known !== undefined) return known
    const made = new InternedAttributes(value, this.#internPath(value.asPath), this, first)
    this.#byHash.set(hash, made)
    return made
  }

  #internPath(path: readonly AsPathSegment[]): readonly AsPathSegment[] {
    const hash = hashPath(0, path)
    const known = this.#paths.get(hash)
    if (known === undefined) {
      this.#paths.set(hash, [path])
      return path
    }
    const found = known.find(one => isSameAsPath(one, path))
    if (found === undefined) known.push(path)
    return found ?? path
  }
}

const TABLES = new WeakMap<Simulator, AttributeTable>()

/** The table shared by all speakers of a simulation. */
export function attributeTable(simulator: Simulator): AttributeTable {
  let table = TABLES.get(simulator)
  if (table === undefined) {
    table = new AttributeTable()
    TABLES.set(simulator, table)
  }
  return table
}

const PATH_TEXTS = new WeakMap<readonly AsPathSegment[], string>()

/** AS path as text for regular expressions, worked out once per path object. */
export function asPathText(path: readonly AsPathSegment[]): string {
  let text = PATH_TEXTS.get(path)
  if (text === undefined) {
    text = formatAsPath(path)
    PATH_TEXTS.set(path, text)
  }
  return text
}

function hashAttributes(value: SharedAttributes): number {
  let hash = mix(value.origin + 1, value.med ?? -1)
  hash = mix(hash, value.localPreference ?? -1)
  hash = mix(hash, value.originatorId ?? -1)
  hash = hashPath(hash, value.asPath)
  for (const community of value.communities) hash = mix(hash, community)
  for (const cluster of value.clusterList) hash = mix(hash, cluster)
  return hash
}

function hashPath(seed: number, path: readonly AsPathSegment[]): number {
  let hash = seed
  for (const segment of path) {
    hash = mix(hash, segment.asns.length)
    for (const asn of segment.asns) hash = mix(hash, asn)
  }
  return hash
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ (value | 0), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) | 0
}

function isSameAttributes(a: SharedAttributes, b: SharedAttributes): boolean {
  return (
    a.origin === b.origin &&
    a.med === b.med &&
    a.localPreference === b.localPreference &&
    a.originatorId === b.originatorId &&
    a.atomicAggregate === b.atomicAggregate &&
    a.aggregator?.asn === b.aggregator?.asn &&
    a.aggregator?.address === b.aggregator?.address &&
    isSameAsPath(a.asPath, b.asPath) &&
    isSameList(a.communities, b.communities) &&
    isSameList(a.clusterList, b.clusterList) &&
    isSameList(a.largeCommunities, b.largeCommunities) &&
    isSameUnknown(a, b)
  )
}

function isSameUnknown(a: SharedAttributes, b: SharedAttributes): boolean {
  if (a.unknown.length !== b.unknown.length) return false
  return a.unknown.every((each, index) => {
    const other = b.unknown[index]!
    return each.type === other.type && each.flags === other.flags && isSameList(each.value, other.value)
  })
}

/** What a route-map did to the next hop; stays with the path when it did so on the way in. */
export type NextHopChange = 'none' | 'address' | 'peer-address' | 'unchanged'

/** Mutable attributes on their way through a policy; `finish` gives back the original where nothing changed. */
export class RouteDraft {
  readonly base: SharedAttributes
  origin: SharedAttributes['origin']
  asPath: readonly AsPathSegment[]
  nextHop: Ipv4Address
  med: number | undefined
  localPreference: number | undefined
  atomicAggregate: boolean
  aggregator: SharedAttributes['aggregator']
  communities: readonly number[]
  largeCommunities: readonly string[]
  originatorId: Ipv4Address | undefined
  clusterList: readonly Ipv4Address[]
  weight: number
  tag: number | undefined
  distance: number | undefined
  /** Interface of a redistributed route. */
  interface: string | undefined
  /** What a route-map did to the next hop. */
  nextHopChange: NextHopChange = 'none'
  /**
   * What `match local-preference` and `set local-preference +N` read where there is none: FRR leaves the value in the
   * attributes when the flag beside it is missing (bgpd/bgp_attr.c bgp_attr_default_set: own routes hold the default).
   */
  hiddenLocalPreference = 0
  /** What `match metric` reads where there is no MED: towards eBGP a learned MED loses its flag only. */
  hiddenMed = 0

  constructor(base: SharedAttributes, nextHop: Ipv4Address = UNSPECIFIED, weight = 0, tag?: number) {
    this.base = base
    this.origin = base.origin
    this.asPath = base.asPath
    this.nextHop = nextHop
    this.med = base.med
    this.localPreference = base.localPreference
    this.atomicAggregate = base.atomicAggregate
    this.aggregator = base.aggregator
    this.communities = base.communities
    this.largeCommunities = base.largeCommunities
    this.originatorId = base.originatorId
    this.clusterList = base.clusterList
    this.weight = weight
    this.tag = tag
  }

  addCommunity(community: number): void {
    if (this.communities.includes(community)) return
    this.communities = [...this.communities, community].sort((a, b) => a - b)
  }

  /** RFC 8326: the community and the lowest preference (FRR bgp_attr_add_gshut_community). */
  addGracefulShutdown(): void {
    this.addCommunity(COMMUNITY.gracefulShutdown)
    this.localPreference = GRACEFUL_SHUTDOWN_PREFERENCE
  }

  /** The attributes as they are now, one object per value. */
  finish(table: AttributeTable): Attributes {
    return table.intern(this.#isUnchanged() ? this.base : this.#build())
  }

  #isUnchanged(): boolean {
    const { base } = this
    return (
      this.origin === base.origin &&
      this.asPath === base.asPath &&
      this.med === base.med &&
      this.localPreference === base.localPreference &&
      this.atomicAggregate === base.atomicAggregate &&
      this.aggregator === base.aggregator &&
      this.communities === base.communities &&
      this.largeCommunities === base.largeCommunities &&
      this.originatorId === base.originatorId &&
      this.clusterList === base.clusterList
    )
  }

  #build(): SharedAttributes {
    return {
      origin: this.origin,
      asPath: this.asPath,
      med: this.med,
      localPreference: this.localPreference,
      atomicAggregate: this.atomicAggregate,
      aggregator: this.aggregator,
      communities: this.communities,
      largeCommunities: this.largeCommunities,
      originatorId: this.originatorId,
      clusterList: this.clusterList,
      unknown: this.base.unknown,
    }
  }
}
