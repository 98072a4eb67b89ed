import { announcedByBgp, announcedByL2 } from '../cluster-view.ts'
import { keyOf } from '../pool-words.ts'
import type { LintRule } from '../rule.ts'

export const addressNotAnnounced: LintRule = {
  id: 'cilium/address-not-announced',
  level: 'warning',
  summary: 'no BGP or L2 policy announces the addresses of a service of type LoadBalancer',
  explain:
    'An address from a pool is known to nobody outside of the cluster until a policy announces it. A virtual router without serviceSelector announces no service at all; an L2 policy without loadBalancerIPs: true neither.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.bgpPolicies.length + view.l2Policies.length === 0) continue
      for (const service of view.services) {
        const isKnown =
          view.bgpPolicies.some(policy => announcedByBgp(view, policy).includes(service)) ||
          view.l2Policies.some(policy => announcedByL2(view, policy).includes(service))
        if (isKnown) continue
        yield {
          message: `service ${keyOf(service)} is announced by no policy`,
          source: context.atManifest(view.cluster, service, 'metadata', 'labels'),
          fix: 'give it the labels that a policy selects, or give a policy a serviceSelector that matches it',
        }
      }
    }
  },
}
