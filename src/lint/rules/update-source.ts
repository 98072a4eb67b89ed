import { formatIpv4 } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

export const updateSource: LintRule = {
  id: 'bgp/update-source',
  level: 'error',
  summary: 'update-source names an interface without an address, or an address that the router does not have',
  explain:
    'bgpd binds its connection to that address. Without it the bind fails and no session comes up from this end (FRR bgpd/bgp_network.c, bgp_update_source).',
  *check(context) {
    for (const { peers, hasForeignRoutes } of context.speakers) {
      for (const peer of peers) {
        const wrong = mistake(peer)
        if (wrong === undefined || peer.model.shutdown || hasForeignRoutes) continue
        yield {
          message: `${peer.speaker.name} is to talk with ${formatIpv4(peer.address)} from ${wrong}`,
          source: context.atPeer(peer, 'update-source'),
          fix: 'give the interface the address, or name one that has it',
        }
      }
    }
  },
}

function mistake({ speaker, model }: PeerView): string | undefined {
  const { updateSource } = model
  if (updateSource === undefined) return undefined
  if (typeof updateSource === 'number')
    return speaker.host.isLocalAddress(updateSource) ? undefined : `${formatIpv4(updateSource)}, which it does not have`
  const device = speaker.host.interfaces.get(updateSource.interface)
  if (device === undefined) return `interface ${updateSource.interface}, which it does not have`
  const isUsable = device.addresses.some(({ scope }) => scope !== 'host')
  return isUsable ? undefined : `interface ${updateSource.interface}, which has no address`
}
