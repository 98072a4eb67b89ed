/*
 * Route-maps and lists as FRR applies them (lib/routemap.c, lib/plist.c, lib/filter.c, bgpd/bgp_routemap.c).
 * A list named on a neighbour that does not exist denies; named in `match` it does not match; an undefined route-map denies;
 * an undefined `call` is skipped. Not modelled: match and set clauses that PolicyModel has no word for.
 */
import type {
  AccessListEntry,
  CommunityList,
  PolicyModel,
  PrefixListEntry,
  RouteMapEntry,
  RouteMapMatch,
  RouteMapSet,
} from '../model/policy.ts'
import { type Ipv4Address, type Prefix, prefixAddress, prefixCovers, prefixLength, prefixOf } from '../wire/address.ts'
import { excludeAsns, firstAsn, prependAsns } from './as-path.ts'
import { asPathText, type RouteDraft } from './attributes.ts'

/** What a route-map sees besides the route itself. */
export interface PolicyContext {
  readonly direction: 'in' | 'out' | 'local'
  /** The session's other end; undefined for own routes. */
  readonly peerAddress?: Ipv4Address | undefined
  /** Interface of the next hop, where known. */
  readonly interface?: string | undefined
  /** `bgp`, or the protocol a route was redistributed from. */
  readonly sourceProtocol?: string | undefined
}

const CALL_DEPTH_MAX = 10

/** Applies the named policies of a router; the result of regular expressions is kept per AS path text. */
export class PolicyEngine {
  readonly model: PolicyModel
  readonly #regexes = new Map<string, RegExp | undefined>()

  constructor(model: PolicyModel) {
    this.model = model
  }

  /** Changes the draft as the route-map says. False: denied. An undefined route-map denies. */
  applyRouteMap(name: string, prefix: Prefix, draft: RouteDraft, context: PolicyContext, depth = 0): boolean {
    const entries = this.model.routeMaps.get(name)
    if (entries === undefined) return false
    let permitted = false
    let from = Number.NEGATIVE_INFINITY
    for (const entry of entries) {
      if (entry.sequence < from) continue
      if (!entry.matches.every(match => this.#isMatch(match, prefix, draft, context))) continue
      if (entry.action === 'deny') return false
      permitted = true
      for (const set of entry.sets) this.#applySet(set, draft, context)
      if (!this.#applyCall(entry, prefix, draft, context, depth)) return false
      if (entry.onMatch === undefined) return true
      if (entry.onMatch.kind === 'goto') {
        from = entry.onMatch.sequence
        if (!entries.some(other => other.sequence >= from)) return true
      }
    }
    return permitted
  }

  /** Prefix list on a neighbour: undefined denies, empty permits. */
  permitsPrefix(name: string, prefix: Prefix): boolean {
    const list = this.model.prefixLists.get(name)
    if (list === undefined) return false
    return list.length === 0 || isPermittedBy(list, prefix)
  }

  permitsAccess(name: string, prefix: Prefix): boolean {
    const list = this.model.accessLists.get(name)
    return list !== undefined && isPermittedByAccess(list, prefix)
  }

  permitsAsPath(name: string, draft: { readonly asPath: RouteDraft['asPath'] }): boolean {
    const list = this.model.asPathLists.get(name)
    if (list === undefined) return false
    const text = asPathText(draft.asPath)
    for (const entry of list) {
      if (this.#regex(entry.regex)?.test(text)) return entry.action === 'permit'
    }
    return false
  }

  #applyCall(entry: RouteMapEntry, prefix: Prefix, draft: RouteDraft, context: PolicyContext, depth: number): boolean {
    const { call } = entry
    if (call === undefined || !this.model.routeMaps.has(call) || depth >= CALL_DEPTH_MAX) return true
    return this.applyRouteMap(call, prefix, draft, context, depth + 1)
  }

  #isMatch(match: RouteMapMatch, prefix: Prefix, draft: RouteDraft, context: PolicyContext): boolean {
    switch (match.kind) {
      case 'prefix-list':
        return this.permitsPrefix(match.name, prefix)
      case 'access-list':
        return this.permitsAccess(match.name, prefix)
      case 'prefix-length':
        return prefixLength(prefix) === match.length
      case 'next-hop-prefix-list':
        return this.permitsPrefix(match.name, prefixOf(draft.nextHop, 32))
      case 'next-hop-access-list':
        return this.permitsAccess(match.name, prefixOf(draft.nextHop, 32))
      case 'next-hop-address':
        return draft.nextHop === match.address
      case 'route-source-prefix-list':
        return context.peerAddress !== undefined && this.permitsPrefix(match.name, prefixOf(context.peerAddress, 32))
      case 'as-path':
        return this.permitsAsPath(match.name, draft)
      case 'community':
        return this.#isCommunityMatch(
          this.model.communityLists.get(match.name),
          draft.communities.map(formatCommunity),
          match.exact,
        )
      case 'large-community':
        return this.#isCommunityMatch(
          this.model.largeCommunityLists.get(match.name),
          draft.largeCommunities,
          match.exact,
        )
      case 'metric':
        return (draft.med ?? 0) === match.value
      case 'local-preference':
        return (draft.localPreference ?? 0) === match.value
      case 'origin':
        return draft.origin === ORIGIN_CODE[match.value]
      case 'peer':
        return match.address === 'local' ? context.direction === 'local' : context.peerAddress === match.address
      case 'interface':
        return context.interface === match.name
      case 'tag':
        return (draft.tag ?? 0) === match.value
      case 'source-protocol':
        return (context.sourceProtocol ?? 'bgp') === match.protocol
    }
  }

  /** standard: all values of one entry are there (or exactly those); expanded: the text fits. First hit decides. */
  #isCommunityMatch(list: CommunityList | undefined, present: readonly string[], exact: boolean): boolean {
    if (list === undefined) return false
    for (const entry of list.entries) {
      if (this.#isCommunityEntryMatch(list.kind, entry.values, present, exact)) return entry.action === 'permit'
    }
    return false
  }

  #isCommunityEntryMatch(
    kind: CommunityList['kind'],
    values: readonly string[],
    present: readonly string[],
    exact: boolean,
  ): boolean {
    if (kind === 'expanded') return values.some(value => this.#regex(value)?.test(present.join(' ')) === true)
    if (values.includes('internet')) return true
    const wanted = values.map(normaliseCommunity)
    if (exact && wanted.length !== present.length) return false
    return wanted.every(value => present.includes(value))
  }

  #applySet(set: RouteMapSet, draft: RouteDraft, context: PolicyContext): void {
    switch (set.kind) {
      case 'local-preference':
        draft.localPreference = adjust(draft.localPreference ?? 0, set.value, set.sign)
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
      case 'source-address':
        break // zebra's business: `ip protocol bgp route-map`
      case 'next-hop':
        setNextHop(set.value, draft, context)
        break
      case 'as-path-prepend':
      case 'as-path-prepend-last':
      case 'as-path-exclude':
        setAsPath(set, draft)
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
          each => !this.#isCommunityMatch(this.model.communityLists.get(set.list), [formatCommunity(each)], false),
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
          each => !this.#isCommunityMatch(this.model.largeCommunityLists.get(set.list), [each], false),
        )
        break
    }
  }

  /** FRR's `_` stands for a delimiter. A pattern that JavaScript does not take matches nothing. */
  #regex(pattern: string): RegExp | undefined {
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

const ORIGIN_CODE = { igp: 0, egp: 1, incomplete: 2 } as const

function isPermittedBy(list: readonly PrefixListEntry[], prefix: Prefix): boolean {
  const length = prefixLength(prefix)
  for (const entry of list) {
    if (!prefixCovers(entry.prefix, prefix)) continue
    const isLengthFitting =
      entry.ge === undefined && entry.le === undefined
        ? length === prefixLength(entry.prefix)
        : length >= (entry.ge ?? prefixLength(entry.prefix)) && length <= (entry.le ?? 32)
    if (isLengthFitting) return entry.action === 'permit'
  }
  return false
}

function isPermittedByAccess(list: readonly AccessListEntry[], prefix: Prefix): boolean {
  const address = prefixAddress(prefix)
  for (const entry of list) {
    if (((address ^ entry.address) & ~entry.wildcard) !== 0) continue
    if (entry.exactLength !== undefined && entry.exactLength !== prefixLength(prefix)) continue
    return entry.action === 'permit'
  }
  return false
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

function setAsPath(set: Extract<RouteMapSet, { kind: `as-path-${string}` }>, draft: RouteDraft): void {
  if (set.kind === 'as-path-prepend') draft.asPath = prependAsns(draft.asPath, set.asns)
  else if (set.kind === 'as-path-exclude') draft.asPath = excludeAsns(draft.asPath, set.asns)
  else {
    const asn = firstAsn(draft.asPath)
    if (asn !== undefined) draft.asPath = prependAsns(draft.asPath, new Array<number>(set.count).fill(asn))
  }
}

const WELL_KNOWN: ReadonlyMap<number, string> = new Map([
  [0xffffff01, 'no-export'],
  [0xffffff02, 'no-advertise'],
  [0xffffff03, 'local-AS'],
  [0xffffff04, 'no-peer'],
  [0xffff0000, 'graceful-shutdown'],
  [0xffff0001, 'accept-own'],
  [0xffff0006, 'llgr-stale'],
  [0xffff0007, 'no-llgr'],
  [0xffff029a, 'blackhole'],
])

/** `65001:100`, or the well-known name, as FRR prints it. */
export function formatCommunity(community: number): string {
  return WELL_KNOWN.get(community) ?? `${community >>> 16}:${community & 0xffff}`
}

function normaliseCommunity(text: string): string {
  const match = /^(\d+):(\d+)$/.exec(text)
  if (match !== null) return formatCommunity(((Number(match[1]) << 16) | Number(match[2])) >>> 0)
  return text === 'local-as' ? 'local-AS' : /^\d+$/.test(text) ? formatCommunity(Number(text)) : text
}

function compareLargeCommunities(a: string, b: string): number {
  const left = a.split(':').map(Number)
  const right = b.split(':').map(Number)
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
