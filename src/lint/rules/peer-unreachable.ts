import { formatAddressWithLength, formatIpv4 } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { isOnOwnNetwork } from '../counterpart.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'
import { walk } from '../walk.ts'

export const peerOutsideNetworks: LintRule = {
  id: 'bgp/peer-outside-networks',
  level: 'error',
  summary: "a peer's address is in none of the router's networks, and no route leads to it",
  explain:
    'bgpd connects only once zebra can resolve the address (next-hop tracking): on a connected network for a single-hop eBGP peer, by any route else. Mostly a mistyped address or prefix length.',
  *check(context) {
    for (const peer of strangers(context)) {
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

export const ebgpMultihopMissing: LintRule = {
  id: 'bgp/ebgp-multihop-missing',
  level: 'error',
  summary: 'an eBGP peer is not on a connected network and ebgp-multihop is not set',
  explain:
    'eBGP sends with TTL 1, and FRR does not even connect unless the peer is on a connected network, because a session over routers is mostly a mistake. Sessions between loopbacks must ask for it.',
  *check(context) {
    for (const peer of strangers(context)) {
      if (!mayHaveRoute(context, peer)) continue
      const finding = singleHop(context, peer)
      if (finding !== undefined) yield finding
    }
  },
}

function singleHop(context: LintContext, peer: PeerView): LintFinding | undefined {
  const { session, speaker, address } = peer
  if (session === undefined || session.type !== 'ebgp' || session.ttl !== 1) return undefined
  const needsNetwork = session.needsConnected
  if (!needsNetwork && !passesRouters(context, peer)) return undefined
  const owner = context.wires.owners(address)[0]
  const whose = owner === undefined ? '' : `, an address of ${owner.node}'s ${owner.device.name},`
  const isCilium = speaker.kind === 'cilium'
  return {
    message: `${speaker.name}'s eBGP peer ${formatIpv4(address)}${whose} is not on a connected network, and packets to it leave with TTL 1`,
    source: context.atPeer(peer),
    fix: isCilium
      ? 'set eBGPMultihopTTL: 2 (or more) for the neighbor'
      : `add "neighbor ${formatIpv4(address)} ebgp-multihop 2" (or "disable-connected-check" for the loopback of a direct neighbour)`,
  }
}

/** Without FRR's check only the TTL counts: it ends at the first router on the way. */
function passesRouters({ wires }: LintContext, { speaker, address }: PeerView): boolean {
  const route = speaker.host.routeFor(address)
  if (!route.ok) return false
  const ends = walk(wires, { from: speaker.host, source: route.source, destination: address })
  return ends.length > 0 && ends.every(end => end.kind === 'arrived' && end.passed.length > 1)
}

/** Peers that are on no connected network, and not shut down. */
function strangers({ speakers }: LintContext): readonly PeerView[] {
  return speakers
    .filter(speaker => !speaker.hasForeignRoutes)
    .flatMap(({ peers }) => peers)
    .filter(peer => !peer.model.shutdown && !isOnOwnNetwork(peer))
}

function mayHaveRoute(context: LintContext, peer: PeerView): boolean {
  const route = peer.speaker.host.fib.lookup(peer.address)
  if (route?.type === 'unicast') return true
  // between loopbacks: the address is somebody's, and a route may be what the session is to bring
  return context.wires.owners(peer.address).some(({ device }) => device.isLoopback || device.kind === 'dummy')
}

function networksOf({ speaker }: PeerView): string {
  const own = speaker.host.interfaces
    .all()
    .filter(device => !device.isLoopback)
    .flatMap(device => device.addresses.map(({ address, length }) => formatAddressWithLength({ address, length })))
  return own.length === 0 ? 'none' : own.slice(0, 6).join(', ')
}
