import type { Destination } from '../../bgp/rib.ts'
import { formatIpv4, formatPrefix, type Prefix } from '../../wire/address.ts'
import { counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

type Path = Destination['paths'][number]

export const nextHopUnreachable: LintRule = {
  id: 'bgp/next-hop-unreachable',
  level: 'warning',
  summary: 'routes of an iBGP peer are not used, because their next hop cannot be reached',
  explain:
    'iBGP passes the next hop on as it came from outside (RFC 4271 section 5.1.3). Unless all routers of the AS know the networks to the outside, the border router must set next-hop-self.',
  *check(context) {
    for (const { peers, hasForeignRoutes, name, kind } of context.speakers) {
      if (hasForeignRoutes || kind !== 'frr') continue
      for (const peer of peers) {
        const dead = deadPaths(peer)
        const [first] = dead
        if (first === undefined) continue
        const { prefix, path } = first
        const other = counterpartOf(context, peer)
        const sender = other.kind === 'peer' ? other.peer : undefined
        const from = sender?.speaker.name ?? formatIpv4(peer.address)
        const more = dead.length === 1 ? '' : ` and ${dead.length - 1} more`
        yield {
          message: `${name} cannot use ${formatPrefix(prefix)}${more} from ${from}: no route to the next hop ${formatIpv4(path.nextHop)}`,
          source: sender === undefined ? context.atPeer(peer) : context.atPeer(sender),
          fix:
            sender === undefined
              ? 'let the peer set next-hop-self'
              : `add "neighbor ${formatIpv4(sender.address)} next-hop-self" on ${from}${sender.model.ipv4Unicast?.nextHopSelf === 'on' ? ' with "force"' : ''}, or announce the network of the next hop`,
        }
      }
    }
  },
}

/** Paths of an iBGP session that wait for their next hop, where no other path stands in for them. */
function deadPaths({ session, speaker }: PeerView): readonly { readonly prefix: Prefix; readonly path: Path }[] {
  if (session === undefined || session.type !== 'ibgp') return []
  return speaker.speaker.table.rib
    .sorted()
    .filter(({ best }) => best === undefined)
    .flatMap(({ prefix, paths }) => paths.filter(path => path.peer === session).map(path => ({ prefix, path })))
    .filter(({ path }) => !path.isValid && !path.isRemoved && path.nextHopEntry?.isValid === false)
}
