import type { CommunityList } from '../model/policy.ts'

/** The regular expression of an expanded entry, undefined where it cannot be used. */
export type RegexOf = (pattern: string) => RegExp | undefined

/**
 * `match community` and `match large-community`, standard: all values of one entry are there (or exactly those); expanded:
 * the text fits, `exact-match` or not. The first entry that fits decides (bgpd/bgp_clist.c community_list_match,
 * community_list_exact_match).
 */
export function isCommunityMatch(
  list: CommunityList | undefined,
  present: readonly string[],
  exact: boolean,
  regexOf: RegexOf,
): boolean {
  for (const entry of list?.entries ?? []) {
    const isFitting =
      list?.kind === 'expanded'
        ? entry.values.some(value => regexOf(value)?.test(present.join(' ')) === true)
        : isStandardMatch(entry.values, present, exact)
    if (isFitting) return entry.action === 'permit'
  }
  return false
}

function isStandardMatch(values: readonly string[], present: readonly string[], exact: boolean): boolean {
  if (values.includes('internet')) return true
  const wanted = new Set(values.map(normaliseCommunity))
  if (exact && wanted.size !== present.length) return false
  return [...wanted].every(value => present.includes(value))
}

/**
 * `set comm-list … delete` for one community: judged alone, and a standard entry of several values fits each of them
 * (bgpd/bgp_clist.c community_list_match_delete).
 */
export function isDeletedBy(list: CommunityList | undefined, community: string, regexOf: RegexOf): boolean {
  for (const entry of list?.entries ?? []) {
    const isFitting =
      list?.kind === 'expanded'
        ? entry.values.some(value => regexOf(value)?.test(community) === true)
        : entry.values.some(value => value === 'internet' || normaliseCommunity(value) === community)
    if (isFitting) return entry.action === 'permit'
  }
  return false
}

/** Values with a name (bgpd/bgp_community.c set_community_string). */
const WELL_KNOWN: ReadonlyMap<number, string> = new Map([
  [0, 'internet'],
  [0xffffff01, 'no-export'],
  [0xffffff02, 'no-advertise'],
  [0xffffff03, 'local-AS'],
  [0xffffff04, 'no-peer'],
  [0xffff0000, 'graceful-shutdown'],
  [0xffff0001, 'accept-own'],
  [0xffff0002, 'route-filter-translated-v4'],
  [0xffff0003, 'route-filter-v4'],
  [0xffff0004, 'route-filter-translated-v6'],
  [0xffff0005, 'route-filter-v6'],
  [0xffff0006, 'llgr-stale'],
  [0xffff0007, 'no-llgr'],
  [0xffff0008, 'accept-own-nexthop'],
  [0xffff029a, 'blackhole'],
])

/** `65001:100`, or the well-known name, as FRR prints it. */
export function formatCommunity(community: number): string {
  return WELL_KNOWN.get(community) ?? `${community >>> 16}:${community & 0xffff}`
}

/** A configured value in the spelling of `formatCommunity`; large communities stay as they are. */
function normaliseCommunity(text: string): string {
  const match = /^(\d+):(\d+)$/.exec(text)
  if (match !== null) return formatCommunity(((Number(match[1]) << 16) | Number(match[2])) >>> 0)
  return text === 'local-as' ? 'local-AS' : /^\d+$/.test(text) ? formatCommunity(Number(text)) : text
}

/** Large communities sort by their three numbers. */
export function compareLargeCommunities(a: string, b: string): number {
  const left = a.split(':').map(Number)
  const right = b.split(':').map(Number)
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
