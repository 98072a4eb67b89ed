import type { Simulator } from '../sim/simulator.ts'
import { type Ipv4Address, UNSPECIFIED } from '../wire/address.ts'
import { type AsPathSegment, COMMUNITY, type PathAttributes } from '../wire/bgp/attributes.ts'
import {
  asPathConfederationHops,
  asPathHops,
  formatAsPath,
  isSameAsPath,
  leftmostAsn,
  leftmostConfederationAsn,
} from './as-path.ts'

/**
 * Path attributes as the speakers of one simulation hold them: one object per distinct value, so that equality is identity,
 * with what the decision process asks for worked out once.
 */
export interface Attributes extends PathAttributes {
  /** `asPathHops` of the path. */
  readonly hops: number
  readonly confederationHops: number
  readonly leftAsn: number | undefined
  readonly leftConfederationAsn: number | undefined
}

/** Preference that graceful shutdown gives, RFC 8326. */
export const GRACEFUL_SHUTDOWN_PREFERENCE = 0

/** The value everything starts from: empty path, origin IGP, no next hop. */
export const DEFAULT_ATTRIBUTES: PathAttributes = {
  origin: 0,
  asPath: [],
  nextHop: UNSPECIFIED,
  atomicAggregate: false,
  communities: [],
  largeCommunities: [],
  clusterList: [],
  unknown: [],
}

/** Finds or makes the one object of an attribute set. */
export class AttributeTable {
  readonly #buckets = new Map<number, Attributes[]>()
  /** What has been seen, so that an object that crosses a session again costs one look-up. */
  readonly #known = new WeakMap<PathAttributes, Attributes>()

  intern(value: PathAttributes): Attributes {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const hash = hashAttributes(value)
    let bucket = this.#buckets.get(hash)
    if (bucket === undefined) {
      bucket = []
      this.#buckets.set(hash, bucket)
    }
    let found = bucket.find(candidate => isSameAttributes(candidate, value))
    if (found === undefined) {
      found = derive(value)
      bucket.push(found)
      this.#known.set(found, found)
    }
    this.#known.set(value, found)
    return found
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

function derive(value: PathAttributes): Attributes {
  return {
    ...value,
    hops: asPathHops(value.asPath),
    confederationHops: asPathConfederationHops(value.asPath),
    leftAsn: leftmostAsn(value.asPath),
    leftConfederationAsn: leftmostConfederationAsn(value.asPath),
  }
}

function hashAttributes(value: PathAttributes): number {
  let hash = mix(value.origin + 1, value.nextHop)
  hash = mix(hash, value.med ?? -1)
  hash = mix(hash, value.localPreference ?? -1)
  hash = mix(hash, value.originatorId ?? -1)
  for (const segment of value.asPath) {
    hash = mix(hash, segment.asns.length)
    for (const asn of segment.asns) hash = mix(hash, asn)
  }
  for (const community of value.communities) hash = mix(hash, community)
  for (const cluster of value.clusterList) hash = mix(hash, cluster)
  return hash
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ (value | 0), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) | 0
}

function isSameAttributes(a: PathAttributes, b: PathAttributes): boolean {
  return (
    a.origin === b.origin &&
    a.nextHop === b.nextHop &&
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

function isSameList(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]))
}

function isSameUnknown(a: PathAttributes, b: PathAttributes): boolean {
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
  readonly base: PathAttributes
  origin: PathAttributes['origin']
  asPath: readonly AsPathSegment[]
  nextHop: Ipv4Address
  med: number | undefined
  localPreference: number | undefined
  atomicAggregate: boolean
  aggregator: PathAttributes['aggregator']
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

  constructor(base: PathAttributes, weight = 0, tag?: number) {
    this.base = base
    this.origin = base.origin
    this.asPath = base.asPath
    this.nextHop = base.nextHop
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
      this.nextHop === base.nextHop &&
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

  #build(): PathAttributes {
    return {
      origin: this.origin,
      asPath: this.asPath,
      nextHop: this.nextHop,
      ...(this.med === undefined ? {} : { med: this.med }),
      ...(this.localPreference === undefined ? {} : { localPreference: this.localPreference }),
      atomicAggregate: this.atomicAggregate,
      ...(this.aggregator === undefined ? {} : { aggregator: this.aggregator }),
      communities: this.communities,
      largeCommunities: this.largeCommunities,
      ...(this.originatorId === undefined ? {} : { originatorId: this.originatorId }),
      clusterList: this.clusterList,
      unknown: this.base.unknown,
    }
  }
}
