import { type ExportRejection, withNextHop } from '../../bgp/export.ts'
import type { ImportRejection } from '../../bgp/import.ts'
import type { SessionAt } from '../../lab/lab-map.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, formatPrefix, type Prefix } from '../../wire/address.ts'
import { COMMUNITY, type PathAttributes } from '../../wire/bgp/attributes.ts'
import type { Step } from '../answer.ts'
import { bestPath, hasAnnounced, importReason, type Path, sentTo } from '../bgp-view.ts'
import { escapeRegex } from '../places.ts'
import type { Question } from '../question.ts'
import { failed, told } from '../step.ts'
import { pathText } from './path-text.ts'
import { type Denial, explainRouteMap, findDenyingList } from './policy.ts'
import { explainSession } from './session.ts'

/** Why a route that one speaker has does not come to another over their session. */
export interface EdgeFailure {
  readonly step: Step
  /** A loop check or the iBGP rule: often just how BGP works, and the reason only when there is no other. */
  readonly isByDesign: boolean
}

/** A route that comes back to whoever told of it. */
const BY_DESIGN: readonly ImportRejection[] = ['as-loop', 'own-originator', 'cluster-loop']

/** The first gate between two ends of a peering that a prefix does not pass; undefined when it passes all. */
export function explainEdge(
  question: Question,
  from: SessionAt,
  to: SessionAt,
  prefix: Prefix,
): EdgeFailure | undefined {
  const isUp = from.session.isFamilyNegotiated && to.session.isFamilyNegotiated
  if (!isUp) return { step: explainSession(question, to), isByDesign: false }
  const best = bestPath(from, prefix)
  if (best === undefined) return undefined
  const sent = sentTo(from, best, prefix)
  if (typeof sent === 'string') return explainExport(question, from, to, { prefix, best }, sent)
  if (!hasAnnounced(from, prefix)) {
    const text = `${from.node.name} has not sent ${formatPrefix(prefix)} to ${to.node.name} yet`
    return { step: failed(text, from.session.model.source), isByDesign: false }
  }
  const reason = importReason(to, prefix, sent)
  return reason === undefined ? undefined : explainImport(question, from, to, { prefix, attributes: sent }, reason)
}

function explainExport(
  question: Question,
  from: SessionAt,
  to: SessionAt,
  { prefix, best }: { readonly prefix: Prefix; readonly best: Path },
  reason: ExportRejection,
): EdgeFailure {
  const { places } = question
  const attributes = withNextHop(best.attributes, best.nextHop)
  const head = `${from.node.name} does not send ${formatPrefix(prefix)} to ${to.node.name}`
  const peer = formatIpv4(from.session.address)
  const line = (words: string): SourceRef =>
    places.neighbor(from.node, from.session.model, words) ?? from.session.model.source
  const is = (why: string, source: SourceRef | undefined, steps: readonly Step[] = []): EdgeFailure => ({
    step: failed(`${head}: ${why}`, source, steps),
    isByDesign: false,
  })
  const own = told(`its best path: ${pathText(question, best)}`)
  switch (reason) {
    case 'filtered': {
      const denial = findDenyingList(places, from, 'out', prefix, attributes)
      return denial === undefined
        ? is('the AS of the peer is in the path', line('sender-as-path-loop-detection'), [own])
        : is(denial.text, denial.source, denial.steps)
    }
    case 'route-map': {
      const name = best.suppressors > 0 ? from.session.family.unsuppressMap : from.session.family.out.routeMap
      const words = best.suppressors > 0 ? 'unsuppress-map' : `route-map ${escapeRegex(name ?? '')} out`
      const denial = explainRouteMap(
        places,
        from,
        name ?? '',
        { prefix, attributes },
        { direction: 'out' },
        line(words),
      )
      return is(denial.text, denial.source, denial.steps)
    }
    case 'not-reflected': {
      const why = `it came from iBGP and ${from.node.name} reflects it neither from nor to a client (iBGP rule)`
      return { step: failed(`${head}: ${why}`, line('remote-as'), [own]), isByDesign: true }
    }
    case 'policy-missing':
      return is(`eBGP without an export policy sends nothing (bgp ebgp-requires-policy)`, line('remote-as'))
    case 'community':
      return is(`community ${holdingText(best.attributes.communities)} forbids it`, line('remote-as'), [own])
    case 'suppressed':
      return is(
        `an aggregate with summary-only suppresses it`,
        places.line(from.node, /^aggregate-address .*(summary-only|suppress-map)/),
      )
    case 'as-set':
      return is('its path holds an AS set (bgp reject-as-sets)', places.line(from.node, /reject-as-sets/))
    case 'default-originate':
      return is('default-originate takes its place and finds no route', line('default-originate'))
    case 'solo':
      return { step: failed(`${head}: it came from there (solo)`, line('solo')), isByDesign: true }
    case 'invalid':
      return is(`its path is not valid towards ${peer}`, undefined, [own])
  }
}

/** The well-known communities among some, by name. */
function holdingText(communities: readonly number[]): string {
  const names = [
    [COMMUNITY.noAdvertise, 'no-advertise'],
    [COMMUNITY.noExport, 'no-export'],
    [COMMUNITY.noExportSubconfed, 'local-AS'],
  ] as const
  return names.flatMap(([value, name]) => (communities.includes(value) ? [name] : [])).join(', ')
}

function explainImport(
  question: Question,
  from: SessionAt,
  to: SessionAt,
  route: { readonly prefix: Prefix; readonly attributes: PathAttributes },
  reason: ImportRejection,
): EdgeFailure {
  const denial = importDenial(question, to, route, reason)
  const text = `${to.node.name} denies ${formatPrefix(route.prefix)} from ${from.node.name}: ${denial.text}`
  const isOwnNextHop = reason === 'martian-next-hop' && to.node.host.isLocalAddress(route.attributes.nextHop)
  const isByDesign = isOwnNextHop || BY_DESIGN.includes(reason)
  return { step: failed(text, denial.source, denial.steps), isByDesign }
}

/** Why a speaker does not take a route that came over a session. */
export function importDenial(
  { places }: Question,
  to: SessionAt,
  { prefix, attributes }: { readonly prefix: Prefix; readonly attributes: PathAttributes },
  reason: ImportRejection,
): Denial {
  const { model } = to.session
  const line = (words: string): SourceRef => places.neighbor(to.node, model, words) ?? model.source
  const path = attributes.asPath.flatMap(segment => segment.asns).join(' ')
  switch (reason) {
    case 'as-loop': {
      const asn = to.speaker.model.asn
      return { text: `its own AS ${asn} is in the path "${path}" (allowas-in)`, source: line('(allowas-in|remote-as)') }
    }
    case 'own-originator':
      return { text: 'it is its own originator (ORIGINATOR_ID)', source: line('remote-as') }
    case 'cluster-loop':
      return {
        text: 'its own cluster id is in the CLUSTER_LIST',
        source: places.line(to.node, /^bgp cluster-id/) ?? line('remote-as'),
      }
    case 'filtered':
      return findDenyingList(places, to, 'in', prefix, attributes) ?? { text: 'a filter', source: line('remote-as') }
    case 'route-map': {
      const name = to.session.family.in.routeMap ?? ''
      const context = { direction: 'in', peerAddress: to.session.address } as const
      return explainRouteMap(
        places,
        to,
        name,
        { prefix, attributes },
        context,
        line(`route-map ${escapeRegex(name)} in`),
      )
    }
    case 'policy-missing':
      return {
        text: 'eBGP without an import policy takes nothing (bgp ebgp-requires-policy)',
        source: line('remote-as'),
      }
    case 'as-set':
      return {
        text: `the path "${path}" holds an AS set (bgp reject-as-sets)`,
        source: places.line(to.node, /reject-as-sets/),
      }
    case 'martian-next-hop':
      return {
        text: `the next hop ${formatIpv4(attributes.nextHop)} is its own address or none at all`,
        source: line('remote-as'),
      }
    case 'import-default-reject':
      return { text: 'it takes no routes from anybody (global import policy reject)', source: model.source }
    case 'malformed-as-path':
      return {
        text: `the path "${path}" does not begin with the peer's AS (enforce-first-as)`,
        source: line('(enforce-first-as|remote-as)'),
      }
  }
}
