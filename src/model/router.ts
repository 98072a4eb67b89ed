import type { AddressWithLength, Ipv4Address, Prefix } from '../wire/address.ts'
import type { BfdModel } from './bfd.ts'
import type { BgpModel } from './bgp.ts'
import type { FrrVersion } from './frr-version.ts'
import type { PolicyModel } from './policy.ts'
import type { SourceRef } from './source.ts'

/** Everything a router's configuration says, whichever dialect it was written in. */
export interface RouterModel {
  readonly dialect: 'frr' | 'vyos'
  readonly version: FrrVersion
  /** Whether the version was told by an image tag or a footer, or assumed. */
  readonly isVersionKnown: boolean
  readonly defaults: 'traditional' | 'datacenter'
  readonly hostName?: string
  readonly interfaces: readonly RouterInterfaceModel[]
  readonly staticRoutes: readonly StaticRouteModel[]
  readonly zebra: ZebraModel
  readonly bgp?: BgpModel
  /** The `bfd` block; undefined when there is none. */
  readonly bfd?: BfdModel
  readonly policy: PolicyModel
  /** sysctls that the configuration implies: `net.ipv4.ip_forward` → `1`. */
  readonly sysctls: ReadonlyMap<string, string>
  /** `nat source rule N`: masquerade and the like, in rule order. */
  readonly sourceNat: readonly SourceNatModel[]
  /**
   * Normalised configuration lines for `show running-config`, in FRR's order: `frr version …`, `frr defaults …`, then all that
   * follows the host name's line, up to `end`. `formatRunningConfig` of config/frr prints the whole answer. Written when they
   * are asked for: of most routers nobody does.
   */
  readonly runningConfig: () => readonly string[]
}

/** An interface as the routing suite configures it. */
export interface RouterInterfaceModel {
  readonly name: string
  readonly addresses: readonly AddressWithLength[]
  readonly shutdown: boolean
  readonly description?: string
  readonly mtuBytes?: number
  readonly mac?: number
  /** VyOS bridge or dummy interfaces are made; the others must exist. */
  readonly create?: 'dummy' | 'bridge' | 'vlan'
  readonly members?: readonly string[]
  readonly source: SourceRef
}

/** A static route. */
export interface StaticRouteModel {
  readonly prefix: Prefix
  readonly gateway?: Ipv4Address
  readonly interface?: string
  readonly type: 'unicast' | 'blackhole' | 'unreachable'
  readonly distance: number
  readonly tag?: number
  readonly onlink: boolean
  readonly source: SourceRef
}

/** Settings of zebra. */
export interface ZebraModel {
  readonly resolveViaDefault: boolean
  /** `zebra nexthop-group keep`, seconds. */
  readonly nextHopGroupKeepSeconds: number
  readonly routerId?: Ipv4Address
  /** `ip protocol bgp route-map NAME`, by protocol. */
  readonly protocolRouteMaps: ReadonlyMap<string, string>
}

export interface SourceNatModel {
  readonly rule: number
  readonly outboundInterface?: string
  readonly source?: Prefix
  readonly destination?: Prefix
  readonly translation: Ipv4Address | 'masquerade'
  readonly exclude: boolean
}
