import { prefixOf } from '../../wire/address.ts'
import { passed } from '../step.ts'
import { endedAt, type NodeGate, REACH, staleNote, type Walk } from './walk.ts'

/**
 * Gates are judged by what the cluster says now. A node that has not heard of it yet, or cannot as it is parted from the API
 * server, goes on announcing: then that is the answer.
 */
export function heldToReality(gate: NodeGate, walk: Walk): Walk {
  const { step } = walk.end
  if (step.outcome === 'pass' || !(walk.mechanism === 'BGP' ? isHeard(gate) : isAnswering(gate))) return walk
  const note = staleNote(gate.subject.cluster, gate.node)
  const text = `still announces it${note}, although: ${step.text}`
  return { ...walk, end: endedAt(REACH.announced, passed(text, step.source, step.steps)) }
}

/** A neighbour has a path from one of the node's virtual routers. */
function isHeard({ question, subject, node }: NodeGate): boolean {
  if (subject.address === undefined) return false
  const prefix = prefixOf(subject.address, 32)
  const routers = subject.cilium.agent(node.name)?.bgp.routers ?? []
  const own = question.map.nodeOf(node.host)
  return routers.some(({ speaker }) =>
    [...(speaker?.sessions.values() ?? [])].some(session => {
      if (speaker === undefined || own === undefined || !session.isEstablished) return false
      const other = question.map.counterpart({ node: own, speaker, session })
      return other?.speaker.table.received.has(other.session, prefix) === true
    }),
  )
}

function isAnswering({ subject, node }: NodeGate): boolean {
  const rows = subject.cilium.agent(node.name)?.l2.rows ?? []
  return node.isRunning && rows.some(row => row.address === subject.address)
}
