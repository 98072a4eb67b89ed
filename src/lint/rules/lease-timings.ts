import { sanitizeLeaseTimings } from '../../kubernetes/cilium/l2/lease-timings.ts'
import type { LintRule } from '../rule.ts'

export const leaseTimings: LintRule = {
  id: 'cilium/lease-timings',
  level: 'warning',
  summary: 'the timings of L2 announcement leases contradict each other, and the agent changes them',
  explain:
    'The election library wants leaseDuration > leaseRenewDeadline > 1.2 * leaseRetryPeriod. What does not fit is replaced, with a line in the log of the agent only (pkg/l2announcer/l2announcer.go).',
  *check(context) {
    for (const view of context.clusters) {
      if (!view.cilium.config.isL2AnnouncementsEnabled || view.l2Policies.length === 0) continue
      const { warnings, timings } = sanitizeLeaseTimings(view.cilium.config.leaseTimings)
      const [first] = warnings
      if (first === undefined) continue
      const seconds = [timings.leaseDurationNs, timings.renewDeadlineNs, timings.retryPeriodNs].map(
        span => `${span / 1e9}s`,
      )
      const key = /^--l2-announcements-(lease-duration|renew-deadline|retry-period)/.exec(first)?.[1]
      const value =
        { 'lease-duration': 'leaseDuration', 'renew-deadline': 'leaseRenewDeadline' }[key ?? ''] ?? 'leaseRetryPeriod'
      yield {
        message: `L2 announcement leases will use ${seconds.join(', ')} (duration, renew deadline, retry period) instead of what is set`,
        source: context.atHelmValue(view, `l2announcements.${value}`),
        fix: 'set leaseDuration > leaseRenewDeadline > 1.2 * leaseRetryPeriod, for example 3s, 1s, 200ms',
      }
    }
  },
}
