import { announcedByL2, endpointNodes, selectedNodes } from '../cluster-view.ts'
import type { LintRule } from '../rule.ts'

export const localPolicyWithL2: LintRule = {
  id: 'cilium/local-policy-with-l2',
  level: 'warning',
  summary: 'a service with externalTrafficPolicy Local is announced by L2 from nodes without a pod of it',
  explain:
    'The lease of an L2 announcement does not look at externalTrafficPolicy: it may lie on a node without an endpoint, which refuses all traffic (cilium/cilium#27800). One node answers for the address, so that the lease decides, not the pods.',
  *check(context) {
    for (const view of context.clusters) {
      for (const service of view.services) {
        if (service.spec.externalTrafficPolicy !== 'Local') continue
        const withPod = endpointNodes(view, service)
        for (const policy of view.l2Policies) {
          if (!announcedByL2(view, policy).includes(service)) continue
          const without = selectedNodes(view, policy).filter(node => !withPod.has(node.name))
          if (without.length === 0) continue
          const { namespace, name } = service.metadata
          yield {
            message: `service ${namespace}/${name} has externalTrafficPolicy Local, but ${policy.metadata.name} may announce it from ${without.map(node => node.name).join(', ')}, without a pod of it`,
            source: context.atManifest(view.cluster, service, 'spec', 'externalTrafficPolicy'),
            fix: 'use externalTrafficPolicy Cluster, announce it by BGP, or let the nodeSelector of the policy select nodes with pods only',
          }
        }
      }
    }
  },
}
