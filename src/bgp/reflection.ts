import type { BgpModel } from '../model/bgp.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { PathPeer } from './path.ts'

/** CLUSTER_ID, RFC 4456 §7: as configured, else the router id. */
export function clusterIdOf(model: BgpModel, routerId: Ipv4Address): Ipv4Address {
  return model.clusterId ?? routerId
}

/**
 * RFC 4456 §6 for a route from one iBGP peer to another: from a client to all (back to it too; it drops it by ORIGINATOR_ID),
 * from a non-client to clients only. `no bgp client-to-client reflection` stops client to client.
 */
export function mayReflect(from: PathPeer, to: PathPeer, model: BgpModel): boolean {
  if (!from.isReflectorClient) return to.isReflectorClient
  return model.clientToClientReflection || !to.isReflectorClient
}
