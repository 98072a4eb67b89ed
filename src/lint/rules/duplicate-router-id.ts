import { formatIpv4 } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'

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
