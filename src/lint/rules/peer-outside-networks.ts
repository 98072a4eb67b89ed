import { formatAddressWithLength, formatIpv4 } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'
import { mayHaveRoute, strangePeers } from '../strange-peers.ts'

export const peerOutsideNetworks: LintRule = {
  id: 'bgp/peer-outside-networks',
  level: 'error',
  summary: "a peer's address is in none of the router's networks, and no route leads to it",
  explain:
    'bgpd connects only once zebra can resolve the address (next-hop tracking): on a connected network for a single-hop eBGP peer, by any route else. Mostly a mistyped address or prefix length.',
  *check(context) {
    for (const peer of strangePeers(context)) {
      if (mayHaveRoute(context, peer)) continue
      const networks = networksOf(peer)
      yield {
        message: `${peer.speaker.name} has a peer ${formatIpv4(peer.address)}, but no network with it (its own: ${networks}) and no route to it`,
        source: context.atPeer(peer),
        fix: 'correct the address or the prefix length at one of the ends, or add a route',
      }
    }
  },
}

function networksOf({ speaker }: PeerView): string {
  const own = speaker.host.interfaces
    .all()
    .filter(device => !device.isLoopback)
    .flatMap(device => device.addresses.map(({ address, length }) => formatAddressWithLength({ address, length })))
  return own.length === 0 ? 'none' : own.slice(0, 6).join(', ')
}
