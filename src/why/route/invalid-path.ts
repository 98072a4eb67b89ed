import type { Session } from '../../bgp/session.ts'
import type { SessionAt, SpeakerAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import { formatIpv4, formatPrefix, type Prefix, prefixOf } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Path } from '../bgp-view.ts'
import { escapeRegex } from '../places.ts'
import { type Question, who } from '../question.ts'
import { failed, told } from '../step.ts'
import { explainLocal, explainUnreachable, nearPrefixes } from './local.ts'
import { pathText } from './path-text.ts'

/** Why a path that a speaker has takes no part in its decision; undefined when it does. */
export function explainInvalidPath(question: Question, at: SpeakerAt, path: Path, prefix: Prefix): Step | undefined {
  if (path.isUsable) return undefined
  const { node } = at
  if (path.kind === 'network') return unheldNetwork(question, at, prefix)
  if (path.kind !== 'learned') return failed(`${node.name}: ${pathText(question, path)} is not valid`, undefined)
  const session = path.peer as Session
  return explainNextHop(question, { ...at, session }, path, prefix)
}

/** A `network` statement whose prefix is not in the routing table: the device or line that should bring it, else the statement. */
function unheldNetwork(question: Question, { node, speaker }: SpeakerAt, prefix: Prefix): Step {
  const text = formatPrefix(prefix)
  const source = speaker.model.networks.find(one => one.prefix === prefix)?.source
  const [gate, ...others] = explainLocal(question, node, prefix)
  if (gate === undefined)
    return failed(
      `${node.name} has "network ${text}", but no route to exactly ${text} (import-check)`,
      source,
      nearHere(node, prefix),
    )
  const statement = told(`"network ${text}" announces only what the routing table holds (import-check)`, source)
  return {
    ...gate,
    text: `${gate.text}, so "network ${text}" announces nothing`,
    steps: [...(gate.steps ?? []), statement, ...others],
  }
}

/** Networks beside the one that is missing. */
function nearHere(node: LabNode, prefix: Prefix): readonly Step[] {
  const near = nearPrefixes(
    node.host.fib.routes().map(route => route.prefix),
    prefix,
  ).slice(0, 3)
  return near.length === 0 ? [] : [told(`it has ${near.map(formatPrefix).join(', ')}`)]
}

function explainNextHop(question: Question, to: SessionAt, path: Path, prefix: Prefix): Step {
  const { places } = question
  const { node, speaker, session } = to
  const { nextHop } = path
  const head = `${node.name} cannot resolve the next hop ${who(question, nextHop)} of ${formatPrefix(prefix)}`
  const own = places.neighbor(node, session.model, 'remote-as') ?? session.model.source
  if (path.nextHopEntry === undefined && prefix === prefixOf(nextHop, 32))
    return failed(`${head}: it would lead to itself`, own)
  if (path.nextHopEntry?.connectedOnly === true && speaker.routes.connectedNetwork(nextHop) === undefined)
    return failed(`${head}: from an eBGP peer with TTL 1 it must be on a connected network`, own)
  const from = question.map.counterpart(to)
  const route = node.host.fib.match(nextHop)
  if (route !== undefined && route.prefix === 0)
    return failed(
      `${head}: only the default route leads there, and it does not count (ip nht resolve-via-default)`,
      places.line(node, /ip nht resolve-via-default/) ?? own,
    )
  const isForeign = from !== undefined && nextHop !== session.address
  if (!isForeign)
    return failed(
      `${head}: no route to ${formatIpv4(nextHop)}`,
      own,
      explainUnreachable(question, node, prefixOf(nextHop, 32)),
    )
  const sender = from.session
  const source = places.neighbor(from.node, sender.model, '(next-hop-self|remote-as|peer-group)') ?? sender.model.source
  const advice =
    sender.type === 'ibgp' && sender.family.nextHopSelf !== 'force' ? ` (no next-hop-self towards ${node.name})` : ''
  return failed(`${head}: no route to it, and ${from.node.name} passes it on as it is${advice}`, source, [
    told(
      `${node.name} has it ${pathText(question, path)}`,
      places.line(node, new RegExp(`^neighbor ${escapeRegex(formatIpv4(session.address))} `)),
    ),
  ])
}
