import type { Mutable } from '../../../model/mutable.ts'
import { type Prefix, parseIpv4, parsePrefix } from '../../../wire/address.ts'
import {
  GOBGP_COMMUNITY_NAMES,
  type OriginCode,
  type PathAttributes,
  parseCommunityPair,
} from '../../../wire/bgp/attributes.ts'

interface Route {
  readonly prefix: Prefix
  readonly attributes: Partial<PathAttributes>
}

type Draft = Partial<Mutable<PathAttributes>>

const ORIGINS: Readonly<Record<string, OriginCode>> = { igp: 0, egp: 1, incomplete: 2 }

/** Reads one value into the draft; returns what is wrong with it. */
const VALUES: Readonly<Record<string, (draft: Draft, value: string) => string | undefined>> = {
  origin: (draft, value) => {
    const origin = ORIGINS[value]
    if (origin === undefined) return `invalid origin type. expect [igp|egp|incomplete] but ${value}`
    draft.origin = origin
    return undefined
  },
  nexthop: (draft, value) => {
    const nextHop = parseIpv4(value)
    if (nextHop === undefined) return 'invalid nexthop address'
    draft.nextHop = nextHop
    return undefined
  },
  med: (draft, value) => readNumber(value, number => (draft.med = number)),
  'local-pref': (draft, value) => readNumber(value, number => (draft.localPreference = number)),
  aspath: (draft, value) => {
    const asns: number[] = []
    for (const word of value.split(',')) {
      const problem = readNumber(word, number => asns.push(number))
      if (problem !== undefined) return problem
    }
    draft.asPath = [{ type: 'sequence', asns }]
    return undefined
  },
  community: (draft, value) => {
    const communities = value.split(',').map(readCommunity)
    if (communities.some(community => community === undefined)) return `invalid community format: ${value}`
    draft.communities = [...new Set(communities as number[])].sort((a, b) => a - b)
    return undefined
  },
  'large-community': (draft, value) => {
    const communities = value.split(',')
    if (!communities.every(each => /^\d+:\d+:\d+$/.test(each))) return 'large community should be xxx:xxx:xxx'
    draft.largeCommunities = communities
    return undefined
  },
  aggregator: (draft, value) => {
    const [asn = '', text = ''] = value.split(':')
    const address = parseIpv4(text)
    if (!/^\d+$/.test(asn) || address === undefined) return 'invalid aggregator format'
    draft.aggregator = { asn: Number(asn), address }
    return undefined
  },
}

/** The words behind `gobgp global rib add`: a prefix, then pairs of attribute and value. Without `origin` it is incomplete. */
export function parseRoute(words: readonly string[]): Route | { readonly error: string } {
  const [network, ...pairs] = words
  if (network === undefined) return { error: 'invalid format' }
  const prefix = parsePrefix(network)
  if (prefix === undefined) return { error: `invalid CIDR address: ${network}` }
  const draft: Draft = { origin: 2 }
  for (let at = 0; at < pairs.length; at += 2) {
    const read = Object.hasOwn(VALUES, pairs[at]!) ? VALUES[pairs[at]!] : undefined
    const value = pairs[at + 1]
    if (read === undefined || value === undefined) return { error: `failed to parse [${pairs.slice(at).join(' ')}]` }
    const problem = read(draft, value)
    if (problem !== undefined) return { error: problem }
  }
  return { prefix, attributes: draft }
}

/** What gobgp prints below a mistake. */
export function addUsage(verb: 'add' | 'del'): string {
  const attributes = [
    'identifier <VALUE>',
    'origin { igp | egp | incomplete }',
    'aspath <ASPATH>',
    'nexthop <ADDRESS>',
    'med <NUM>',
    'local-pref <NUM>',
    'community <COMMUNITY>',
    'aigp metric <NUM>',
    'large-community <LARGE_COMMUNITY>',
    'aggregator <AGGREGATOR>',
  ]
  const names =
    'internet|planned-shut|accept-own|route-filter-translated-v4|route-filter-v4|route-filter-translated-v6|' +
    'route-filter-v6|llgr-stale|no-llgr|blackhole|no-export|no-advertise|no-export-subconfed|no-peer'
  return (
    `usage: global rib -a ipv4 ${verb} <PREFIX> ${attributes.map(each => `[${each}]`).join(' ')}\n` +
    `\t<ASPATH>: <AS>[,<AS>],\n\t<COMMUNITY>: xxx:xxx|${names},\n` +
    '\t<LARGE_COMMUNITY>: xxx:xxx:xxx[,<LARGE_COMMUNITY>],\n\t<AGGREGATOR>: <AS>:<ADDRESS>\n'
  )
}

function readNumber(value: string, take: (number: number) => void): string | undefined {
  if (!/^\d+$/.test(value)) return `strconv.ParseUint: parsing "${value}": invalid syntax`
  if (Number(value) > 0xffffffff) return `strconv.ParseUint: parsing "${value}": value out of range`
  take(Number(value))
  return undefined
}

function readCommunity(word: string): number | undefined {
  return GOBGP_COMMUNITY_NAMES.get(word) ?? parseCommunityPair(word)
}
