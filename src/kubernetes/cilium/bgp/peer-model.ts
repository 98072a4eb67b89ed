/**
 * A neighbor of a peering policy as the speaker's configuration, defaults of the CRD filled in.
 * Source: pkg/k8s/apis/cilium.io/v2alpha1/bgpp_types.go (SetDefaults), pkg/bgpv1/gobgp/peer.go.
 */
import { type BgpModel, type BgpPeerModel, PLAIN_FAMILY } from '../../../model/bgp.ts'
import { GOBGP_INSTANCE, GOBGP_PEER, GOBGP_TIMERS } from '../../../model/gobgp-defaults.ts'
import type { SourceRef } from '../../../model/source.ts'
import { type Ipv4Address, parseAddressWithLength } from '../../../wire/address.ts'
import type { BgpNeighbor } from '../../api/cilium-resources.ts'

/** Names of the policy that sets a neighbor's attributes; empty names mean none. */
export interface PeerModelOptions {
  readonly routeMap: string | undefined
  /** Undefined: no secret is named, or it was not found. */
  readonly password: string | undefined
  /** `peering policy rack0`. */
  readonly source: SourceRef
}

/** The address of a neighbor: `peerAddress` is a CIDR of which only the address counts. Undefined when it is no IPv4. */
export function neighborAddress(neighbor: BgpNeighbor): Ipv4Address | undefined {
  return parseAddressWithLength(neighbor.peerAddress)?.address
}

/** The neighbor at this address as a peer of the speaker. */
export function peerModel(neighbor: BgpNeighbor, address: Ipv4Address, options: PeerModelOptions): BgpPeerModel {
  const hasIpv4 = neighbor.families === undefined || neighbor.families.some(isIpv4Unicast)
  return {
    ...GOBGP_PEER,
    address,
    remoteAs: neighbor.peerASN,
    shutdown: false,
    passive: false,
    ...(options.password === undefined ? {} : { password: options.password }),
    port: neighbor.peerPort ?? 179,
    ebgpMultihopTtl: neighbor.eBGPMultihopTTL ?? 1,
    timers: {
      keepaliveSeconds: neighbor.keepAliveTimeSeconds ?? GOBGP_TIMERS.keepaliveSeconds,
      holdSeconds: neighbor.holdTimeSeconds ?? GOBGP_TIMERS.holdSeconds,
      connectRetrySeconds: neighbor.connectRetryTimeSeconds ?? GOBGP_TIMERS.connectRetrySeconds,
    },
    capabilities: { dynamic: false, extendedNextHop: false, softwareVersion: true },
    ...(hasIpv4
      ? { ipv4Unicast: { ...PLAIN_FAMILY, out: options.routeMap === undefined ? {} : { routeMap: options.routeMap } } }
      : {}),
    source: options.source,
  }
}

/** The instance of a virtual router, without peers. */
export function instanceModel(
  localAsn: number,
  routerId: Ipv4Address,
  gracefulRestart: BgpNeighbor['gracefulRestart'],
  source: SourceRef,
): BgpModel {
  return {
    ...GOBGP_INSTANCE,
    asn: localAsn,
    routerId,
    gracefulRestart: {
      mode: gracefulRestart?.enabled === true ? 'restarting' : 'disabled',
      restartSeconds: gracefulRestart?.restartTimeSeconds ?? 120,
      stalePathSeconds: 360,
    },
    source,
  }
}

/** Whether a family is the one that is simulated. */
export function isIpv4Unicast(candidate: { readonly afi: string; readonly safi: string }): boolean {
  return candidate.afi === 'ipv4' && candidate.safi === 'unicast'
}
