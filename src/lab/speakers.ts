import type { Speaker } from '../bgp/speaker.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'

/** Every BGP speaker that runs on a node: its router's, gobgpd's, and those of a Cilium agent's virtual routers. */
export function speakersOf(lab: Lab, node: LabNode): readonly Speaker[] {
  if (!node.isRunning) return []
  const speakers: Speaker[] = []
  if (node.router?.speaker !== undefined) speakers.push(node.router.speaker)
  if (node.gobgp !== undefined) speakers.push(node.gobgp.speaker)
  for (const cluster of lab.clusters.values()) {
    if (cluster.node(node.name)?.host !== node.host) continue
    for (const { speaker } of cluster.cilium?.agent(node.name)?.bgp.routers ?? [])
      if (speaker !== undefined) speakers.push(speaker)
  }
  return speakers
}
