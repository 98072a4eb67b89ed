import { neighborAddress } from '../../kubernetes/cilium/bgp/peer-model.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { counterpartOf, sessionSource } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

export const neighborMissingOnRouter: LintRule = {
  id: 'cilium/neighbor-missing-on-router',
  level: 'error',
  summary: 'the router that Cilium nodes are to peer with has no neighbor for them, or is not there',
  explain:
    'The nodes dial, the router closes connections from addresses that it has no neighbor for. Cilium tries again after 120 to 240 seconds and says nothing but "active".',
  *check(context) {
    for (const view of context.clusters) {
      for (const policy of view.bgpPolicies) {
        for (const [router, { neighbors, localASN }] of policy.spec.virtualRouters.entries()) {
          for (const [index, neighbor] of neighbors.entries()) {
            const address = neighborAddress(neighbor)
            const peers = context.speakers
              .filter(one => one.virtualRouter?.policy === policy && one.virtualRouter.index === router)
              .flatMap(one => one.peers.filter(peer => peer.address === address))
            const lonely = peers.filter(peer => isLonely(counterpartOf(context, peer).kind))
            const [first] = lonely
            if (first === undefined) continue
            const found = counterpartOf(context, first)
            const sources = lonely.map(textOfSource)
            const owner = 'owner' in found ? found.owner.node : undefined
            const why =
              found.kind === 'nobody'
                ? 'nobody on their network has the address'
                : found.kind === 'no-bgp'
                  ? `${owner} runs no BGP`
                  : `${owner} has no neighbor for ${lonely.length === 1 ? 'it' : 'them'}`
            yield {
              message: `${lonely.map((peer, at) => `${peer.speaker.name} (${sources[at]})`).join(', ')} cannot peer with ${formatIpv4(first.address)}: ${why}`,
              source: context.atManifest(
                view.cluster,
                policy,
                'spec',
                'virtualRouters',
                router,
                'neighbors',
                index,
                'peerAddress',
              ),
              fix:
                owner === undefined
                  ? "write the router's address"
                  : `add ${sources.map(source => `"neighbor ${source} remote-as ${localASN}"`).join(', ')} on ${owner}`,
            }
          }
        }
      }
    }
  },
}

function isLonely(kind: ReturnType<typeof counterpartOf>['kind']): boolean {
  return kind === 'nobody' || kind === 'no-bgp' || kind === 'no-statement'
}

function textOfSource(peer: PeerView): string {
  const source = sessionSource(peer)
  return source === undefined ? '?' : formatIpv4(source)
}
