import type { BgpModel } from '../../model/bgp.ts'
import type { PolicyModel, RouteMapMatch } from '../../model/policy.ts'
import type { SourceRef } from '../../model/source.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import type { SpeakerView } from '../speaker-view.ts'

/** A place where a list or a route-map is named. */
interface Use {
  readonly list: keyof PolicyModel
  readonly name: string
  readonly source: SourceRef
  /** What happens when it does not exist. */
  readonly effect: string
}

const WORDS: Readonly<Record<keyof PolicyModel, string>> = {
  prefixLists: 'prefix-list',
  accessLists: 'access-list',
  asPathLists: 'as-path access-list',
  communityLists: 'community-list',
  largeCommunityLists: 'large-community-list',
  routeMaps: 'route-map',
}

export const undefinedPolicy: LintRule = {
  id: 'bgp/undefined-policy',
  level: 'error',
  summary: 'a route-map, prefix-list or other list is used that is not defined',
  explain:
    'FRR takes the statement without a word. A filter or route-map that does not exist refuses every route of the peer; a list that does not exist never matches in a route-map (FRR bgpd/bgp_route.c, lib/routemap.c).',
  *check(context) {
    for (const speaker of context.speakers) {
      const { policy } = speaker
      if (policy === undefined) continue
      for (const { list, name, source, effect } of [...usesOf(context, speaker), ...usesInPolicy(context, speaker)]) {
        if (policy[list].has(name)) continue
        const defined = [...policy[list].keys()]
        yield {
          message: `${WORDS[list]} "${name}" is not defined on ${speaker.name}: ${effect}`,
          source,
          fix: `define it${defined.length === 0 ? '' : `, or name one that is there (${defined.sort().join(', ')})`}`,
        }
      }
    }
  },
}

const REFUSED = 'every route is refused'

function* usesOf(context: LintContext, speaker: SpeakerView): Iterable<Use> {
  const { model } = speaker
  for (const peer of speaker.peers) {
    const family = peer.model.ipv4Unicast
    if (family === undefined) continue
    for (const direction of ['in', 'out'] as const) {
      const { routeMap, prefixList, distributeList, filterList } = family[direction]
      const use = (list: keyof PolicyModel, word: string, name: string | undefined): Use[] =>
        name === undefined ? [] : [{ list, name, source: context.atPeer(peer, `${word} ${name}`), effect: REFUSED }]
      yield* use('routeMaps', 'route-map', routeMap)
      yield* use('prefixLists', 'prefix-list', prefixList)
      yield* use('accessLists', 'distribute-list', distributeList)
      yield* use('asPathLists', 'filter-list', filterList)
    }
    const map = family.defaultOriginate?.routeMap
    if (map !== undefined)
      yield {
        list: 'routeMaps',
        name: map,
        source: context.atPeer(peer, 'default-originate'),
        effect: 'no default route is announced',
      }
  }
  yield* usesOfInstance(model)
}

function* usesOfInstance(model: BgpModel): Iterable<Use> {
  for (const { routeMap, source } of [...model.networks, ...model.redistribute, ...model.aggregates]) {
    if (routeMap !== undefined) yield { list: 'routeMaps', name: routeMap, source, effect: 'nothing is announced' }
  }
}

function* usesInPolicy(context: LintContext, { policy }: SpeakerView): Iterable<Use> {
  for (const entries of policy?.routeMaps.values() ?? []) {
    for (const { matches, call, source } of entries) {
      if (source === undefined) continue
      const at = (name: string): SourceRef => context.texts.find(source, name) ?? source
      for (const match of matches) {
        const list = listOf(match)
        if (list === undefined || !('name' in match)) continue
        yield { list, name: match.name, source: at(match.name), effect: 'the entry never matches' }
      }
      if (call !== undefined) yield { list: 'routeMaps', name: call, source: at(call), effect: 'the call is skipped' }
    }
  }
}

function listOf({ kind }: RouteMapMatch): keyof PolicyModel | undefined {
  if (kind.endsWith('prefix-list')) return 'prefixLists'
  if (kind.endsWith('access-list')) return 'accessLists'
  if (kind === 'as-path') return 'asPathLists'
  if (kind === 'community') return 'communityLists'
  return kind === 'large-community' ? 'largeCommunityLists' : undefined
}
