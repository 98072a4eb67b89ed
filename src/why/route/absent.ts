import type { SessionAt, SpeakerAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import { formatPrefix, type Prefix } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { bestPath, pathsOf } from '../bgp-view.ts'
import type { Question } from '../question.ts'
import { failed } from '../step.ts'
import { explainEdge } from './edge.ts'
import { explainInvalidPath } from './invalid-path.ts'
import { explainLocal } from './local.ts'
import { explainOrigin } from './origin.ts'
import { explainSession } from './session.ts'

/** How many further gates are told besides the first. */
const SHOWN = 5

interface Gate {
  readonly step: Step
  /** Peerings between the node asked about and the gate. */
  readonly distance: number
  readonly isByDesign: boolean
}

/**
 * The gates that keep a prefix from a node, the responsible one first: what the node's own files would give it, then from
 * peer to peer back to those who have it, then why nobody announces it.
 */
export function explainAbsence(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const local = explainLocal(question, node, prefix)
  if (local.length > 0) return local
  const own = question.map.speakersAt(node)
  if (own.length === 0) return [noDaemon(question, node)]
  const walked = walkBack(question, own, prefix)
  if (walked.gates.length > 0) return walked.gates.slice(0, SHOWN).map(gate => gate.step)
  const isAnnounced = question.map.speakers.some(at => hasBest(at, prefix))
  if (isAnnounced) return [...walked.down.slice(0, SHOWN), ...unconnected(question, node, prefix)]
  return explainOrigin(question, prefix).slice(0, SHOWN)
}

function noDaemon({ places }: Question, node: LabNode): Step {
  if (!node.isRunning) return failed(`${node.name} is not running`, places.node(node))
  const { router } = node
  if (router === undefined)
    return failed(`${node.name} runs no routing daemon, and no line of its own gives it the route`, places.node(node))
  const hasBgp = router.model.bgp !== undefined
  return failed(
    hasBgp ? `bgpd does not run on ${node.name}` : `${node.name} has no BGP, and no static route for it`,
    router.model.bgp?.source ?? places.node(node),
  )
}

/** Goes from speaker to speaker, nearest first, until it meets some that have the prefix; notes why each did not pass it on. */
function walkBack(
  question: Question,
  own: readonly SpeakerAt[],
  prefix: Prefix,
): { readonly gates: readonly Gate[]; readonly down: readonly Step[] } {
  const gates: Gate[] = []
  const down: Step[] = []
  const seen = new Set(own.map(at => at.speaker))
  let frontier = own
  for (let distance = 0; frontier.length > 0; distance += 1) {
    const next: SpeakerAt[] = []
    for (const at of frontier) {
      const invalid = invalidGates(question, at, prefix)
      gates.push(...invalid.map(step => ({ step, distance, isByDesign: false })))
      if (invalid.length > 0) continue
      for (const session of at.speaker.sessions.values()) {
        const end: SessionAt = { ...at, session }
        const other = question.map.counterpart(end) ?? strayPeer(question, end)
        if (!session.isFamilyNegotiated) down.push(explainSession(question, end))
        if (other === undefined) continue
        if (hasBest(other, prefix)) gates.push(...edgeGate(question, other, end, prefix, distance))
        else if (!seen.has(other.speaker)) {
          seen.add(other.speaker)
          next.push(other)
        }
      }
    }
    frontier = next
  }
  return { gates: unique(gates.sort(byRank)), down }
}

/** The speaker at the peer's address, although it has no session for us. */
function strayPeer(question: Question, { session }: SessionAt): SpeakerAt | undefined {
  const owner = question.map.owners(session.address)[0]
  return owner?.node === undefined ? undefined : question.map.speakersAt(owner.node)[0]
}

function edgeGate(
  question: Question,
  from: SpeakerAt | SessionAt,
  to: SessionAt,
  prefix: Prefix,
  distance: number,
): readonly Gate[] {
  if (!('session' in from)) return [{ step: explainSession(question, to), distance, isByDesign: false }]
  const failure = explainEdge(question, from, to, prefix)
  return failure === undefined ? [] : [{ ...failure, distance }]
}

function hasBest(at: SpeakerAt, prefix: Prefix): boolean {
  return bestPath(at, prefix) !== undefined
}

function invalidGates(question: Question, at: SpeakerAt, prefix: Prefix): readonly Step[] {
  return pathsOf(at, prefix).flatMap(path => explainInvalidPath(question, at, path, prefix) ?? [])
}

/** What only shows how BGP works stands behind what somebody got wrong. */
function byRank(a: Gate, b: Gate): number {
  const rank = (gate: Gate): number => gate.distance + (gate.isByDesign ? 1.5 : 0)
  return rank(a) - rank(b)
}

function unique(gates: readonly Gate[]): readonly Gate[] {
  const texts = new Set<string>()
  return gates.filter(({ step }) => !texts.has(step.text) && texts.add(step.text))
}

/** Somebody announces it, but no peering leads there. */
function unconnected({ map }: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const names = map.speakers.filter(at => hasBest(at, prefix)).map(at => at.node.name)
  const text = `no chain of BGP peers leads from ${node.name} to ${[...new Set(names)].slice(0, 4).join(', ')}, who have ${formatPrefix(prefix)}`
  return [failed(text, map.speakersAt(node)[0]?.speaker.model.source)]
}
