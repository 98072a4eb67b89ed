import type { LintRule } from '../rule.ts'

export const bgpControlPlaneOff: LintRule = {
  id: 'cilium/bgp-control-plane-off',
  level: 'error',
  summary: 'there is a CiliumBGPPeeringPolicy, but the BGP control plane is off',
  explain:
    'Agents look at peering policies only with bgpControlPlane.enabled=true; the object is stored and nothing happens.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.cilium.config.isBgpControlPlaneEnabled) continue
      for (const policy of view.bgpPolicies) {
        yield {
          message: `CiliumBGPPeeringPolicy ${policy.metadata.name} has no effect: bgpControlPlane.enabled is not set`,
          source: context.atManifest(view.cluster, policy),
          fix: 'install Cilium with bgpControlPlane.enabled=true',
        }
      }
    }
  },
}
