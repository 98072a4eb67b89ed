import { formatIpv4 } from '../../wire/address.ts'
import { type Counterpart, counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

export const asMismatch: LintRule = {
  id: 'bgp/as-mismatch',
  level: 'error',
  summary: 'a BGP peer is in another AS than its remote-as says',
  explain:
    'The AS in the peer\'s OPEN must be the configured one, else the session ends with the NOTIFICATION "OPEN Message Error/Bad Peer AS" (RFC 4271 section 6.2).',
  *check(context) {
    for (const { peers } of context.speakers) {
      for (const peer of peers) {
        const { remoteAs, shutdown } = peer.model
        const other = counterpartOf(context, peer)
        const actual = announcedAs(other)
        if (shutdown || actual === undefined || remoteAs === undefined || fits(peer, actual)) continue
        const { owner } = other as Extract<Counterpart, { owner: unknown }>
        yield {
          message: `${peer.speaker.name} expects AS ${remoteAs} of its peer ${formatIpv4(peer.address)}, but ${owner.node} is in AS ${actual}`,
          source: context.atPeer(peer, peer.speaker.kind === 'cilium' ? 'peerASN' : 'remote-as'),
          fix: `write ${actual} here, or put ${owner.node} into AS ${remoteAs}`,
        }
      }
    }
  },
}

/** The AS that the other end's OPEN names. */
function announcedAs(other: Counterpart): number | undefined {
  if (other.kind === 'range') return other.speaker.model.asn
  if (other.kind !== 'peer' && other.kind !== 'other-address') return undefined
  const { model, session, speaker } = other.peer
  return model.localAs?.asn ?? session?.localAsn ?? speaker.model.asn
}

function fits({ model, speaker, session }: PeerView, actual: number): boolean {
  const own = model.localAs?.asn ?? session?.localAsn ?? speaker.model.asn
  if (model.remoteAs === 'internal') return actual === own
  if (model.remoteAs === 'external') return actual !== own
  return model.remoteAs === actual
}
