import { formatIpv4, formatPrefix, type Prefix, prefixAddress } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView, SpeakerView } from '../speaker-view.ts'

export const ibgpHole: LintRule = {
  id: 'bgp/ibgp-hole',
  level: 'warning',
  summary: 'a router of an AS misses routes that its iBGP peer has but may not pass on',
  explain:
    'What comes from one iBGP peer is not told to another (RFC 4271 section 9.2), so that either all routers of an AS peer with each other or a route reflector passes routes on from and to its clients (RFC 4456).',
  *check(context) {
    for (const middle of context.speakers) {
      if (middle.kind !== 'frr' || middle.model.confederation !== undefined) continue
      for (const receiver of middle.peers) {
        const found = missed(context, middle, receiver)
        if (found === undefined) continue
        const { sender, taker, prefixes } = found
        const more = prefixes.length === 1 ? '' : ` and ${prefixes.length - 1} more`
        const from = formatIpv4(sender.address)
        yield {
          message: `${taker.name} never hears of ${formatPrefix(prefixes[0]!)}${more}: ${middle.name} has it from its iBGP peer ${from}, and neither of the two is its client`,
          source: context.atPeer(receiver),
          fix: `add "neighbor ${formatIpv4(receiver.address)} route-reflector-client" on ${middle.name}, or a session between ${taker.name} and the peer`,
        }
      }
    }
  },
}

interface Missed {
  readonly sender: PeerView
  readonly taker: SpeakerView
  readonly prefixes: readonly Prefix[]
}

/** Prefixes that the middle has from one ordinary iBGP peer and that another one has not at all. */
function missed(context: LintContext, middle: SpeakerView, receiver: PeerView): Missed | undefined {
  if (!isOrdinary(receiver) || receiver.model.ipv4Unicast?.out.routeMap !== undefined) return undefined
  const other = counterpartOf(context, receiver)
  if (other.kind !== 'peer' || other.peer.speaker.kind !== 'frr') return undefined
  const taker = other.peer.speaker
  for (const sender of middle.peers) {
    if (sender === receiver || !isOrdinary(sender) || isPeerOf(taker, sender)) continue
    const prefixes = [...middle.speaker.table.rib.sorted()]
      .filter(({ best }) => best?.peer === sender.session)
      .map(({ prefix }) => prefix)
      .filter(
        prefix =>
          taker.speaker.table.rib.get(prefix) === undefined &&
          taker.host.fib.lookup(prefixAddress(prefix)) === undefined,
      )
    if (prefixes.length > 0) return { sender, taker, prefixes: prefixes.sort((a, b) => a - b) }
  }
  return undefined
}

/** An iBGP session that is up and whose other end is no client. */
function isOrdinary({ session }: PeerView): boolean {
  return session?.isEstablished === true && session.type === 'ibgp' && !session.isReflectorClient
}

/** They talk with each other: what is missing was filtered. */
function isPeerOf(taker: SpeakerView, { session }: PeerView): boolean {
  return taker.peers.some(
    one => one.session?.isEstablished === true && one.session.remoteRouterId === session?.remoteRouterId,
  )
}
