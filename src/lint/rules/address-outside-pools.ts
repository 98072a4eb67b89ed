import type { Service } from '../../kubernetes/api/service.ts'
import { requestedAddresses } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { type ClusterView, poolBlocks } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import { keyOf, nameOf, takes } from '../pool-words.ts'
import type { LintRule } from '../rule.ts'

export const addressOutsidePools: LintRule = {
  id: 'cilium/address-outside-pools',
  level: 'error',
  summary: 'a service asks for an address that is in no pool, or in one that does not select the service',
  explain:
    'The service stays <pending> with the condition IPAMRequestSatisfied False (no_pool or pool_selector_mismatch), also when other pools have free addresses.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.pools.length === 0) continue
      for (const service of view.services) {
        for (const address of requestedAddresses(service)) {
          const block = view.pools
            .flatMap(poolBlocks)
            .find(({ range }) => range.first <= address && address <= range.last)
          if (block !== undefined && takes(block.pool, service)) continue
          const why =
            block === undefined
              ? 'which is in no pool'
              : `which is in ${nameOf(block)}, but that one does not select the service`
          yield {
            message: `service ${keyOf(service)} asks for ${formatIpv4(address)}, ${why}`,
            source: atRequest(context, view, service),
            fix:
              block === undefined
                ? 'ask for an address of a pool, or add a block with it'
                : "correct the pool's serviceSelector or the service's labels",
          }
        }
      }
    }
  },
}

function atRequest(context: LintContext, { cluster }: ClusterView, service: Service) {
  if (service.spec.loadBalancerIP !== undefined) return context.atManifest(cluster, service, 'spec', 'loadBalancerIP')
  const key = Object.keys(service.metadata.annotations ?? {}).find(name => /lbipam.*ips|lb-ipam-ips/.test(name))
  return context.atManifest(cluster, service, 'metadata', 'annotations', ...(key === undefined ? [] : [key]))
}
