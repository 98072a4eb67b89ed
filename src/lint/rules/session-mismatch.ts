import { formatIpv4 } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import { counterpartOf } from '../counterpart.ts'
import type { LintRule } from '../rule.ts'
import type { PeerView } from '../speaker-view.ts'

/** Sessions that both ends know of, each once per end. */
function* sessions(context: LintContext): Iterable<{ readonly own: PeerView; readonly other: PeerView }> {
  for (const { peers } of context.speakers) {
    for (const own of peers) {
      const found = counterpartOf(context, own)
      if (found.kind === 'peer' && !own.model.shutdown && !found.peer.model.shutdown) yield { own, other: found.peer }
    }
  }
}

export const passwordMismatch: LintRule = {
  id: 'bgp/password-mismatch',
  level: 'error',
  summary: 'the two ends of a BGP session have different passwords, or only one has one',
  explain:
    'TCP segments whose MD5 signature is missing or wrong are dropped without an answer (RFC 2385), so the session never comes up and the log says only that connecting timed out.',
  *check(context) {
    for (const { own, other } of sessions(context)) {
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

export const bothPassive: LintRule = {
  id: 'bgp/both-passive',
  level: 'error',
  summary: 'neither end of a BGP session opens it',
  explain: 'A passive end only waits for the other one to connect (RFC 4271 section 8.1.1, PassiveTcpEstablishment).',
  *check(context) {
    for (const { own, other } of sessions(context)) {
      if (!own.model.passive || !other.model.passive) continue
      yield {
        message: `${own.speaker.name} and ${other.speaker.name} both wait for the other one to open their session`,
        source: context.atPeer(own, 'passive'),
        fix: 'take "passive" away at one end',
      }
    }
  },
}

export const familyMismatch: LintRule = {
  id: 'bgp/family-mismatch',
  level: 'warning',
  summary: 'only one end of a BGP session has IPv4 unicast activated',
  explain:
    'A family is used only when both ends announce it (RFC 4760 section 8). After "no bgp default ipv4-unicast" each neighbor needs "activate".',
  *check(context) {
    for (const { own, other } of sessions(context)) {
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

export const duplicateRouterId: LintRule = {
  id: 'bgp/duplicate-router-id',
  level: 'warning',
  summary: 'two BGP speakers of one AS have the same router id',
  explain:
    'Inside an AS the router id must be unique (RFC 6286 section 2.1): two such speakers refuse each other, and reflected routes of one are taken for own ones by the other (ORIGINATOR_ID).',
  *check(context) {
    const known = new Map<string, string>()
    for (const { speaker, name, model, ...view } of context.speakers) {
      const id = formatIpv4(speaker.routerId)
      const key = `${model.asn} ${id}`
      const other = known.get(key)
      known.set(key, other ?? name)
      if (other === undefined || other === name || speaker.routerId === 0) continue
      const whole = { speaker, name, model, ...view }
      yield {
        message: `${name} has the router id ${id}, as ${other} in the same AS ${model.asn} has`,
        source: context.atStatement(whole, 'bgp router-id') ?? context.atSpeaker(whole),
        fix: `give ${name} a router id of its own`,
      }
    }
  },
}
