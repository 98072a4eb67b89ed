import type { LabNode } from '../../lab/node.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, formatPrefix, type Prefix, prefixOf } from '../../wire/address.ts'
import type { RibNextHop, RibRow } from '../../zebra/rib-row.ts'
import type { Step } from '../answer.ts'
import { bestPath } from '../bgp-view.ts'
import type { Question } from '../question.ts'
import { failed, passed, told } from '../step.ts'
import { explainStatic, explainUnreachable } from './local.ts'

/** What zebra knew of a prefix and by what it chose. */
export function ribStep(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const rows = node.router?.zebra.snapshotRib(row => row.prefix === prefix) ?? []
  const chosen = rows.find(row => row.isSelected)
  const unused = unusedStatics(question, node, prefix, rows)
  if (chosen === undefined) return unused
  const others = rows.filter(row => row !== chosen).map(row => told(lossText(row, chosen), lineOf(question, node, row)))
  const among = rows.length === 1 ? '' : `, chosen among ${rows.length} entries`
  const text = `zebra: ${chosen.protocol} [${chosen.distance}/${chosen.metric}]${among}`
  return [passed(text, lineOf(question, node, chosen), [...others, ...recursion(question, chosen), ...unused])]
}

/** Static lines that staticd has not even handed over. */
function unusedStatics(question: Question, node: LabNode, prefix: Prefix, rows: readonly RibRow[]): readonly Step[] {
  const lines = node.router?.model.staticRoutes.filter(route => route.prefix === prefix) ?? []
  return lines
    .filter(line => !rows.some(row => row.protocol === 'static' && row.distance === line.distance))
    .map(line => ({ ...explainStatic(question, node, line), outcome: 'info' as const }))
}

function lossText(row: RibRow, chosen: RibRow): string {
  const name = `${row.protocol} [${row.distance}/${row.metric}] ${hopsText(row)}`
  if (!row.nextHops.some(hop => hop.isActive)) return `${name} lost: no next hop is active`
  if (chosen.protocol === 'connected' && row.protocol !== 'connected') return `${name} lost to the connected network`
  if (row.distance !== chosen.distance) return `${name} lost at distance: ${row.distance} against ${chosen.distance}`
  if (row.metric !== chosen.metric) return `${name} lost at metric: ${row.metric} against ${chosen.metric}`
  return `${name} lost: equal, and the other came first`
}

function hopsText(row: RibRow): string {
  return row.nextHops
    .map(hop => (hop.gateway === undefined ? (hop.interface ?? hop.type) : formatIpv4(hop.gateway)))
    .join(' + ')
}

/** Next hops that resolve over other routes. */
function recursion(question: Question, row: RibRow): readonly Step[] {
  return row.nextHops
    .filter(hop => hop.isRecursive && hop.gateway !== undefined)
    .map(hop => {
      const ways = hop.resolved.map(one =>
        one.gateway === undefined ? (one.interface ?? '') : `${formatIpv4(one.gateway)} ${one.interface ?? ''}`,
      )
      const name = question.map.ownerName(hop.gateway!)
      return told(
        `${name === undefined ? '' : `${name} `}${formatIpv4(hop.gateway!)} is resolved over ${ways.join(' + ')}`,
      )
    })
}

function lineOf({ places }: Question, node: LabNode, row: RibRow): SourceRef | undefined {
  const { router } = node
  if (row.protocol === 'static')
    return router?.model.staticRoutes.find(one => one.prefix === row.prefix && one.distance === row.distance)?.source
  if (row.protocol !== 'connected') return undefined
  const device = row.nextHops[0]?.interface
  const own = node.host.interfaces.get(device ?? '')?.addresses[0]
  return own === undefined || device === undefined ? undefined : places.address(node, device, own.address)
}

/** Why the kernel lacks a route that zebra or bgpd has; empty when they do not have it either. */
export function explainUninstalled(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const { router } = node
  if (router === undefined || !node.isRunning) return []
  const text = formatPrefix(prefix)
  const rows = router.zebra.snapshotRib(row => row.prefix === prefix)
  for (const row of rows) {
    const name = `the ${row.protocol} route ${text}`
    const line = lineOf(question, node, row)
    if (row.isRejected) return [failed(`the kernel of ${node.name} refused ${name} via ${hopsText(row)}`, line)]
    if (row.isInstalled) continue
    const inactive = row.nextHops.filter(hop => !hop.isActive)
    if (inactive.length === row.nextHops.length) return [inactiveStep(question, node, row, inactive)]
  }
  return rows.length > 0 ? [] : unhandedBest(question, node, prefix)
}

function inactiveStep(question: Question, node: LabNode, row: RibRow, hops: readonly RibNextHop[]): Step {
  const { places } = question
  const maps = node.router?.model.zebra.protocolRouteMaps
  const name = maps?.get(row.protocol) ?? maps?.get('any')
  const text = `${node.name}: zebra finds no active next hop for the ${row.protocol} route ${formatPrefix(row.prefix)}`
  if (name !== undefined)
    return failed(`${text}; "ip protocol … route-map ${name}" may deny it`, places.line(node, /^ip protocol /))
  const single = row.protocol === 'bgp' && !row.allowsRecursion ? singleHop(question, node, row, text) : undefined
  if (single !== undefined) return single
  const steps = hops.flatMap(hop =>
    hop.gateway === undefined ? [] : explainUnreachable(question, node, prefixOf(hop.gateway, 32)),
  )
  return failed(text, lineOf(question, node, row), steps)
}

/** A next hop from a single-hop eBGP peer must be on a connected network: zebra resolves it over no other route. */
function singleHop({ map, places }: Question, node: LabNode, { prefix }: RibRow, text: string): Step | undefined {
  for (const at of map.speakersAt(node)) {
    const best = bestPath(at, prefix)
    const session = [...at.speaker.sessions.values()].find(one => one === best?.peer)
    if (best === undefined || session === undefined) continue
    const source = places.neighbor(node, session.model, '(ebgp-multihop|remote-as|peer-group)') ?? session.model.source
    const hop = formatIpv4(best.nextHop)
    return failed(
      `${text}: ${hop} came from an eBGP peer with TTL 1 and is on no connected network (ebgp-multihop)`,
      source,
    )
  }
  return undefined
}

/** bgpd has a best path and zebra has not got it. */
function unhandedBest({ map, places }: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  for (const { speaker } of map.speakersAt(node)) {
    const best = bestPath({ node, speaker }, prefix)
    if (best === undefined || node.router?.speaker !== speaker) continue
    const text = formatPrefix(prefix)
    if (best.kind !== 'learned' && best.kind !== 'aggregate') {
      const network = speaker.model.networks.find(one => one.prefix === prefix)
      return [failed(`${node.name} announces ${text} itself, but has no route of its own for it`, network?.source)]
    }
    if (speaker.model.tableMap !== undefined)
      return [
        failed(`${node.name}: table-map ${speaker.model.tableMap} denies ${text}`, places.line(node, /^table-map/)),
      ]
  }
  return []
}
