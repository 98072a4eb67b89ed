import type { Cable } from '../../link/cable.ts'
import type { Lab } from '../lab.ts'

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
  if (cable.isConnected === connected) return
  lab.simulator.journal.record(cable.name, connected ? 'link.up' : 'link.down')
  lab.simulator.as('work', () => cable.setConnected(connected))
}
