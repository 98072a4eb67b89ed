import type { Cable } from '../link/cable.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'
import { startRouter } from './router.ts'

/** The cable at `node:interface` of any topology; undefined when there is none. */
export function findCable(lab: Lab, node: string, name: string): Cable | undefined {
  for (const topology of lab.topologies.values()) {
    for (const link of topology.links) {
      if (link.ends.some(end => end.node === node && end.interface === name)) return link.cable
    }
  }
  return undefined
}

/** Cuts or mends a cable: both ends lose or regain carrier. */
export function setLink(lab: Lab, cable: Cable, connected: boolean): void {
  lab.simulator.journal.record(cable.name, connected ? 'link.up' : 'link.down')
  lab.simulator.as('work', () => cable.setConnected(connected))
}

/** A node dies at once: its cables lose carrier, its programs vanish without a word. */
export function nodeDown(lab: Lab, node: LabNode): void {
  if (!node.isRunning) return
  lab.simulator.journal.record(node.containerName, 'node.down')
  lab.simulator.as('work', () => {
    node.isRunning = false
    for (const cable of cablesOf(lab, node)) cable.setConnected(false)
    node.router?.speaker?.crash()
    setClusterNode(lab, node, false)
  })
}

/** A dead node comes back with the configuration it started with. */
export function nodeUp(lab: Lab, node: LabNode): void {
  if (node.isRunning) return
  lab.simulator.journal.record(node.containerName, 'node.up')
  lab.simulator.as('work', () => {
    node.isRunning = true
    for (const cable of cablesOf(lab, node)) cable.setConnected(true)
    if (node.router !== undefined) startRouter(lab, node)
    setClusterNode(lab, node, true)
  })
}

/** A kind node's kubelet and Cilium agent live and die with it. */
function setClusterNode(lab: Lab, node: LabNode, isRunning: boolean): void {
  for (const cluster of lab.clusters.values()) {
    if (cluster.node(node.name)?.host === node.host) cluster.setNodeRunning(node.name, isRunning)
  }
}

function cablesOf(lab: Lab, node: LabNode): Cable[] {
  const cables: Cable[] = []
  for (const topology of lab.topologies.values()) {
    for (const link of topology.links) if (link.ends.some(end => end.host === node.host)) cables.push(link.cable)
  }
  return cables
}
