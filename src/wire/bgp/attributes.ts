import type { Ipv4Address } from '../address.ts'

/** ORIGIN, RFC 4271 §5.1.1: 0 IGP, 1 EGP, 2 INCOMPLETE. */
export type OriginCode = 0 | 1 | 2

/** One AS_PATH segment, RFC 4271 §4.3 and RFC 5065 §3. */
export interface AsPathSegment {
  readonly type: 'sequence' | 'set' | 'confed-sequence' | 'confed-set'
  readonly asns: readonly number[]
}

/**
 * The path attributes of RFC 4271, 1997, 4456, 6793 and 8092 for IPv4 unicast, but for NEXT_HOP: what many peers are told differs
 * in that one alone, so it stands beside them. Values are immutable and may be shared.
 */
export interface SharedAttributes {
  readonly origin: OriginCode
  readonly asPath: readonly AsPathSegment[]
  readonly med?: number | undefined
  readonly localPreference?: number | undefined
  readonly atomicAggregate: boolean
  readonly aggregator?: { readonly asn: number; readonly address: Ipv4Address } | undefined
  /** 32-bit values, ascending, without repetition. */
  readonly communities: readonly number[]
  /** `a:b:c`, ascending by number. */
  readonly largeCommunities: readonly string[]
  readonly originatorId?: Ipv4Address | undefined
  readonly clusterList: readonly Ipv4Address[]
  /** Optional transitive attributes that are only passed on. */
  readonly unknown: readonly { readonly type: number; readonly flags: number; readonly value: readonly number[] }[]
}

/** All attributes of a route. */
export interface PathAttributes extends SharedAttributes {
  readonly nextHop: Ipv4Address
}

/** Well-known communities, RFC 1997 and 3765 (IANA registry). */
export const COMMUNITY = {
  noExport: 0xffffff01,
  noAdvertise: 0xffffff02,
  noExportSubconfed: 0xffffff03,
  noPeer: 0xffffff04,
  gracefulShutdown: 0xffff0000,
  acceptOwn: 0xffff0001,
  llgrStale: 0xffff0006,
  noLlgr: 0xffff0007,
  blackhole: 0xffff029a,
} as const

/** Names that GoBGP and Cilium take for communities (GoBGP pkg/packet/bgp/bgp.go `WellKnownCommunityValueMap`). */
export const GOBGP_COMMUNITY_NAMES: ReadonlyMap<string, number> = new Map([
  ['internet', 0],
  ['planned-shut', COMMUNITY.gracefulShutdown],
  ['accept-own', COMMUNITY.acceptOwn],
  ['llgr-stale', COMMUNITY.llgrStale],
  ['no-llgr', COMMUNITY.noLlgr],
  ['blackhole', COMMUNITY.blackhole],
  ['no-export', COMMUNITY.noExport],
  ['no-advertise', COMMUNITY.noAdvertise],
  ['no-export-subconfed', COMMUNITY.noExportSubconfed],
  ['no-peer', COMMUNITY.noPeer],
])

/** A community written as two halves, `65000:100`, as 32 bits; undefined for anything else. */
export function parseCommunityPair(text: string): number | undefined {
  const halves = /^(\d+):(\d+)$/.exec(text)
  if (halves === null) return undefined
  const [high, low] = [Number(halves[1]), Number(halves[2])]
  return high > 0xffff || low > 0xffff ? undefined : high * 0x10000 + low
}
