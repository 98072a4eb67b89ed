import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { SourceRef } from './source.ts'

/** What an entry does with what it matches. */
export type PolicyAction = 'permit' | 'deny'

/** The named lists and route-maps of one router. Lookups of a name that is absent are the speaker's to judge. */
export interface PolicyModel {
  readonly prefixLists: ReadonlyMap<string, readonly PrefixListEntry[]>
  readonly accessLists: ReadonlyMap<string, readonly AccessListEntry[]>
  readonly asPathLists: ReadonlyMap<string, readonly AsPathListEntry[]>
  readonly communityLists: ReadonlyMap<string, CommunityList>
  readonly largeCommunityLists: ReadonlyMap<string, CommunityList>
  readonly routeMaps: ReadonlyMap<string, readonly RouteMapEntry[]>
}

/** Entries of every list are sorted by sequence. */
export interface PrefixListEntry {
  readonly sequence: number
  readonly action: PolicyAction
  /** `any` is 0.0.0.0/0 with le 32. */
  readonly prefix: Prefix
  readonly ge?: number
  readonly le?: number
}

/** A line of an `access-list`. */
export interface AccessListEntry {
  readonly sequence: number
  readonly action: PolicyAction
  /** As typed: bits that the wildcard covers are not cleared, and then nothing fits (lib/filter.c filter_match_cisco). */
  readonly address: Ipv4Address
  /** Bits that do not matter, as in a Cisco wildcard mask: 0.0.0.255. */
  readonly wildcard: Ipv4Address
  /** The route's length must be the prefix's too (zebra form with `exact-match`). */
  readonly exactLength?: number
  /** Shorter prefixes do not fit (zebra form without it). */
  readonly minimumLength?: number
}

/** A line of a `bgp as-path access-list`. */
export interface AsPathListEntry {
  readonly sequence: number
  readonly action: PolicyAction
  /** As written; `_` stands for a delimiter. */
  readonly regex: string
}

/** A list of communities or large communities; `expanded` ones hold regular expressions. */
export interface CommunityList {
  readonly kind: 'standard' | 'expanded'
  readonly entries: readonly {
    readonly sequence: number
    readonly action: PolicyAction
    /** standard: the communities that must all be there, as text; expanded: one regular expression. */
    readonly values: readonly string[]
  }[]
}

/** An entry of a route-map. */
export interface RouteMapEntry {
  readonly sequence: number
  readonly action: PolicyAction
  /** All must hold. */
  readonly matches: readonly RouteMapMatch[]
  /** In the order entered. */
  readonly sets: readonly RouteMapSet[]
  readonly call?: string
  readonly onMatch?: { readonly kind: 'next' } | { readonly kind: 'goto'; readonly sequence: number }
  readonly description?: string
  readonly source?: SourceRef
}

/** A `match` of a route-map entry. */
export type RouteMapMatch =
  | { readonly kind: 'prefix-list'; readonly name: string }
  | { readonly kind: 'access-list'; readonly name: string }
  | { readonly kind: 'prefix-length'; readonly length: number }
  | { readonly kind: 'next-hop-prefix-list'; readonly name: string }
  | { readonly kind: 'next-hop-access-list'; readonly name: string }
  | { readonly kind: 'next-hop-address'; readonly address: Ipv4Address }
  /** Neither an address nor an interface. */
  | { readonly kind: 'next-hop-blackhole' }
  | { readonly kind: 'route-source-prefix-list'; readonly name: string }
  | { readonly kind: 'route-source-access-list'; readonly name: string }
  | { readonly kind: 'as-path'; readonly name: string }
  | { readonly kind: 'community'; readonly name: string; readonly exact: boolean }
  | { readonly kind: 'large-community'; readonly name: string; readonly exact: boolean }
  | { readonly kind: 'metric'; readonly value: number }
  | { readonly kind: 'local-preference'; readonly value: number }
  | { readonly kind: 'origin'; readonly value: BgpOrigin }
  | { readonly kind: 'peer'; readonly address: Ipv4Address | 'local' }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'tag'; readonly value: number }
  | { readonly kind: 'source-protocol'; readonly protocol: string }

/** ORIGIN codes of RFC 4271 §5.1.1. */
export type BgpOrigin = 'igp' | 'egp' | 'incomplete'

/** A `set` of a route-map entry. */
export type RouteMapSet =
  | { readonly kind: 'local-preference'; readonly value: number; readonly sign?: '+' | '-' }
  | { readonly kind: 'metric'; readonly value: number; readonly sign?: '+' | '-' }
  | { readonly kind: 'weight'; readonly value: number }
  | { readonly kind: 'origin'; readonly value: BgpOrigin }
  | { readonly kind: 'as-path-prepend'; readonly asns: readonly number[] }
  | { readonly kind: 'as-path-prepend-last'; readonly count: number }
  | { readonly kind: 'as-path-exclude'; readonly asns: readonly number[] }
  /** Own AS in the place of this one; of all without. */
  | { readonly kind: 'as-path-replace'; readonly asn?: number }
  | { readonly kind: 'community'; readonly communities: readonly number[]; readonly additive: boolean }
  | { readonly kind: 'community-none' }
  | { readonly kind: 'community-delete'; readonly list: string }
  | { readonly kind: 'large-community'; readonly communities: readonly string[]; readonly additive: boolean }
  | { readonly kind: 'large-community-none' }
  | { readonly kind: 'large-community-delete'; readonly list: string }
  | { readonly kind: 'next-hop'; readonly value: Ipv4Address | 'peer-address' | 'unchanged' }
  | { readonly kind: 'tag'; readonly value: number }
  | { readonly kind: 'atomic-aggregate' }
  | { readonly kind: 'originator-id'; readonly address: Ipv4Address }
  | { readonly kind: 'aggregator'; readonly asn: number; readonly address: Ipv4Address }
  | { readonly kind: 'distance'; readonly value: number }
  /** For zebra's `ip protocol bgp route-map`: preferred source of the installed route. */
  | { readonly kind: 'source-address'; readonly address: Ipv4Address }

/** No lists and no route-maps. */
export const EMPTY_POLICY: PolicyModel = {
  prefixLists: new Map(),
  accessLists: new Map(),
  asPathLists: new Map(),
  communityLists: new Map(),
  largeCommunityLists: new Map(),
  routeMaps: new Map(),
}
