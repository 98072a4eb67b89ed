import { type ExportRejection, judgeExport, nextHopFor, withNextHop } from '../bgp/export.ts'
import { checkAttributes, type ImportRejection, importRoute } from '../bgp/import.ts'
import type { Destination } from '../bgp/rib.ts'
import type { SessionAt, SpeakerAt } from '../lab/lab-map.ts'
import type { Prefix } from '../wire/address.ts'
import type { PathAttributes } from '../wire/bgp/attributes.ts'

/** A path as a speaker holds it. */
export type Path = Destination['paths'][number]

/** All paths of a prefix that are not about to go. */
export function pathsOf({ speaker }: SpeakerAt, prefix: Prefix): readonly Path[] {
  return (speaker.table.rib.get(prefix)?.paths ?? []).filter(path => !path.isRemoved)
}

/** The path that a speaker has chosen. */
export function bestPath({ speaker }: SpeakerAt, prefix: Prefix): Path | undefined {
  return speaker.table.rib.get(prefix)?.best
}

/** Whether a speaker has told, or is about to tell, its peer of a prefix. */
export function hasAnnounced({ session }: SessionAt, prefix: Prefix): boolean {
  return session.queue.announced.has(prefix)
}

/** What a speaker's best path of a prefix is on the wire to one of its peers, or why it is not for it. Works the policy out anew. */
export function sentTo(from: SessionAt, best: Path, prefix: Prefix): PathAttributes | ExportRejection {
  const outcome = judgeExport(from.speaker.table, best, prefix, from.session)
  if (typeof outcome === 'string') return outcome
  return withNextHop(outcome.template, nextHopFor(from.speaker.table, outcome, from.session))
}

/** Why the other end does not take what it is sent; undefined: it takes it. Works the policy out anew. */
export function importReason(to: SessionAt, prefix: Prefix, sent: PathAttributes): ImportRejection | undefined {
  const { table, behaviour } = to.speaker
  if (behaviour.rejectsImports) return 'import-default-reject'
  const check = checkAttributes(table, to.session, sent)
  if (check.action === 'withdraw') return check.reason
  const outcome = importRoute(table, to.session, prefix, { attributes: check.attributes, nextHop: sent.nextHop })
  return typeof outcome === 'string' ? outcome : undefined
}
