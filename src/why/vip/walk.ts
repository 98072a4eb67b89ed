import type { Cilium } from '../../kubernetes/cilium/cilium.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { ClusterNode } from '../../kubernetes/cluster-node.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { failed } from '../step.ts'
import { type CiliumSubject, placeOf } from './subject.ts'

/** How an address can be announced. */
export type Mechanism = 'BGP' | 'L2'

/** What one node does for an address by one mechanism: it announces it, or a gate keeps it from doing so. */
export interface Walk {
  readonly node: ClusterNode
  readonly mechanism: Mechanism
  readonly end: WalkEnd
}

/** Where a walk ended. */
export interface WalkEnd {
  /** `pass`: announces; `fail`: the first gate that failed. The text does not name the node. */
  readonly step: Step
  /** How many gates it passed: of several nodes the one that came furthest tells most. */
  readonly reach: number
}

export function endedAt(reach: number, step: Step): WalkEnd {
  return { step, reach }
}

/** Gates in their order, by how far a walk has come that ends there. */
export const REACH = {
  switchedOff: 0,
  noPolicy: 1,
  agent: 2,
  node: 3,
  service: 4,
  kind: 5,
  endpoints: 6,
  conflict: 6,
  device: 6,
  running: 7,
  neighbor: 8,
  lease: 8,
  announced: 9,
} as const

/** All that the gates of one node look at. */
export interface NodeGate {
  readonly question: Question
  readonly subject: CiliumSubject
  readonly node: ClusterNode
}

/** Node and agent must run. */
export function agentGate({ subject, node }: NodeGate): Step | undefined {
  const { cilium } = subject
  const place = nodePlace(subject.cluster, node)
  if (!node.isRunning) return failed('its container is not running', place)
  const agent = cilium.agent(node.name)
  if (agent === undefined || agent.hasExited) return failed('its Cilium agent has ended', place)
  if (!agent.isWorking) return failed('its Cilium agent is still starting', place)
  return undefined
}

/** The labels that selectors of policies look at. */
export function nodeLabels({ store }: Cluster, node: ClusterNode): Readonly<Record<string, string>> {
  return store.get('Node', undefined, node.name)?.metadata.labels ?? {}
}

/** Where a label of the node was given, or the node itself. */
export function nodePlace(cluster: Cluster, node: ClusterNode, label?: string): SourceRef | undefined {
  const object = cluster.store.get('Node', undefined, node.name)
  if (object === undefined) return undefined
  return label === undefined ? placeOf(cluster, object) : placeOf(cluster, object, 'metadata', 'labels', label)
}

/** Labels of all other nodes. */
export function otherNodeLabels(cluster: Cluster, node: ClusterNode): readonly Readonly<Record<string, string>>[] {
  return cluster.nodes.filter(one => one !== node).map(one => nodeLabels(cluster, one))
}

/** Whether the agent hears of changes: a node parted from the API server acts on what it knew. */
export function staleNote({ store }: Cluster, node: ClusterNode): string {
  return store.isReachableFrom(node.name) ? '' : ' (it is parted from the API server and acts on what it knew)'
}

/** The release whose behaviour is taken, for texts: `Cilium 1.16`. */
export function releaseName({ profile }: Cilium): string {
  return `Cilium ${profile.minor}`
}
