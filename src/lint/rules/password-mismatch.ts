import { formatIpv4 } from '../../wire/address.ts'
import { knownSessions } from '../known-sessions.ts'
import type { LintRule } from '../rule.ts'

export const passwordMismatch: LintRule = {
  id: 'bgp/password-mismatch',
  level: 'error',
  summary: 'the two ends of a BGP session have different passwords, or only one has one',
  explain:
    'TCP segments whose MD5 signature is missing or wrong are dropped without an answer (RFC 2385), so the session never comes up and the log says only that connecting timed out.',
  *check(context) {
    for (const { own, other } of knownSessions(context)) {
      if (own.model.password === other.model.password || own.model.password === undefined) continue
      const has = other.model.password === undefined ? 'has none' : 'has another one'
      yield {
        message: `${own.speaker.name} has a password for ${formatIpv4(own.address)}, but ${other.speaker.name} ${has}`,
        source: context.atPeer(own, own.speaker.kind === 'cilium' ? 'authSecretRef' : 'password'),
        fix: 'set the same password at both ends, or none',
      }
    }
  },
}
