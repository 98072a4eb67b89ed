import { type HelmValues, helmValue } from '../../../config/helm/values.ts'
import { parseDurationNs } from '../../../text/duration.ts'

/** Spans of an election, nanoseconds. */
export interface LeaseTimings {
  /** How long a lease counts after its holder was last heard of. */
  readonly leaseDurationNs: number
  /** How long a holder tries to renew before it gives up. */
  readonly renewDeadlineNs: number
  /** Between two renewals, and at least between two attempts to take the lease. */
  readonly retryPeriodNs: number
}

/** client-go's JitterFactor: a candidate waits up to this much of the retry period longer. */
export const JITTER_FACTOR = 1.2

const SECOND_NS = 1e9

/** Values of the chart with the agent's defaults: 15 s, 5 s, 2 s. */
export function readLeaseTimings(values: HelmValues): LeaseTimings {
  const span = (key: string, fallbackNs: number): number => {
    const value = helmValue(values, `l2announcements.${key}`)
    return value === undefined || value === null ? fallbackNs : (parseDurationNs(String(value)) ?? fallbackNs)
  }
  return {
    leaseDurationNs: span('leaseDuration', 15 * SECOND_NS),
    renewDeadlineNs: span('leaseRenewDeadline', 5 * SECOND_NS),
    retryPeriodNs: span('leaseRetryPeriod', 2 * SECOND_NS),
  }
}

/**
 * Makes the spans such that the election library accepts them, one log line per change.
 * Source: cilium pkg/l2announcer/l2announcer.go (leaseTimings).
 */
export function sanitizeLeaseTimings(wanted: LeaseTimings): {
  readonly timings: LeaseTimings
  readonly warnings: readonly string[]
} {
  const warnings: string[] = []
  let { leaseDurationNs, renewDeadlineNs, retryPeriodNs } = wanted
  if (leaseDurationNs < SECOND_NS) {
    warnings.push('--l2-announcements-lease-duration must be greater than 1s, defaulting to 1s')
    leaseDurationNs = SECOND_NS
  }
  if (renewDeadlineNs < 1) {
    warnings.push('--l2-announcements-renew-deadline must be greater than 1ns, defaulting to 1s')
    renewDeadlineNs = SECOND_NS
  }
  if (retryPeriodNs < 1) {
    warnings.push('--l2-announcements-retry-period must be greater than 1ns, defaulting to 200ms')
    retryPeriodNs = SECOND_NS / 5
  }
  if (leaseDurationNs <= renewDeadlineNs) {
    warnings.push(
      '--l2-announcements-lease-duration must be greater than --l2-announcements-renew-deadline, defaulting to a 2/1 ratio',
    )
    renewDeadlineNs = Math.floor(leaseDurationNs / 2)
  }
  if (renewDeadlineNs <= Math.floor(JITTER_FACTOR * retryPeriodNs)) {
    warnings.push(
      '--l2-announcements-renew-deadline must be greater than --l2-announcements-retry-period * 1.20, defaulting to --l2-announcements-retry-period / 2',
    )
    retryPeriodNs = Math.floor(renewDeadlineNs / 2)
  }
  return { timings: { leaseDurationNs, renewDeadlineNs, retryPeriodNs }, warnings }
}
