import { requestedAddresses } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import { keyOf, takes } from '../pool-words.ts'
import type { LintRule } from '../rule.ts'

export const noPoolForService: LintRule = {
  id: 'cilium/no-pool-for-service',
  level: 'warning',
  summary: 'no pool selects a service of type LoadBalancer',
  explain:
    'LB-IPAM gives it no address: EXTERNAL-IP stays <pending>, with the condition "There are no enabled CiliumLoadBalancerIPPools that match this service".',
  *check(context) {
    for (const view of context.clusters) {
      for (const service of view.services) {
        if (requestedAddresses(service).length > 0) continue
        if (view.pools.some(pool => pool.spec.disabled !== true && takes(pool, service))) continue
        if ((service.status.loadBalancer?.ingress ?? []).length > 0) continue
        const pools = view.pools.length === 0 ? 'the cluster has no pool' : 'no enabled pool selects it'
        yield {
          message: `service ${keyOf(service)} gets no address: ${pools}`,
          source: context.atManifest(view.cluster, service, 'metadata', 'labels'),
          fix: 'add a CiliumLoadBalancerIPPool whose serviceSelector matches its labels (or has none)',
        }
      }
    }
  },
}
