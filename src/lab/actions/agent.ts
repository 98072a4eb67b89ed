import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Lab } from '../lab.ts'

/**
 * The Cilium agent of a node dies and stays away: its BGP sessions close, its BPF programs go on with what they know.
 * False: there is no such node, or no Cilium.
 */
export function agentDown(lab: Lab, nodeName: string): boolean {
  return withAgent(lab, nodeName, ({ cilium }) => cilium?.exitAgent(nodeName))
}

/** The agent starts again. */
export function agentUp(lab: Lab, nodeName: string): boolean {
  return withAgent(lab, nodeName, ({ cilium }) => cilium?.restartAgent(nodeName))
}

/** Parts a node from the API server, or joins them again: its kubelet and its agent see no changes and renew nothing. */
export function setApiServerReachable(lab: Lab, nodeName: string, isReachable: boolean): boolean {
  const cluster = clusterOf(lab, nodeName)
  if (cluster === undefined) return false
  lab.simulator.journal.record(nodeName, isReachable ? 'apiserver.reachable' : 'apiserver.unreachable')
  lab.simulator.as('work', () => cluster.setApiServerReachable(nodeName, isReachable))
  return true
}

function withAgent(lab: Lab, nodeName: string, action: (cluster: Cluster) => void): boolean {
  const cluster = clusterOf(lab, nodeName)
  if (cluster?.cilium?.agent(nodeName) === undefined) return false
  lab.simulator.as('work', () => action(cluster))
  return true
}

function clusterOf(lab: Lab, nodeName: string): Cluster | undefined {
  return [...lab.clusters.values()].find(cluster => cluster.node(nodeName) !== undefined)
}
