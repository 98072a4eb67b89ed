import { type AddressWithLength, parseAddressWithLength, parseIpv4, parsePrefix } from '../../wire/address.ts'

/** What a word of a statement was read as. */
export type StatementValue = string | number | AddressWithLength

/** Reads one word; undefined when it is not of the type. */
export type ValueReader = (word: string) => StatementValue | undefined

/** The types a statement's syntax may name; number types take a range. */
export const VALUE_TYPES: ReadonlyMap<string, (low: number, high: number) => ValueReader> = new Map<
  string,
  (low: number, high: number) => ValueReader
>([
  ['word', () => readWord],
  ['peer', () => readWord],
  ['number', (low, high) => word => readNumber(word, low, high)],
  ['asn', () => readAsn],
  ['ipv4', () => parseIpv4],
  ['prefix', () => word => (word.includes('/') ? parsePrefix(word) : undefined)],
  ['interface-address', () => word => (word.includes('/') ? parseAddressWithLength(word) : undefined)],
  ['ipv6', () => word => (/^[0-9a-f.]*:[0-9a-f:.]*(\/\d{1,3})?$/i.test(word) ? word : undefined)],
  ['signed', () => word => (/^[+-]\d{1,10}$/.test(word) ? word : undefined)],
  ['community', () => word => (isCommunity(word) ? word : undefined)],
  ['large-community', () => word => (/^\d{1,10}:\d{1,10}:\d{1,10}$/.test(word) ? word : undefined)],
])

/** Keywords FRR takes for a community (bgpd/bgp_community.c `community_gettoken`). */
const WELL_KNOWN_COMMUNITIES: ReadonlyMap<string, number> = new Map([
  ['internet', 0],
  ['local-AS', 0xffffff03],
  ['no-advertise', 0xffffff02],
  ['no-export', 0xffffff01],
  ['graceful-shutdown', 0xffff0000],
  ['accept-own', 0xffff0001],
  ['accept-own-nexthop', 0xffff0008],
  ['route-filter-translated-v4', 0xffff0002],
  ['route-filter-v4', 0xffff0003],
  ['route-filter-translated-v6', 0xffff0004],
  ['route-filter-v6', 0xffff0005],
  ['llgr-stale', 0xffff0006],
  ['no-llgr', 0xffff0007],
  ['blackhole', 0xffff029a],
  ['no-peer', 0xffffff04],
])

/** `65000:1`, a plain number or a keyword as the attribute's 32 bits; undefined for anything else. */
export function parseCommunity(word: string): number | undefined {
  const known = WELL_KNOWN_COMMUNITIES.get(word)
  if (known !== undefined) return known
  const pair = /^(\d{1,5}):(\d{1,5})$/.exec(word)
  if (pair !== null) {
    const [high, low] = [Number(pair[1]), Number(pair[2])]
    return high <= 65535 && low <= 65535 ? high * 65536 + low : undefined
  }
  return readNumber(word, 0, 0xffffffff)
}

function isCommunity(word: string): boolean {
  return parseCommunity(word) !== undefined
}

function readWord(word: string): string {
  return word
}

function readNumber(word: string, low: number, high: number): number | undefined {
  if (!/^\d{1,15}$/.test(word)) return undefined
  const value = Number(word)
  return value >= low && value <= high ? value : undefined
}

/**
 * A plain AS number, or `1.10` for 65546.
 * Differs from FRR: the dotted form is taken by every version, FRR knows it since 9.0.
 */
function readAsn(word: string): number | undefined {
  const dotted = /^(\d{1,5})\.(\d{1,5})$/.exec(word)
  if (dotted === null) return readNumber(word, 1, 0xffffffff)
  const [high, low] = [Number(dotted[1]), Number(dotted[2])]
  return high <= 65535 && low <= 65535 && high + low > 0 ? high * 65536 + low : undefined
}
