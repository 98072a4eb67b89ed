import { formatCommunity } from '../../../bgp/community-list.ts'
import type { PathRow, PeerName } from '../../../bgp/snapshot.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import type { OriginCode } from '../../../wire/bgp/attributes.ts'

/** One-letter and long names of ORIGIN. */
export const ORIGIN_LETTERS: Record<OriginCode, string> = { 0: 'i', 1: 'e', 2: '?' }
export const ORIGIN_NAMES: Record<OriginCode, string> = { 0: 'IGP', 1: 'EGP', 2: 'incomplete' }

/** A peer's address, or the interface of an unnumbered one. */
export function peerAddress(peer: PeerName): string {
  return peer.interface ?? formatIpv4(peer.address)
}

/** `leaf1(10.0.1.2)` where the profile shows host names, otherwise the address. */
export function peerText(peer: PeerName, showHostname: boolean): string {
  return showHostname && peer.hostName !== undefined ? `${peer.hostName}(${peerAddress(peer)})` : peerAddress(peer)
}

/** Next hop as printed: aggregates have the IPv6 wildcard. */
export function nextHopAddress(path: PathRow): string {
  return path.kind === 'aggregate' ? '::' : formatIpv4(path.attributes.nextHop)
}

/** `10.0.1.2(leaf1)` where the profile shows host names. */
export function nextHopText(path: PathRow, showHostname: boolean): string {
  const name = path.peer?.hostName
  return showHostname && name !== undefined ? `${nextHopAddress(path)}(${name})` : nextHopAddress(path)
}

/** Communities as text, ascending: `no-export 65001:100`. */
export function communityNames(communities: readonly number[]): readonly string[] {
  return communities.map(formatCommunity)
}
