import { asPathText, RouteDraft } from '../../bgp/attributes.ts'
import { findAccessEntry, findPrefixEntry, type PolicyContext, type RouteMapVisit } from '../../bgp/policy.ts'
import type { SessionAt } from '../../lab/lab-map.ts'
import type { RouteMapMatch } from '../../model/policy.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, formatPrefix, type Prefix } from '../../wire/address.ts'
import type { PathAttributes } from '../../wire/bgp/attributes.ts'
import type { Step } from '../answer.ts'
import { escapeRegex, type Places } from '../places.ts'

/** What denies, in words that follow a node's name, and the line to change. */
export interface Denial {
  readonly text: string
  readonly source: SourceRef | undefined
  readonly steps?: readonly Step[]
}

/** Which of a peer's lists in one direction denies a route; undefined when none of them does. */
export function findDenyingList(
  places: Places,
  { node, speaker, session }: SessionAt,
  direction: 'in' | 'out',
  prefix: Prefix,
  attributes: PathAttributes,
): Denial | undefined {
  const { policy } = speaker.table
  const names = session.family[direction]
  const { distributeList, prefixList, filterList } = names
  const naming = (words: string): SourceRef | undefined => places.neighbor(node, session.model, words)
  if (distributeList !== undefined && !policy.permitsAccess(distributeList, prefix))
    return accessDenial(
      places,
      { node, session, speaker },
      distributeList,
      prefix,
      naming(`distribute-list ${escapeRegex(distributeList)} ${direction}`),
    )
  if (prefixList !== undefined && !policy.permitsPrefix(prefixList, prefix))
    return prefixDenial(
      places,
      { node, session, speaker },
      prefixList,
      prefix,
      naming(`prefix-list ${escapeRegex(prefixList)} ${direction}`),
    )
  if (filterList === undefined || policy.permitsAsPath(filterList, attributes)) return undefined
  const source = naming(`filter-list ${escapeRegex(filterList)} ${direction}`)
  return asPathDenial(places, { node, session, speaker }, filterList, attributes, source)
}

/** Why a route-map denies a route. `fallback` is the line that applies the map. */
export function explainRouteMap(
  places: Places,
  at: SessionAt,
  name: string,
  route: { readonly prefix: Prefix; readonly attributes: PathAttributes },
  context: PolicyContext,
  fallback: SourceRef | undefined,
): Denial {
  const { policy } = at.speaker.table
  const entries = policy.model.routeMaps.get(name)
  if (entries === undefined)
    return { text: `route-map ${name} is not defined, so it denies everything`, source: fallback }
  const visits = policy.traceRouteMap(name, route.prefix, new RouteDraft(route.attributes), context)
  const last = visits.at(-1)
  if (last !== undefined && last.failed === undefined && last.entry.action === 'deny') {
    const { map, entry } = last
    const fit = entry.matches.length === 0 ? 'fits everything' : `fits: ${entry.matches.map(matchText).join(', ')}`
    return { text: `route-map ${map} deny ${entry.sequence} ${fit}`, source: entry.source ?? fallback }
  }
  const missed = visits.filter(visit => visit.failed !== undefined)
  const steps = missed.map(visit => missedStep(places, at, visit, route))
  // the only entry's list is most likely what should hold the route
  const source = (missed.length === 1 ? steps[0]?.source : undefined) ?? entries.at(-1)?.source ?? fallback
  return { text: `no entry of route-map ${name} fits it, and what fits none is denied`, source, steps }
}

function missedStep(
  places: Places,
  at: SessionAt,
  { map, entry, failed }: RouteMapVisit,
  { prefix, attributes }: { readonly prefix: Prefix; readonly attributes: PathAttributes },
): Step {
  const head = `${map} ${entry.action} ${entry.sequence}: `
  const denial = failed === undefined ? undefined : listDenial(places, at, failed, prefix, attributes)
  const text = `${head}${denial?.text ?? `does not fit: ${failed === undefined ? '' : matchText(failed)}`}`
  const source = denial?.source ?? entry.source
  return { text, outcome: 'info', ...(source === undefined ? {} : { source }) }
}

function listDenial(
  places: Places,
  at: SessionAt,
  match: RouteMapMatch,
  prefix: Prefix,
  attributes: PathAttributes,
): Denial | undefined {
  if (match.kind === 'prefix-list') return prefixDenial(places, at, match.name, prefix, undefined)
  if (match.kind === 'access-list') return accessDenial(places, at, match.name, prefix, undefined)
  if (match.kind === 'as-path') return asPathDenial(places, at, match.name, attributes, undefined)
  return undefined
}

function prefixDenial(
  places: Places,
  at: SessionAt,
  name: string,
  prefix: Prefix,
  fallback: SourceRef | undefined,
): Denial {
  const list = at.speaker.table.policy.model.prefixLists.get(name)
  if (list === undefined)
    return { text: `prefix-list ${name} is not defined, so it denies everything`, source: fallback }
  const entry = findPrefixEntry(list, prefix)
  const head = `^ip prefix-list ${escapeRegex(name)} `
  if (entry === undefined) {
    const source = places.line(at.node, new RegExp(head)) ?? fallback
    return { text: `prefix-list ${name} has no entry for ${formatPrefix(prefix)}, so it denies it`, source }
  }
  const what = entryPrefix(entry)
  const tail = `${entry.action} (any|${escapeRegex(formatPrefix(entry.prefix))})( |$)`
  const source =
    places.line(at.node, new RegExp(`${head}seq ${entry.sequence} `)) ??
    places.line(at.node, new RegExp(head + tail)) ??
    fallback
  return { text: `prefix-list ${name} seq ${entry.sequence} ${entry.action} ${what}`, source }
}

function entryPrefix({
  prefix,
  ge,
  le,
}: {
  readonly prefix: Prefix
  readonly ge?: number
  readonly le?: number
}): string {
  if (prefix === 0 && le === 32 && ge === undefined) return 'any'
  return `${formatPrefix(prefix)}${ge === undefined ? '' : ` ge ${ge}`}${le === undefined ? '' : ` le ${le}`}`
}

function accessDenial(
  places: Places,
  at: SessionAt,
  name: string,
  prefix: Prefix,
  fallback: SourceRef | undefined,
): Denial {
  const list = at.speaker.table.policy.model.accessLists.get(name)
  if (list === undefined)
    return { text: `access-list ${name} is not defined, so it denies everything`, source: fallback }
  const entry = findAccessEntry(list, prefix)
  const lines = places
    .statements(at.node)
    .filter(one => one.text.startsWith(`access-list ${name} `) && !/ remark /.test(one.text))
  if (entry === undefined) {
    const text = `access-list ${name} has no entry for ${formatPrefix(prefix)}, so it denies it`
    return { text, source: lines.at(-1)?.source ?? fallback }
  }
  const source = (lines.find(one => one.text.includes(` seq ${entry.sequence} `)) ?? lines[list.indexOf(entry)])?.source
  return { text: `access-list ${name} seq ${entry.sequence} ${entry.action}`, source: source ?? fallback }
}

function asPathDenial(
  places: Places,
  at: SessionAt,
  name: string,
  attributes: PathAttributes,
  fallback: SourceRef | undefined,
): Denial {
  const { policy } = at.speaker.table
  const head = `bgp as-path access-list ${name} `
  const path = asPathText(attributes.asPath) || 'the empty path'
  if (!policy.model.asPathLists.has(name))
    return { text: `as-path access-list ${name} is not defined, so it denies everything`, source: fallback }
  const entry = policy.findAsPathEntry(name, attributes)
  const lines = places.statements(at.node).filter(one => one.text.startsWith(head))
  if (entry === undefined)
    return { text: `as-path access-list ${name} has no entry for "${path}"`, source: lines.at(-1)?.source ?? fallback }
  const source = lines.find(one => one.text.endsWith(`${entry.action} ${entry.regex}`))?.source ?? fallback
  return { text: `as-path access-list ${name} ${entry.action} ${entry.regex} ("${path}")`, source }
}

/** A clause as it is written. */
function matchText(match: RouteMapMatch): string {
  switch (match.kind) {
    case 'prefix-list':
    case 'access-list':
      return `match ip address ${match.kind === 'prefix-list' ? 'prefix-list ' : ''}${match.name}`
    case 'next-hop-prefix-list':
    case 'next-hop-access-list':
    case 'route-source-prefix-list':
    case 'route-source-access-list':
    case 'as-path':
    case 'community':
    case 'large-community':
      return `match ${match.kind} ${match.name}`
    case 'next-hop-address':
      return `match ip next-hop address ${formatIpv4(match.address)}`
    case 'peer':
      return `match peer ${match.address === 'local' ? 'local' : formatIpv4(match.address)}`
    case 'interface':
      return `match interface ${match.name}`
    case 'metric':
    case 'local-preference':
    case 'origin':
    case 'tag':
      return `match ${match.kind} ${match.value}`
    default:
      return `match ${match.kind}`
  }
}
