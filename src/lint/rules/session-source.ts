import { formatIpv4 } from '../../wire/address.ts'
import { counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'

export const sessionSource: LintRule = {
  id: 'bgp/session-source',
  level: 'error',
  summary: 'a BGP session comes from another address than the other end expects',
  explain:
    "The other end knows a peer by its address alone. Without update-source the kernel takes the outgoing interface's address, so sessions between loopbacks need update-source at both ends.",
  *check(context) {
    for (const { peers } of context.speakers) {
      for (const peer of peers) {
        if (peer.model.shutdown) continue
        const other = counterpartOf(context, peer)
        if (other.kind !== 'other-address') continue
        const [source, expected] = [formatIpv4(other.source), formatIpv4(other.peer.address)]
        yield {
          message: `${peer.speaker.name}'s session with ${formatIpv4(peer.address)} comes from ${source}, but ${other.owner.node} has the neighbor ${expected}`,
          source: context.atPeer(peer),
          fix: `set update-source ${expected} on ${peer.speaker.name}, or change the neighbor on ${other.owner.node} to ${source}`,
        }
      }
    }
  },
}
