import type { AccessListEntry, PolicyModel, PrefixListEntry, RouteMapEntry, RouteMapMatch } from '../model/policy.ts'
import { type Ipv4Address, type Prefix, prefixAddress, prefixCovers, prefixLength, prefixOf } from '../wire/address.ts'

/** What a route-map of zebra's can ask about. */
export interface RouteMapSubject {
  readonly prefix: Prefix
  readonly protocol: string
  readonly gateway: Ipv4Address
  readonly interface: string | undefined
  readonly metric: number
  readonly tag: number
}

/**
 * `ip protocol P route-map NAME`: undefined denies, otherwise what the map sets. A map that does not exist
 * denies (`zebra_route_map_check`, zebra/zebra_routemap.c).
 *
 * Differs from FRR: `call`, `on-match next` and `on-match goto` are not followed here.
 */
export function applyProtocolRouteMap(
  policy: PolicyModel,
  name: string,
  subject: RouteMapSubject,
): { readonly source?: Ipv4Address } | undefined {
  const entries = policy.routeMaps.get(name)
  const entry = entries?.find(candidate => candidate.matches.every(match => isMatch(policy, match, subject)))
  if (entry === undefined || entry.action === 'deny') return undefined
  const source = sourceOf(entry)
  return source === undefined ? {} : { source }
}

function sourceOf(entry: RouteMapEntry): Ipv4Address | undefined {
  let source: Ipv4Address | undefined
  for (const set of entry.sets) if (set.kind === 'source-address') source = set.address
  return source
}

function isMatch(policy: PolicyModel, match: RouteMapMatch, subject: RouteMapSubject): boolean {
  const gateway = prefixOf(subject.gateway, 32)
  switch (match.kind) {
    case 'prefix-list':
      return prefixListPermits(policy.prefixLists.get(match.name), subject.prefix)
    case 'access-list':
      return accessListPermits(policy.accessLists.get(match.name), subject.prefix)
    case 'prefix-length':
      return prefixLength(subject.prefix) === match.length
    case 'next-hop-prefix-list':
      return prefixListPermits(policy.prefixLists.get(match.name), gateway)
    case 'next-hop-access-list':
      return accessListPermits(policy.accessLists.get(match.name), gateway)
    case 'next-hop-address':
      return subject.gateway === match.address
    case 'interface':
      return subject.interface === match.name
    case 'metric':
      return subject.metric === match.value
    case 'tag':
      return subject.tag === match.value
    case 'source-protocol':
      return subject.protocol === match.protocol
    default:
      return true // bgpd's clauses: zebra's copy of the entry is without them
  }
}

function prefixListPermits(entries: readonly PrefixListEntry[] | undefined, prefix: Prefix): boolean {
  const length = prefixLength(prefix)
  const entry = entries?.find(({ prefix: outer, ge, le }) => {
    if (!prefixCovers(outer, prefix)) return false
    if (ge === undefined && le === undefined) return length === prefixLength(outer)
    return length >= (ge ?? prefixLength(outer)) && length <= (le ?? 32)
  })
  return entry?.action === 'permit'
}

function accessListPermits(entries: readonly AccessListEntry[] | undefined, prefix: Prefix): boolean {
  const address = prefixAddress(prefix)
  const entry = entries?.find(({ address: wanted, wildcard, exactLength, minimumLength }) => {
    if (exactLength !== undefined && exactLength !== prefixLength(prefix)) return false
    if (minimumLength !== undefined && prefixLength(prefix) < minimumLength) return false
    return (address & ~wildcard) === (wanted | 0)
  })
  return entry?.action === 'permit'
}
