import { formatIpv4 } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { type Counterpart, counterpartOf, sessionSource } from '../counterpart.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

export const peerWithoutCounterpart: LintRule = {
  id: 'bgp/peer-without-counterpart',
  level: 'error',
  summary: 'a BGP peer has nobody at the other end that would talk with it',
  explain:
    'A session needs a statement at both ends: a speaker closes connections from addresses that it has no neighbor for (RFC 4271 section 8.2.1). The peer stays in Connect or Active for ever.',
  *check(context) {
    for (const { peers } of context.speakers) {
      for (const peer of peers) {
        if (peer.model.shutdown || peer.speaker.kind === 'cilium') continue
        const finding = judge(context, peer, counterpartOf(context, peer))
        if (finding !== undefined) yield finding
      }
    }
  },
}

function judge(context: LintContext, peer: PeerView, other: Counterpart): LintFinding | undefined {
  const { speaker } = peer
  const address = formatIpv4(peer.address)
  const source = sessionSource(peer)
  const from = formatIpv4(source ?? 0)
  const at = context.atPeer(peer)
  switch (other.kind) {
    case 'nobody':
      return {
        message: `${speaker.name} has a peer ${address}, but nobody on that network has the address`,
        source: at,
        fix: `give the address to the node at the other end, or correct the peer's`,
      }
    case 'no-bgp':
      return {
        message: `${speaker.name} has a peer ${address}, but ${other.owner.node}, which has the address, runs no BGP`,
        source: at,
        fix: `configure BGP on ${other.owner.node}, or remove the peer`,
      }
    case 'no-statement':
      // without a way to the peer other rules speak up
      if (source === undefined) return undefined
      return {
        message: `${speaker.name} has a peer ${address}, but ${other.owner.node} has no neighbor ${from}`,
        source: at,
        fix: `add "neighbor ${from} remote-as ${speaker.model.asn}" on ${other.owner.node}, or remove the peer`,
      }
    default:
      return undefined
  }
}
