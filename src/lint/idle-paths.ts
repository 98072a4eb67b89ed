import type { Destination } from '../bgp/rib.ts'
import type { DecisionStep } from '../bgp/snapshot.ts'
import { formatPrefix } from '../wire/address.ts'
import type { LintContext } from './context.ts'
import type { SpeakerView } from './speaker-view.ts'

/** A path of a destination. */
export type Path = Destination['paths'][number]

/** Steps behind the one that makes paths equal for multipath (FRR bgpd/bgp_route.c, bgp_path_info_cmp). */
const TIE_BREAKERS: ReadonlySet<DecisionStep | undefined> = new Set<DecisionStep>([
  'older-path',
  'router-id',
  'neighbor-address',
  'locally-configured',
])

/** One finding per router: the first prefix of which a path lies idle for this reason, and how many there are. */
export function* idlePaths(
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
      message: `${view.name} has equal paths to ${formatPrefix(first.prefix)}${more} and leaves some of them idle: ${words.why}`,
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
      path.nextHop !== best.nextHop &&
      isReason(view, path.peer.type, best, path),
  )
}
