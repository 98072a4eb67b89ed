import { formatIpv4, formatPrefix, type Prefix, prefixContains, prefixLength } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

/** Longer prefixes are loopbacks and cables: that spines of one AS do not know each other's is meant so (RFC 7938 section 5.2.2). */
const LONGEST_NETWORK = 29

export const ownAsRefused: LintRule = {
  id: 'bgp/own-as-refused',
  level: 'warning',
  summary: 'a router refuses routes of another part of its own AS and has no other way there',
  explain:
    "A path that already contains the own AS counts as a loop (RFC 4271 section 9.1.2). Sites that use one AS number over and over do not learn each other's networks unless allowas-in, or as-override in the middle, is set.",
  *check(context) {
    for (const view of context.speakers) {
      const isAlone = !context.speakers.some(one => one.host !== view.host && one.model.asn === view.model.asn)
      if (view.kind !== 'frr' || isAlone) continue
      const lost = new Map<Prefix, PeerView>()
      for (const peer of view.peers) for (const prefix of refused(context, peer)) lost.set(prefix, peer)
      const prefixes = [...lost.keys()].sort((a, b) => a - b)
      const [first] = prefixes
      if (first === undefined) continue
      const peer = lost.get(first)!
      const address = formatIpv4(peer.address)
      const more = prefixes.length === 1 ? '' : ` and ${prefixes.length - 1} more`
      yield {
        message: `${view.name} refuses ${formatPrefix(first)}${more} from ${address}: the path contains its own AS ${view.model.asn}, and there is no other`,
        source: context.atPeer(peer),
        fix: `add "neighbor ${address} allowas-in 1" on ${view.name}, or give the sites AS numbers of their own`,
      }
    }
  },
}

/** Networks that the peer announces, that were refused for the own AS, and that no other path leads to. */
function refused(context: LintContext, peer: PeerView): readonly Prefix[] {
  const { session, speaker } = peer
  if (session === undefined || (session.rejections.get('as-loop') ?? 0) === 0) return []
  const other = counterpartOf(context, peer)
  const announced =
    other.kind === 'peer' ? other.peer.speaker.speaker.snapshotAdvertised(other.peer.address) : undefined
  return (announced?.rows ?? [])
    .map(row => row.prefix)
    .filter(
      prefix =>
        speaker.speaker.table.rib.get(prefix) === undefined &&
        isEndNetwork(context, prefix) &&
        !isOwn(speaker.host, prefix),
    )
}

function isOwn(host: PeerView['speaker']['host'], prefix: Prefix): boolean {
  return host.interfaces.all().some(device => device.addresses.some(({ address }) => prefixContains(prefix, address)))
}

/** A network with hosts, or the address of a service: not what only joins routers. */
function isEndNetwork(context: LintContext, prefix: Prefix): boolean {
  if (context.clusters.some(({ services }) => services.some(one => hasAddress(one, prefix)))) return true
  if (prefixLength(prefix) > LONGEST_NETWORK) return false
  const routers = context.speakers.filter(({ kind, host }) => kind === 'frr' && isOwn(host, prefix))
  return routers.length < 2
}

function hasAddress({ status }: LintContext['clusters'][number]['services'][number], prefix: Prefix): boolean {
  return (status.loadBalancer?.ingress ?? []).some(({ ip }) => formatPrefix(prefix) === `${ip}/32`)
}
