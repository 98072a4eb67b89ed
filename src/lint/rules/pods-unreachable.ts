import { formatPrefix, ipv4 } from '../../wire/address.ts'
import type { ClusterView } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import { walk } from '../walk.ts'

export const podsUnreachable: LintRule = {
  id: 'cilium/pods-unreachable',
  level: 'warning',
  summary: 'with native routing the fabric knows no way to the pods of another node',
  explain:
    'routingMode=native sends packets between pods as they are. Without autoDirectNodeRoutes (nodes of one network) or exportPodCIDR (BGP) no router knows the networks of the pods, and pods of different nodes do not reach each other.',
  *check(context) {
    for (const view of context.clusters) {
      const { config } = view.cilium
      if (config.routingMode !== 'native' || (config.isBgpControlPlaneEnabled && view.bgpPolicies.length === 0))
        continue
      const lost = firstLost(context, view)
      if (lost === undefined) continue
      yield {
        message: `pods on ${lost.from} do not reach those on ${lost.to} (${formatPrefix(lost.prefix)}): the way ends at ${lost.at}`,
        source: context.atHelmValue(view, 'routingMode'),
        fix: 'set autoDirectNodeRoutes=true when the nodes share a network, or exportPodCIDR: true in the peering policies',
      }
    }
  },
}

function firstLost(context: LintContext, { cluster, cilium }: ClusterView) {
  for (const from of cluster.nodes) {
    for (const to of cluster.nodes) {
      const prefix = cilium.agent(to.name)?.podPrefix
      if (from === to || prefix === undefined || !from.isRunning || !to.isRunning) continue
      if (
        cilium.config.autoDirectNodeRoutes &&
        from.host.interfaces.all().some(device => device.hasSubnetOf(to.address))
      )
        continue
      const destination = ipv4(Math.floor(prefix / 64) + 1)
      const takes = (host: typeof to.host): boolean => host === to.host
      const ends = walk(context.wires, { from: from.host, source: from.address, destination, takes })
      const end = ends.find(one => one.kind !== 'arrived')
      if (end !== undefined) return { from: from.name, to: to.name, prefix, at: context.nameOf(end.host) }
    }
  }
  return undefined
}
