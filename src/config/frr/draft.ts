import type { BfdSettings } from '../../model/bfd.ts'
import type {
  AccessListEntry,
  AsPathListEntry,
  CommunityList,
  PolicyAction,
  PrefixListEntry,
  RouteMapEntry,
  RouteMapMatch,
  RouteMapSet,
} from '../../model/policy.ts'
import type { StaticRouteModel } from '../../model/router.ts'
import type { SourceRef } from '../../model/source.ts'
import type { AddressWithLength, Ipv4Address } from '../../wire/address.ts'
import type { BgpDraft } from './bgp-draft.ts'

/** Everything a frr.conf has said so far. */
export interface RouterDraft {
  hostName?: string | undefined
  /** The release named by a `frr version` line; it selects that release's defaults. */
  writtenVersion?: number | undefined
  defaults: 'traditional' | 'datacenter'
  /** `log …`, `service …` and the like in running-config form, keyed by what a later line replaces. */
  readonly globalLines: Map<string, string>
  readonly interfaces: Map<string, InterfaceDraft>
  readonly staticRoutes: StaticRouteDraft[]
  isForwarding?: boolean | undefined
  isIpv6Forwarding?: boolean | undefined
  resolveViaDefault?: boolean | undefined
  nextHopGroupKeepSeconds?: number | undefined
  routerId?: Ipv4Address | undefined
  readonly protocolRouteMaps: Map<string, string>
  bgp?: BgpDraft | undefined
  bfd?: BfdDraft | undefined
  readonly prefixLists: Map<string, ListDraft<PrefixListEntry>>
  readonly accessLists: Map<string, ListDraft<AccessListEntry & { readonly text: string }>>
  readonly asPathLists: Map<string, ListDraft<AsPathListEntry>>
  readonly communityLists: Map<string, CommunityListDraft>
  readonly largeCommunityLists: Map<string, CommunityListDraft>
  readonly routeMaps: Map<string, RouteMapEntryDraft[]>
  /** Lines of `line vty`. */
  readonly vtyLines: string[]
}

/** The `bfd` block; settings are replaced as lines come. */
export interface BfdDraft {
  readonly profiles: Map<string, BfdSettings>
  /** By address as written. */
  readonly peers: Map<Ipv4Address, BfdSettings>
}

/** An `interface` block while its lines are read. */
export interface InterfaceDraft {
  readonly name: string
  readonly addresses: AddressWithLength[]
  shutdown: boolean
  description?: string | undefined
  readonly source: SourceRef
}

/** A static route with its line. */
export interface StaticRouteDraft extends StaticRouteModel {
  /** The line as `show running-config` prints it. */
  readonly text: string
}

/** A named list while its lines are read. */
export interface ListDraft<Entry> {
  description?: string | undefined
  entries: Entry[]
}

/** A community list while its lines are read. */
export interface CommunityListDraft {
  kind: CommunityList['kind']
  entries: CommunityList['entries'][number][]
}

/** An entry of a route-map while its lines are read. */
export interface RouteMapEntryDraft {
  readonly sequence: number
  action: PolicyAction
  matches: RouteMapMatch[]
  sets: RouteMapSet[]
  call?: string | undefined
  onMatch?: RouteMapEntry['onMatch'] | undefined
  description?: string | undefined
  /** Match and set lines as running-config prints them, in the order entered, keyed by the clause's first words. */
  readonly lines: Map<string, string>
  readonly source: SourceRef
}

/** A router of which nothing was said yet. */
export function createRouterDraft(): RouterDraft {
  return {
    defaults: 'traditional',
    globalLines: new Map(),
    interfaces: new Map(),
    staticRoutes: [],
    protocolRouteMaps: new Map(),
    prefixLists: new Map(),
    accessLists: new Map(),
    asPathLists: new Map(),
    communityLists: new Map(),
    largeCommunityLists: new Map(),
    routeMaps: new Map(),
    vtyLines: [],
  }
}
