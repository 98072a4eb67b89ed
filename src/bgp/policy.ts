/*
 * Route-maps and lists as FRR applies them (lib/routemap.c, lib/plist.c, lib/filter.c, bgpd/bgp_routemap.c).
 * A list named on a peer that does not exist denies; named in `match` it does not match; an undefined route-map denies;
 * an undefined `call` is skipped. Not modelled: match and set clauses that PolicyModel has no word for.
 */
import type {
  AccessListEntry,
  AsPathListEntry,
  PolicyModel,
  PrefixListEntry,
  RouteMapEntry,
  RouteMapMatch,
  RouteMapSet,
} from '../model/policy.ts'
import {
  type Ipv4Address,
  type Prefix,
  prefixAddress,
  prefixCovers,
  prefixLength,
  prefixOf,
  UNSPECIFIED,
} from '../wire/address.ts'
import { excludeAsns, leadingAsn, mapAsns, prependAsns, prependByPolicy } from './as-path.ts'
import { asPathText, type RouteDraft } from './attributes.ts'
import { compareLargeCommunities, formatCommunity, isCommunityMatch, isDeletedBy } from './community-list.ts'

/** What a route-map sees besides the route itself. */
export interface PolicyContext {
  readonly direction: 'in' | 'out' | 'local'
  /** The session's other end; undefined for own routes. */
  readonly peerAddress?: Ipv4Address | undefined
  /** What `set as-path replace` puts in: own AS towards an eBGP peer. Undefined: the clause does nothing. */
  readonly ownAsn?: number | undefined
}

/** RMAP_RECURSION_LIMIT. */
const CALL_DEPTH_MAX = 10

/** Applies the named policies of a router; the result of regular expressions is kept per AS path text. */
export class PolicyEngine {
  readonly model: PolicyModel
  readonly #regexes = new Map<string, RegExp | undefined>()

  constructor(model: PolicyModel) {
    this.model = model
  }

  /** Changes the draft as the route-map says. False: denied. An undefined route-map denies. */
  applyRouteMap(name: string, prefix: Prefix, draft: RouteDraft, context: PolicyContext): boolean {
    return this.#apply(name, prefix, { seen: draft, changed: draft, context }, 0) !== undefined
  }

  /**
   * The same where the route that is looked at is not the one that is changed (`default-originate route-map`). Gives the
   * sequence number of the entry it ended at; undefined: denied.
   */
  applyRouteMapTo(
    name: string,
    prefix: Prefix,
    drafts: { readonly seen: RouteDraft; readonly changed: RouteDraft },
    context: PolicyContext,
  ): number | undefined {
    return this.#apply(name, prefix, { ...drafts, context }, 0)
  }

  /** The entries that the route met, in order, and what became of it at each. Nothing is changed but the draft. */
  traceRouteMap(name: string, prefix: Prefix, draft: RouteDraft, context: PolicyContext): readonly RouteMapVisit[] {
    const visits: RouteMapVisit[] = []
    this.#apply(name, prefix, { seen: draft, changed: draft, context, visits }, 0)
    return visits
  }

  /**
   * FRR route_map_apply_ext. An entry that does not fit denies until a later one permits, also after an `on-match next`
   * that did: the last entry looked at decides.
   */
  #apply(name: string, prefix: Prefix, pass: Pass, depth: number): number | undefined {
    const entries = this.model.routeMaps.get(name)
    if (entries === undefined || depth > CALL_DEPTH_MAX) return undefined
    let permittedAt: number | undefined
    let from = Number.NEGATIVE_INFINITY
    for (const entry of entries) {
      if (entry.sequence < from) continue
      permittedAt = undefined
      const failed = entry.matches.find(match => !this.#isMatch(match, prefix, pass.seen, pass.context))
      pass.visits?.push({ map: name, entry, failed })
      if (failed !== undefined) continue
      if (entry.action === 'deny') return undefined
      for (const set of entry.sets) this.#applySet(set, pass.changed, pass.context)
      if (!this.#applyCall(entry, prefix, pass, depth)) return undefined
      if (entry.onMatch === undefined) return entry.sequence
      permittedAt = NO_ENTRY
      if (entry.onMatch.kind === 'goto') from = entry.onMatch.sequence
    }
    return permittedAt
  }

  /** Prefix list on a peer: undefined denies, empty permits. */
  permitsPrefix(name: string, prefix: Prefix): boolean {
    const list = this.model.prefixLists.get(name)
    if (list === undefined) return false
    return list.length === 0 || findPrefixEntry(list, prefix)?.action === 'permit'
  }

  permitsAccess(name: string, prefix: Prefix): boolean {
    const list = this.model.accessLists.get(name)
    return list !== undefined && findAccessEntry(list, prefix)?.action === 'permit'
  }

  permitsAsPath(name: string, draft: { readonly asPath: RouteDraft['asPath'] }): boolean {
    return this.findAsPathEntry(name, draft)?.action === 'permit'
  }

  /** The entry of an AS path list that decides; undefined when none fits. */
  findAsPathEntry(name: string, draft: { readonly asPath: RouteDraft['asPath'] }): AsPathListEntry | undefined {
    const text = asPathText(draft.asPath)
    return this.model.asPathLists.get(name)?.find(entry => this.#regexOf(entry.regex)?.test(text) === true)
  }

  #applyCall(entry: RouteMapEntry, prefix: Prefix, pass: Pass, depth: number): boolean {
    const { call } = entry
    if (call === undefined || !this.model.routeMaps.has(call)) return true
    return this.#apply(call, prefix, pass, depth + 1) !== undefined
  }

  #isMatch(match: RouteMapMatch, prefix: Prefix, draft: RouteDraft, context: PolicyContext): boolean {
    switch (match.kind) {
      case 'prefix-list':
        return this.permitsPrefix(match.name, prefix)
      case 'access-list':
        return this.permitsAccess(match.name, prefix)
      case 'next-hop-prefix-list':
        return this.permitsPrefix(match.name, prefixOf(draft.nextHop, 32))
      case 'next-hop-access-list':
        return this.permitsAccess(match.name, prefixOf(draft.nextHop, 32))
      case 'next-hop-address':
        return draft.nextHop === match.address
      case 'next-hop-blackhole':
        return draft.nextHop === UNSPECIFIED && draft.interface === undefined
      case 'route-source-prefix-list':
        return context.peerAddress !== undefined && this.permitsPrefix(match.name, prefixOf(context.peerAddress, 32))
      case 'route-source-access-list':
        return context.peerAddress !== undefined && this.permitsAccess(match.name, prefixOf(context.peerAddress, 32))
      case 'as-path':
        return this.permitsAsPath(match.name, draft)
      case 'community': {
        const list = this.model.communityLists.get(match.name)
        return isCommunityMatch(list, draft.communities.map(formatCommunity), match.exact, this.#regexOf)
      }
      case 'large-community': {
        const list = this.model.largeCommunityLists.get(match.name)
        return isCommunityMatch(list, draft.largeCommunities, match.exact, this.#regexOf)
      }
      case 'metric':
        return (draft.med ?? draft.hiddenMed) === match.value
      case 'local-preference':
        return (draft.localPreference ?? draft.hiddenLocalPreference) === match.value
      case 'origin':
        return draft.origin === ORIGIN_CODE[match.value]
      case 'peer':
        return match.address === 'local' ? context.direction === 'local' : context.peerAddress === match.address
      case 'interface':
        return draft.interface === match.name
      case 'tag':
        return (draft.tag ?? 0) === match.value
      case 'prefix-length':
      case 'source-protocol':
        return true // zebra's clauses: bgpd's copy of the entry is without them
    }
  }

  #applySet(set: RouteMapSet, draft: RouteDraft, context: PolicyContext): void {
    switch (set.kind) {
      case 'local-preference':
        draft.localPreference = adjust(draft.localPreference ?? draft.hiddenLocalPreference, set.value, set.sign)
        break
      case 'metric':
        draft.med = adjust(draft.med ?? 0, set.value, set.sign)
        break
      case 'weight':
        draft.weight = set.value
        break
      case 'origin':
        draft.origin = ORIGIN_CODE[set.value]
        break
      case 'tag':
        draft.tag = set.value
        break
      case 'distance':
        draft.distance = set.value
        break
      case 'atomic-aggregate':
        draft.atomicAggregate = true
        break
      case 'aggregator':
        draft.aggregator = { asn: set.asn, address: set.address }
        break
      case 'originator-id':
        draft.originatorId = set.address
        break
      case 'source-address':
        break // zebra's business: `ip protocol bgp route-map`
      case 'next-hop':
        setNextHop(set.value, draft, context)
        break
      case 'as-path-prepend':
      case 'as-path-prepend-last':
      case 'as-path-exclude':
      case 'as-path-replace':
        setAsPath(set, draft, context)
        break
      default:
        this.#setCommunities(set, draft)
    }
  }

  #setCommunities(
    set: Extract<RouteMapSet, { kind: `${'large-' | ''}community${'' | '-none' | '-delete'}` }>,
    draft: RouteDraft,
  ): void {
    switch (set.kind) {
      case 'community': {
        const base = set.additive ? draft.communities : []
        draft.communities = [...new Set([...base, ...set.communities])].sort((a, b) => a - b)
        break
      }
      case 'community-none':
        draft.communities = []
        break
      case 'community-delete':
        draft.communities = draft.communities.filter(
          each => !isDeletedBy(this.model.communityLists.get(set.list), formatCommunity(each), this.#regexOf),
        )
        break
      case 'large-community': {
        const base = set.additive ? draft.largeCommunities : []
        draft.largeCommunities = [...new Set([...base, ...set.communities])].sort(compareLargeCommunities)
        break
      }
      case 'large-community-none':
        draft.largeCommunities = []
        break
      case 'large-community-delete':
        draft.largeCommunities = draft.largeCommunities.filter(
          each => !isDeletedBy(this.model.largeCommunityLists.get(set.list), each, this.#regexOf),
        )
        break
    }
  }

  /** FRR's `_` stands for a delimiter. A pattern that JavaScript does not take matches nothing. */
  readonly #regexOf = (pattern: string): RegExp | undefined => {
    if (this.#regexes.has(pattern)) return this.#regexes.get(pattern)
    let regex: RegExp | undefined
    try {
      regex = new RegExp(pattern.replaceAll('_', '(?:^|[,{}() ]|$)'))
    } catch {
      regex = undefined
    }
    this.#regexes.set(pattern, regex)
    return regex
  }
}

/** One evaluation of a route-map. */
interface Pass {
  readonly seen: RouteDraft
  readonly changed: RouteDraft
  readonly context: PolicyContext
  /** Written down for whoever asks why. */
  readonly visits?: RouteMapVisit[]
}

/** A route at an entry of a route-map. `failed`: the first clause that it does not fit; undefined: it fits all. */
export interface RouteMapVisit {
  readonly map: string
  readonly entry: RouteMapEntry
  readonly failed: RouteMapMatch | undefined
}

/** What a map that ran out after `on-match` gives as the entry it ended at: behind all others. */
export const NO_ENTRY = 65536

/** ORIGIN codes, RFC 4271 §5.1.1. */
export const ORIGIN_CODE = { igp: 0, egp: 1, incomplete: 2 } as const

/** The entry of a prefix list that decides; undefined when none fits. */
export function findPrefixEntry(list: readonly PrefixListEntry[], prefix: Prefix): PrefixListEntry | undefined {
  const length = prefixLength(prefix)
  return list.find(entry => {
    if (!prefixCovers(entry.prefix, prefix)) return false
    if (entry.ge === undefined && entry.le === undefined) return length === prefixLength(entry.prefix)
    return length >= (entry.ge ?? prefixLength(entry.prefix)) && length <= (entry.le ?? 32)
  })
}

/** The entry of an access list that decides; undefined when none fits. */
export function findAccessEntry(list: readonly AccessListEntry[], prefix: Prefix): AccessListEntry | undefined {
  const address = prefixAddress(prefix)
  return list.find(entry => {
    if ((address & ~entry.wildcard) !== (entry.address | 0)) return false
    if (entry.minimumLength !== undefined && prefixLength(prefix) < entry.minimumLength) return false
    return entry.exactLength === undefined || entry.exactLength === prefixLength(prefix)
  })
}

function adjust(current: number, value: number, sign: '+' | '-' | undefined): number {
  if (sign === '+') return Math.min(0xffffffff, current + value)
  if (sign === '-') return Math.max(0, current - value)
  return value
}

function setNextHop(
  value: Ipv4Address | 'peer-address' | 'unchanged',
  draft: RouteDraft,
  context: PolicyContext,
): void {
  if (value === 'unchanged') draft.nextHopChange = 'unchanged'
  else if (value !== 'peer-address') {
    draft.nextHop = value
    draft.nextHopChange = 'address'
  } else if (context.direction === 'in' && context.peerAddress !== undefined) draft.nextHop = context.peerAddress
  else if (context.direction === 'out') {
    draft.nextHop = 0 as Ipv4Address
    draft.nextHopChange = 'peer-address'
  }
}

function setAsPath(
  set: Extract<RouteMapSet, { kind: `as-path-${string}` }>,
  draft: RouteDraft,
  context: PolicyContext,
): void {
  switch (set.kind) {
    case 'as-path-prepend':
      draft.asPath = prependByPolicy(draft.asPath, set.asns)
      break
    case 'as-path-exclude':
      draft.asPath = excludeAsns(draft.asPath, set.asns)
      break
    case 'as-path-prepend-last': {
      const asn = leadingAsn(draft.asPath)
      if (asn !== undefined) draft.asPath = prependAsns(draft.asPath, new Array<number>(set.count).fill(asn))
      break
    }
    case 'as-path-replace': {
      const { ownAsn } = context
      if (ownAsn !== undefined)
        draft.asPath = mapAsns(draft.asPath, asn => (set.asn === undefined || asn === set.asn ? ownAsn : asn))
    }
  }
}
