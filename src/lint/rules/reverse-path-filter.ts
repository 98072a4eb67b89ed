import { formatIpv4 } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { type RoundTrip, roundTrips } from '../journeys.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import type { WalkEnd } from '../walk.ts'

export const reversePathFilter: LintRule = {
  id: 'route/reverse-path-filter',
  level: 'warning',
  summary: 'strict reverse path filtering drops packets or answers that come in by another way than they would go out',
  explain:
    "With rp_filter 1 a packet is dropped when the route to its source does not lead out of the device that it came in by (RFC 3704 section 2.2; Linux fib_validate_source). Direct server return and multihomed nodes are asymmetric by design: the answer from a service's address enters a leaf from a spine although the address lies in the leaf's own network.",
  *check(context) {
    const seen = new Set<string>()
    for (const trip of roundTrips(context)) {
      for (const [way, from, ends] of [
        ['packets', trip.clientAddress, trip.there],
        ['answers', trip.targetAddress, trip.back],
      ] as const) {
        const dropped = ends.find(end => end.kind === 'reverse-path')
        if (dropped === undefined) continue
        const key = `${dropped.host.name} ${dropped.device?.name}`
        if (seen.has(key)) continue
        seen.add(key)
        yield finding(context, trip, way, from, dropped)
      }
    }
  },
}

function finding(
  context: LintContext,
  trip: RoundTrip,
  way: 'packets' | 'answers',
  from: number,
  { host, device }: WalkEnd,
): LintFinding {
  const where = context.nameOf(host)
  const direction = way === 'packets' ? `to ${trip.target}` : `of ${trip.target} to ${trip.client}`
  return {
    message: `${where} drops ${way} ${direction} that come in on ${device?.name}: rp_filter is strict and its route to ${formatIpv4(from)} goes another way`,
    source: context.atSysctl(host, 'rp_filter'),
    fix: `set net.ipv4.conf.all.rp_filter and net.ipv4.conf.${device?.name}.rp_filter to 2 (loose) or 0 on ${where}`,
  }
}
