import type { PathRow } from '../../bgp/snapshot.ts'
import type { SpeakerAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import type { Prefix } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { bestPath, hasAnnounced, importReason, pathsOf, sentTo } from '../bgp-view.ts'
import { countText, type Question } from '../question.ts'
import { failed, passed, told } from '../step.ts'
import { importDenial } from './edge.ts'
import { explainInvalidPath } from './invalid-path.ts'
import { decisionValue, pathText } from './path-text.ts'

/** Every path that a node's BGP has or refused for a prefix, and at which step each lost. */
export function bgpStep(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  return question.map.speakersAt(node).flatMap(at => {
    const rows = at.speaker.snapshotTable().prefixes.find(row => row.prefix === prefix)?.paths ?? []
    const paths = pathsOf(at, prefix)
    const kept = [...rows].sort(byRank).map(row => {
      const path = paths.find(one => one.kind === row.kind && one.peer.address === row.peer?.address)
      const invalid = path === undefined ? undefined : explainInvalidPath(question, at, path, prefix)
      return invalid ?? pathStep(question, row)
    })
    const denied = deniedPaths(question, at, prefix)
    if (kept.length + denied.length === 0) return []
    const chosen = rows.filter(row => row.isBest || row.isMultipath).length
    const text = `BGP AS ${at.speaker.model.asn}: ${countText(rows.length, 'path')}, ${chosen} chosen${denied.length === 0 ? '' : `, ${denied.length} denied`}`
    return [
      {
        text,
        outcome: chosen > 0 ? 'pass' : 'fail',
        steps: [...kept, ...origin(question, at, prefix), ...denied],
      } satisfies Step,
    ]
  })
}

function byRank(a: PathRow, b: PathRow): number {
  const rank = (row: PathRow): number => (row.isBest ? 0 : row.isMultipath ? 1 : 2)
  return rank(a) - rank(b)
}

function pathStep(question: Question, row: PathRow): Step {
  const text = pathText(question, row)
  const { lostAt } = row
  const loss =
    lostAt === undefined
      ? ''
      : `${lostAt.step}: ${decisionValue(lostAt.step, lostAt.own)} against ${decisionValue(lostAt.step, lostAt.winner)}`
  if (row.isBest) return passed(`best ${text}`)
  if (row.isMultipath) return passed(`multipath ${text}${lostAt === undefined ? '' : `; not best by ${lostAt.step}`}`)
  return told(`${text}${loss === '' ? '' : `; lost at ${loss}`}${row.isStale ? ', stale' : ''}`)
}

/** Who brought the best path in: back from peer to peer along the best paths. */
function origin(question: Question, at: SpeakerAt, prefix: Prefix): readonly Step[] {
  const passedBy: string[] = []
  let here: SpeakerAt | undefined = at
  while (here !== undefined && passedBy.length < 32) {
    const best: ReturnType<typeof bestPath> = bestPath(here, prefix)
    if (best === undefined) return []
    if (best.kind !== 'learned') {
      if (passedBy.length === 0) return []
      const { networks, redistribute, aggregates } = here.speaker.model
      const source =
        best.kind === 'network'
          ? networks.find(one => one.prefix === prefix)?.source
          : best.kind === 'aggregate'
            ? aggregates.find(one => one.prefix === prefix)?.source
            : redistribute.find(one => one.protocol === best.sourceProtocol)?.source
      const way = passedBy.slice(1).reverse()
      const kind = best.kind === 'originated' ? 'announced' : best.kind === 'network' ? 'network statement' : best.kind
      const by = way.length === 0 ? '' : `, by way of ${way.join(', ')}`
      return [told(`brought in by ${here.node.name} (${kind})${by}`, source)]
    }
    passedBy.push(here.node.name)
    const next: SpeakerAt | undefined = senderOf(question, here, best.peer)
    here = next
  }
  return []
}

function senderOf(question: Question, at: SpeakerAt, peer: object): SpeakerAt | undefined {
  const session = [...at.speaker.sessions.values()].find(one => one === peer)
  return session === undefined ? undefined : question.map.counterpart({ ...at, session })
}

/** Routes that peers send and this speaker does not take; what comes back from whom it was told is left out. */
function deniedPaths(question: Question, at: SpeakerAt, prefix: Prefix): readonly Step[] {
  const steps: Step[] = []
  for (const session of at.speaker.sessions.values()) {
    const to = { ...at, session }
    const from = session.isFamilyNegotiated ? question.map.counterpart(to) : undefined
    const best = from === undefined ? undefined : bestPath(from, prefix)
    if (from === undefined || best === undefined || !hasAnnounced(from, prefix)) continue
    const sent = sentTo(from, best, prefix)
    const reason = typeof sent === 'string' ? undefined : importReason(to, prefix, sent)
    if (typeof sent === 'string' || reason === undefined) continue
    const isEcho = reason === 'as-loop' && isOwnWord(question, from, at, prefix)
    if (isEcho) continue
    const denial = importDenial(question, to, { prefix, attributes: sent }, reason)
    steps.push(failed(`from ${from.node.name}: denied: ${denial.text}`, denial.source, denial.steps))
  }
  return steps
}

/** The sender's best path came through this very speaker. */
function isOwnWord(question: Question, from: SpeakerAt, at: SpeakerAt, prefix: Prefix): boolean {
  let here: SpeakerAt | undefined = from
  for (let count = 0; here !== undefined && count < 32; count += 1) {
    if (here.speaker === at.speaker) return true
    const best = bestPath(here, prefix)
    if (best === undefined || best.kind !== 'learned') return false
    here = senderOf(question, here, best.peer)
  }
  return false
}
