import { asPathText } from '../../bgp/attributes.ts'
import type { DecisionStep, PathRow } from '../../bgp/snapshot.ts'
import { formatIpv4 } from '../../wire/address.ts'
import type { Path } from '../bgp-view.ts'
import { type Question, who } from '../question.ts'

/** What a path is called by where it came from: `from spine1 10.1.1.0`, `network statement`. */
function pathOrigin(question: Question, path: Pick<Path, 'kind' | 'peer'> | PathRow): string {
  switch (path.kind) {
    case 'learned':
      return path.peer?.address === undefined ? 'learned' : `from ${who(question, path.peer.address)}`
    case 'network':
      return 'own, network statement'
    case 'redistributed':
      return 'own, redistributed'
    case 'aggregate':
      return 'own, aggregate'
    case 'originated':
      return 'own, originated'
  }
}

/** One line: origin, AS path and what else the decision looks at, unless it is at its default. */
export function pathText(question: Question, path: Path | PathRow): string {
  const { attributes, weight, igpMetric } = path
  const parts = [pathOrigin(question, path)]
  if (path.kind === 'learned') parts.push(`AS path ${asPathText(attributes.asPath) || '(empty)'}`)
  if (attributes.localPreference !== undefined) parts.push(`local-pref ${attributes.localPreference}`)
  if (attributes.med !== undefined && attributes.med !== 0) parts.push(`MED ${attributes.med}`)
  if (weight !== 0 && weight !== 32768) parts.push(`weight ${weight}`)
  if (attributes.origin !== 0) parts.push(`origin ${attributes.origin === 1 ? 'EGP' : 'incomplete'}`)
  if (igpMetric !== 0) parts.push(`IGP metric ${igpMetric}`)
  const nextHop = 'nextHop' in path ? path.nextHop : path.attributes.nextHop
  const isThirdParty = path.kind === 'learned' && nextHop !== path.peer?.address
  if (isThirdParty) parts.push(`next hop ${formatIpv4(nextHop)}`)
  return parts.join(', ')
}

/** A value of the decision as it is printed: router ids and peers as addresses. */
export function decisionValue(step: DecisionStep, value: number | string): string {
  if (typeof value === 'string') return value
  if (step === 'router-id' || step === 'neighbor-address') return formatIpv4(value)
  if (step === 'origin') return ['IGP', 'EGP', 'incomplete'][value] ?? String(value)
  return String(value)
}
