import type { LintRule } from '../rule.ts'

export const l2PolicyAnnouncesNothing: LintRule = {
  id: 'cilium/l2-policy-announces-nothing',
  level: 'error',
  summary: 'an L2 announcement policy has neither loadBalancerIPs nor externalIPs, or L2 announcements are off',
  explain:
    'Both kinds of addresses are off unless set, and the agents look at policies only with l2announcements.enabled=true.',
  *check(context) {
    for (const view of context.clusters) {
      const isOn = view.cilium.config.isL2AnnouncementsEnabled
      for (const policy of view.l2Policies) {
        const { loadBalancerIPs, externalIPs } = policy.spec
        const hasKind = loadBalancerIPs === true || externalIPs === true
        if (hasKind && isOn) continue
        const what = `CiliumL2AnnouncementPolicy ${policy.metadata.name} announces nothing`
        yield hasKind
          ? {
              message: `${what}: l2announcements.enabled is not set`,
              source: context.atManifest(view.cluster, policy),
              fix: 'install Cilium with l2announcements.enabled=true',
            }
          : {
              message: `${what}: neither loadBalancerIPs nor externalIPs is true`,
              source: context.atManifest(view.cluster, policy, 'spec'),
              fix: 'add "loadBalancerIPs: true"',
            }
      }
    }
  },
}
