import { selectedNodes } from '../cluster-view.ts'
import type { LintRule } from '../rule.ts'

export const severalBgpPolicies: LintRule = {
  id: 'cilium/several-bgp-policies',
  level: 'error',
  summary: 'two CiliumBGPPeeringPolicies select the same node',
  explain:
    'The agent then stops every BGP server of the node and closes all sessions; only its log says so (pkg/bgpv1/agent/controller.go, PolicySelection).',
  *check(context) {
    for (const view of context.clusters) {
      const owners = new Map<string, string>()
      for (const policy of view.bgpPolicies) {
        const shared = selectedNodes(view, policy).filter(node => owners.has(node.name))
        const [first] = shared
        for (const { name } of selectedNodes(view, policy)) owners.set(name, owners.get(name) ?? policy.metadata.name)
        if (first === undefined) continue
        yield {
          message: `CiliumBGPPeeringPolicy ${policy.metadata.name} and ${owners.get(first.name)} both select ${shared.map(node => node.name).join(', ')}: BGP ends on ${shared.length === 1 ? 'this node' : 'these nodes'}`,
          source: context.atManifest(view.cluster, policy, 'spec', 'nodeSelector'),
          fix: 'let each node match one policy only, with several virtualRouters if need be',
        }
      }
    }
  },
}
