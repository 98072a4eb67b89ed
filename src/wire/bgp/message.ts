import type { Ipv4Address, Prefix } from '../address.ts'
import type { SharedAttributes } from './attributes.ts'

/** A BGP message, RFC 4271 §4. */
export type BgpMessage = BgpOpen | BgpUpdate | BgpNotification | BgpKeepalive | BgpRouteRefresh

interface BgpRecord {
  /** Tells it from other stream contents. */
  readonly protocol: 'bgp'
}

/** OPEN, RFC 4271 §4.2. */
export interface BgpOpen extends BgpRecord {
  readonly type: 'open'
  readonly version: 4
  /** As announced: the real AS, whether or not it fits the two-byte field (RFC 6793). */
  readonly asn: number
  readonly holdSeconds: number
  readonly routerId: Ipv4Address
  /** In the order sent, one optional parameter each. */
  readonly capabilities: readonly BgpCapability[]
}

/** Capabilities by name where the simulator acts on them, otherwise by code. RFC 5492 and IANA's registry. */
export type BgpCapability =
  | { readonly name: 'multiprotocol'; readonly afi: number; readonly safi: number }
  | { readonly name: 'route-refresh' }
  | { readonly name: 'route-refresh-old' }
  | { readonly name: 'enhanced-route-refresh' }
  | { readonly name: 'four-octet-asn'; readonly asn: number }
  | { readonly name: 'extended-message' }
  | {
      readonly name: 'add-path'
      readonly families: readonly { readonly afi: number; readonly safi: number; readonly mode: 1 | 2 | 3 }[]
    }
  | { readonly name: 'fqdn'; readonly hostName: string; readonly domainName: string }
  | {
      readonly name: 'graceful-restart'
      readonly restarting: boolean
      readonly notification: boolean
      readonly restartSeconds: number
      readonly families: readonly { readonly afi: number; readonly safi: number; readonly forwarding: boolean }[]
    }
  | {
      readonly name: 'long-lived-graceful-restart'
      readonly families: readonly {
        readonly afi: number
        readonly safi: number
        readonly flags: number
        readonly staleSeconds: number
      }[]
    }
  | {
      readonly name: 'extended-next-hop'
      readonly families: readonly { readonly afi: number; readonly safi: number; readonly nextHopAfi: number }[]
    }
  | { readonly name: 'dynamic' }
  | { readonly name: 'software-version'; readonly version: string }
  | {
      readonly name: 'paths-limit'
      readonly families: readonly { readonly afi: number; readonly safi: number; readonly limit: number }[]
    }
  | { readonly name: 'unknown'; readonly code: number; readonly value: readonly number[] }

/**
 * NEXT_HOP. `sender`: the address that the message is sent from, so that it is one object for all who are told the same; only
 * where nothing on the way rewrites that address.
 */
export type UpdateNextHop = Ipv4Address | 'sender'

/** UPDATE, RFC 4271 §4.3. */
export interface BgpUpdate extends BgpRecord {
  readonly type: 'update'
  readonly withdrawn: readonly Prefix[]
  /** Undefined when nothing is announced (withdrawals, End-of-RIB). */
  readonly attributes?: SharedAttributes | undefined
  /** NEXT_HOP, there when there are attributes. */
  readonly nextHop?: UpdateNextHop | undefined
  readonly announced: readonly Prefix[]
  /** Numbers of the announced prefixes, each once, in the table that all speakers of a simulation share; not on the wire. */
  readonly numbers?: readonly number[] | undefined
  /** AS numbers are written with four bytes (both sides have capability 65). */
  readonly fourOctetAsn: boolean
}

/** NOTIFICATION, RFC 4271 §4.5. */
interface BgpNotification extends BgpRecord {
  readonly type: 'notification'
  readonly code: number
  readonly subcode: number
  readonly data: readonly number[]
}

/** KEEPALIVE, RFC 4271 §4.4: a header only. */
interface BgpKeepalive extends BgpRecord {
  readonly type: 'keepalive'
}

/** ROUTE-REFRESH, RFC 2918. */
export interface BgpRouteRefresh extends BgpRecord {
  readonly type: 'route-refresh'
  readonly afi: number
  readonly safi: number
  /** 0 request, 1 begin of refresh, 2 end of refresh (RFC 7313). */
  readonly subtype: 0 | 1 | 2
}
