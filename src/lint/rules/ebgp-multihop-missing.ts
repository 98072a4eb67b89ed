import { formatIpv4 } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'
import { mayHaveRoute, strangePeers } from '../strange-peers.ts'
import { walk } from '../walk.ts'

export const ebgpMultihopMissing: LintRule = {
  id: 'bgp/ebgp-multihop-missing',
  level: 'error',
  summary: 'an eBGP peer is not on a connected network and ebgp-multihop is not set',
  explain:
    'eBGP sends with TTL 1, and FRR does not even connect unless the peer is on a connected network, because a session over routers is mostly a mistake. Sessions between loopbacks must ask for it.',
  *check(context) {
    for (const peer of strangePeers(context)) {
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
