import { TABLE_MAIN } from '../../host/fib.ts'
import type { Lab } from '../../lab/lab.ts'
import { speakersOf } from '../../lab/speakers.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { type NamedNode, stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** A container, or the machine itself. */
export interface NodeRow {
  readonly node: string
  readonly container: string
  /** Its containerlab lab or kind cluster; empty for the machine. */
  readonly lab: string
  /** containerlab's kind, `kind-node` or `machine`. */
  readonly kind: string
  readonly image: string
  readonly isRunning: boolean
  /** AS of its first BGP speaker; null without one. */
  readonly asn: number | null
  readonly routerId: string | null
  readonly sessionsUp: number
  readonly sessions: number
  /** Routes of table main. */
  readonly routes: number
  /** Packets dropped by its stack, for whatever reason. */
  readonly drops: number
}

export const nodes = defineTable<NodeRow>({
  name: 'nodes',
  title: 'Nodes',
  scope: 'node',
  key: ['node'],
  volatile: ['container', 'lab', 'drops'],
  rows: (lab, node) => stateNodes(lab, node).map(named => nodeRow(lab, named)),
})

function nodeRow(lab: Lab, { node, name }: NamedNode): NodeRow {
  const speakers = speakersOf(lab, node)
  const sessions = speakers.flatMap(speaker => [...speaker.sessions.values()])
  const [first] = speakers
  return {
    node: name,
    container: node.containerName,
    lab: node.labName,
    kind: node.kind,
    image: node.image,
    isRunning: node.isRunning,
    asn: first?.model.asn ?? null,
    routerId: first === undefined ? null : formatIpv4(first.routerId),
    sessionsUp: sessions.filter(session => session.isEstablished).length,
    sessions: sessions.length,
    routes: node.host.fib.count(TABLE_MAIN),
    drops: node.host.counters.totalDrops,
  }
}
