import { describe, expect, it } from 'vitest'
import { readLeaseTimings, sanitizeLeaseTimings } from '../../../../src/kubernetes/cilium/l2/lease-timings.ts'

const seconds = (lease: number, renew: number, retry: number) => ({
  leaseDurationNs: lease * 1e9,
  renewDeadlineNs: renew * 1e9,
  retryPeriodNs: retry * 1e9,
})

describe('the spans of an election', () => {
  it('are 15, 5 and 2 seconds unless the chart says otherwise', () => {
    expect(readLeaseTimings({})).toEqual(seconds(15, 5, 2))
  })

  it('are read from the values of the chart', () => {
    const l2announcements = { leaseDuration: '3s', leaseRenewDeadline: '1s', leaseRetryPeriod: '500ms' }
    expect(readLeaseTimings({ l2announcements })).toEqual(seconds(3, 1, 0.5))
  })

  it.each([
    ['stay as they are when they are sane', seconds(15, 5, 2), seconds(15, 5, 2), 0],
    ['last a second at least', seconds(0.5, 0.4, 0.1), seconds(1, 0.4, 0.1), 1],
    ['give up renewing after half the lease when that was not shorter', seconds(10, 10, 2), seconds(10, 5, 2), 1],
    ['retry after half the deadline when 1.2 retries do not fit', seconds(15, 2, 2), seconds(15, 2, 1), 1],
    ['are corrected one by one', seconds(0.1, 5, 2), seconds(1, 0.5, 0.25), 3],
  ])('%s', (_title, wanted, expected, warnings) => {
    const sane = sanitizeLeaseTimings(wanted)
    expect(sane.timings).toEqual(expected)
    expect(sane.warnings).toHaveLength(warnings)
  })
})
