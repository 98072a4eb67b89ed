import { formatIpv4 } from '../../wire/address.ts'
import { type RoundTrip, roundTrips } from '../journeys.ts'
import type { LintRule } from '../rule.ts'
import type { WalkEnd } from '../walk.ts'

const WHY: Readonly<Record<Exclude<WalkEnd['kind'], 'arrived' | 'reverse-path'>, string>> = {
  loop: 'where it goes in a circle',
  'no-route': 'which has no route there',
  refused: 'whose route there refuses it',
  'no-forwarding': 'which does not forward',
  'nobody-there': 'where nobody answers for the next hop',
}

export const noWayBack: LintRule = {
  id: 'route/no-way-back',
  level: 'warning',
  summary: 'a packet reaches its destination, but the answer does not come back',
  explain:
    "Forwarding is decided per direction. A server whose default route leads to the management network, or a fabric that was never told the client's network, answers into nowhere: connections time out although the way there is right.",
  *check(context) {
    const seen = new Set<string>()
    for (const trip of roundTrips(context)) {
      const lost = trip.back.find(end => end.kind !== 'arrived' && end.kind !== 'reverse-path')
      if (lost === undefined || !isTold(seen, trip, lost)) continue
      const where = context.nameOf(lost.host)
      yield {
        message: `${trip.client} reaches ${trip.target}, but the answer to ${formatIpv4(trip.clientAddress)} ends at ${where}, ${WHY[lost.kind as keyof typeof WHY]}`,
        source: context.atCommand(lost.host, 'route', 'default') ?? context.atHost(lost.host),
        fix: `give ${where} a route to ${formatIpv4(trip.clientAddress)}, or announce that network`,
      }
    }
  },
}

/** Once per place and network that is missing: many clients lie behind one missing route. */
function isTold(seen: Set<string>, { clientAddress }: RoundTrip, { host, kind }: WalkEnd): boolean {
  const key = `${host.name} ${kind} ${clientAddress >>> 8}`
  if (seen.has(key)) return false
  seen.add(key)
  return true
}
