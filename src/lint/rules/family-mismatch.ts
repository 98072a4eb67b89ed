import { formatIpv4 } from '../../wire/address.ts'
import { knownSessions } from '../known-sessions.ts'
import type { LintRule } from '../rule.ts'

export const familyMismatch: LintRule = {
  id: 'bgp/family-mismatch',
  level: 'warning',
  summary: 'only one end of a BGP session has IPv4 unicast activated',
  explain:
    'A family is used only when both ends announce it (RFC 4760 section 8). After "no bgp default ipv4-unicast" each neighbor needs "activate".',
  *check(context) {
    for (const { own, other } of knownSessions(context)) {
      if (own.model.ipv4Unicast !== undefined || other.model.ipv4Unicast === undefined) continue
      const address = formatIpv4(own.address)
      yield {
        message: `${own.speaker.name} has no IPv4 unicast with ${address}, ${other.speaker.name} has: no IPv4 routes are exchanged`,
        source: context.atPeer(own),
        fix: `add "neighbor ${address} activate" in "address-family ipv4 unicast" on ${own.speaker.name}`,
      }
    }
  },
}
