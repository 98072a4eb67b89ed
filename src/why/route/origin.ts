import { DEFAULT_ATTRIBUTES, RouteDraft } from '../../bgp/attributes.ts'
import type { SpeakerAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import type { RedistributeStatement } from '../../model/bgp.ts'
import { formatPrefix, type Prefix } from '../../wire/address.ts'
import type { RibRow } from '../../zebra/rib-row.ts'
import type { Step } from '../answer.ts'
import { pathsOf } from '../bgp-view.ts'
import type { Question } from '../question.ts'
import { explainServicePrefix } from '../services.ts'
import { failed, told } from '../step.ts'
import { explainInvalidPath } from './invalid-path.ts'
import { explainLocal, nearPrefixes } from './local.ts'

/** Why nobody announces a prefix: who could, and what is in the way there. The likeliest first. */
export function explainOrigin(question: Question, prefix: Prefix): readonly Step[] {
  const service = explainServicePrefix(question, prefix)
  if (service !== undefined) return [service]
  const stated = question.map.speakers.flatMap(at => statedGates(question, at, prefix))
  if (stated.length > 0) return stated
  const silent = question.map.speakers.flatMap(at => silentGate(question, at, prefix) ?? [])
  const routersFirst = [...question.map.nodes].sort((a, b) => rank(question, a) - rank(question, b))
  const down = routersFirst.flatMap(node => explainLocal(question, node, prefix))
  const gates = [...down, ...silent]
  return gates.length > 0 ? gates : [...mutedHolders(question, prefix), ...unheld(question, prefix)]
}

function rank({ places }: Question, node: LabNode): number {
  return places.statements(node).length > 0 ? 0 : 1
}

/** A statement that names the prefix and has no effect. */
function statedGates(question: Question, at: SpeakerAt, prefix: Prefix): readonly Step[] {
  const { node, speaker } = at
  const steps: Step[] = []
  for (const network of speaker.model.networks) {
    if (network.prefix !== prefix || network.backdoor) continue
    const path = pathsOf(at, prefix).find(one => one.kind === 'network')
    const invalid = path === undefined ? undefined : explainInvalidPath(question, at, path, prefix)
    if (invalid !== undefined) steps.push(invalid)
    else if (path === undefined)
      steps.push(
        failed(
          `${node.name}: route-map ${network.routeMap ?? ''} denies "network ${formatPrefix(prefix)}"`,
          network.source,
        ),
      )
  }
  for (const aggregate of speaker.model.aggregates) {
    if (aggregate.prefix !== prefix || pathsOf(at, prefix).some(one => one.kind === 'aggregate')) continue
    steps.push(
      failed(`${node.name}: aggregate-address ${formatPrefix(prefix)} has nothing to aggregate`, aggregate.source),
    )
  }
  return steps
}

/** A router that has the route and says nothing of it. */
function silentGate(question: Question, at: SpeakerAt, prefix: Prefix): Step | undefined {
  const { node, speaker } = at
  const row = node.router?.zebra
    .snapshotRib(one => one.prefix === prefix && (one.isSelected || one.protocol !== 'bgp'))
    .find(one => one.protocol !== 'bgp' && one.protocol !== 'local')
  if (row === undefined) return undefined
  const text = formatPrefix(prefix)
  const how = row.protocol === 'connected' ? `connected to ${text}` : `has the ${row.protocol} route ${text}`
  const verb = row.protocol === 'connected' ? 'is ' : ''
  const statement = speaker.model.redistribute.find(one => one.protocol === row.protocol)
  if (statement !== undefined) return redistributionGate(question, at, row, statement)
  const redistribution = row.protocol === 'static' || row.protocol === 'kernel' ? row.protocol : 'connected'
  return failed(
    `${node.name} ${verb}${how}, but does not announce it: no "network ${text}", no "redistribute ${redistribution}"`,
    speaker.model.source,
  )
}

function redistributionGate(
  { places }: Question,
  at: SpeakerAt,
  row: RibRow,
  statement: RedistributeStatement,
): Step | undefined {
  const { speaker, node } = at
  const { routeMap, protocol, source } = statement
  const text = formatPrefix(row.prefix)
  if (!row.isSelected && !row.isInstalled)
    return failed(`${node.name} does not use its ${protocol} route ${text}, so it is not redistributed`, source)
  if (routeMap === undefined) return undefined
  const draft = new RouteDraft({ ...DEFAULT_ATTRIBUTES, med: statement.metric ?? row.metric })
  draft.tag = row.tag
  draft.interface = row.nextHops[0]?.interface
  const visits = speaker.table.policy.traceRouteMap(routeMap, row.prefix, draft, {
    direction: 'local',
  })
  const last = visits.at(-1)
  const denied = last?.failed === undefined && last?.entry.action === 'deny'
  const why = denied ? `route-map ${last.map} deny ${last.entry.sequence}` : `no entry of route-map ${routeMap} fits it`
  const lists = visits.flatMap(({ failed: match }) => (match?.kind === 'prefix-list' ? [match.name] : []))
  const list = lists.length === 1 && !denied ? places.line(node, new RegExp(`^ip prefix-list ${lists[0]} `)) : undefined
  const entry = denied ? last.entry.source : visits.at(-1)?.entry.source
  return failed(`${node.name} redistributes ${protocol}, but not ${text}: ${why}`, list ?? entry ?? source, [
    told(`redistribute ${protocol} route-map ${routeMap}`, source),
  ])
}

/** Nodes that have the route and run nothing that could announce it. */
function mutedHolders({ map, places, lab }: Question, prefix: Prefix): readonly Step[] {
  const holders = map.nodes.filter(node => node.host.fib.routesOf(prefix).some(route => route.protocol !== 'bgp'))
  const muted = holders.filter(node => map.speakersAt(node).length === 0)
  return muted.slice(0, 3).map(node => {
    const text = formatPrefix(prefix)
    const cluster = [...lab.clusters.values()].find(one => one.node(node.name) !== undefined)
    const agent = cluster?.cilium?.agent(node.name)
    if (agent?.isWorking === false)
      return failed(`${node.name} has ${text}, but its Cilium agent does not run`, places.node(node))
    return failed(`${node.name} has ${text}, but runs no BGP speaker`, places.node(node))
  })
}

/** Nobody has it at all. */
function unheld({ map }: Question, prefix: Prefix): readonly Step[] {
  const known = map.nodes.flatMap(node => node.host.fib.routes().map(route => route.prefix))
  if (known.includes(prefix)) return []
  const near = nearPrefixes([...new Set(known)], prefix).slice(0, 3)
  const steps = near.length === 0 ? [] : [told(`near to it there is ${near.map(formatPrefix).join(', ')}`)]
  return [failed(`no node of the lab has ${formatPrefix(prefix)}, and none announces it`, undefined, steps)]
}
