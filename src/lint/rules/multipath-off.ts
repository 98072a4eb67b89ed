import { asPathText } from '../../bgp/attributes.ts'
import type { Destination } from '../../bgp/rib.ts'
import type { DecisionStep } from '../../bgp/snapshot.ts'
import { formatPrefix } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import type { SpeakerView } from '../speaker-view.ts'

type Path = Destination['paths'][number]

/** Steps behind the one that makes paths equal for multipath (FRR bgpd/bgp_route.c, bgp_path_info_cmp). */
const TIE_BREAKERS: ReadonlySet<DecisionStep | undefined> = new Set<DecisionStep>([
  'older-path',
  'router-id',
  'neighbor-address',
  'locally-configured',
])

export const maximumPathsOne: LintRule = {
  id: 'bgp/maximum-paths-one',
  level: 'info',
  summary: 'equal paths come in, but maximum-paths 1 lets the router use only one of them',
  explain:
    'FRR uses all equal paths by default. With maximum-paths 1 one uplink carries everything and the others stand by.',
  *check(context) {
    yield* unused(
      context,
      ({ model }, type) => (type === 'ibgp' ? model.maximumPaths.ibgp : model.maximumPaths.ebgp) === 1,
      {
        why: 'maximum-paths is 1',
        statement: 'maximum-paths',
        fix: 'raise maximum-paths (or maximum-paths ibgp)',
      },
    )
  },
}

export const multipathRelaxMissing: LintRule = {
  id: 'bgp/multipath-relax-missing',
  level: 'info',
  summary: 'paths of equal length over different AS come in, but only one is used',
  explain:
    'Without "bestpath as-path multipath-relax" the AS paths must be the same, not only as long: a leaf below spines of different AS sends everything to one of them.',
  *check(context) {
    const isRelaxMissing = ({ model }: SpeakerView, type: string, best: Path, path: Path): boolean =>
      type === 'ebgp' &&
      model.maximumPaths.ebgp !== 1 &&
      model.bestPath.asPathMultipathRelax === 'off' &&
      asPathText(best.attributes.asPath) !== asPathText(path.attributes.asPath)
    yield* unused(context, isRelaxMissing, {
      why: 'their AS paths differ',
      statement: 'bgp bestpath as-path multipath-relax',
      fix: 'add "bgp bestpath as-path multipath-relax"',
    })
  },
}

/** One finding per router: the first prefix of which a path lies idle for this reason, and how many there are. */
function* unused(
  context: LintContext,
  isReason: (view: SpeakerView, type: string, best: Path, path: Path) => boolean,
  words: { readonly why: string; readonly statement: string; readonly fix: string },
) {
  for (const view of context.speakers) {
    if (view.kind !== 'frr') continue
    const found = view.speaker.table.rib.sorted().filter(destination => hasIdle(view, destination, isReason))
    const [first] = found
    if (first === undefined) continue
    const more = found.length === 1 ? '' : ` and of ${found.length - 1} more`
    yield {
      message: `${view.name} has equal paths to ${formatPrefix(first.prefix)}${more} and uses one: ${words.why}`,
      source: context.atStatement(view, words.statement) ?? context.atSpeaker(view),
      fix: words.fix,
    }
  }
}

function hasIdle(
  view: SpeakerView,
  { best, paths }: Destination,
  isReason: (view: SpeakerView, type: string, best: Path, path: Path) => boolean,
): boolean {
  if (best === undefined || best.isLocal) return false
  return paths.some(
    path =>
      path !== best &&
      path.isUsable &&
      !path.isMultipath &&
      TIE_BREAKERS.has(path.lostStep) &&
      path.peer.type === best.peer.type &&
      path.attributes.nextHop !== best.attributes.nextHop &&
      isReason(view, path.peer.type, best, path),
  )
}
