import { formatIpv4 } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'

export const policyMissing: LintRule = {
  id: 'bgp/policy-missing',
  level: 'warning',
  summary: 'eBGP peers without a policy exchange no routes',
  explain:
    'Since FRR 7.5 (profile traditional) an eBGP peer without inbound and outbound policy neither takes nor gets any route (RFC 8212); the summary prints (Policy).',
  *check(context) {
    for (const view of context.speakers) {
      const peers = view.peers.filter(
        ({ model, session }) =>
          !model.shutdown &&
          model.ipv4Unicast !== undefined &&
          (session?.isInboundPolicyMissing === true || session?.isOutboundPolicyMissing === true),
      )
      if (peers.length === 0) continue
      const names = peers.map(({ address }) => formatIpv4(address))
      yield {
        message: `${view.name} exchanges no routes with ${names.join(', ')}: no policy is set for ${names.length === 1 ? 'this eBGP peer' : 'these eBGP peers'} (RFC 8212)`,
        source: context.atSpeaker(view),
        fix: 'add "no bgp ebgp-requires-policy" to the instance, or a route-map in both directions for each peer',
      }
    }
  },
}
