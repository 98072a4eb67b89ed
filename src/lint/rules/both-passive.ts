import { knownSessions } from '../known-sessions.ts'
import type { LintRule } from '../rule.ts'

export const bothPassive: LintRule = {
  id: 'bgp/both-passive',
  level: 'error',
  summary: 'neither end of a BGP session opens it',
  explain: 'A passive end only waits for the other one to connect (RFC 4271 section 8.1.1, PassiveTcpEstablishment).',
  *check(context) {
    for (const { own, other } of knownSessions(context)) {
      if (!own.model.passive || !other.model.passive) continue
      yield {
        message: `${own.speaker.name} and ${other.speaker.name} both wait for the other one to open their session`,
        source: context.atPeer(own, 'passive'),
        fix: 'take "passive" away at one end',
      }
    }
  },
}
