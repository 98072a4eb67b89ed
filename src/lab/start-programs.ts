import { startGobgp } from './gobgp.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'
import { startRouter } from './router.ts'

/** Starts what a container's files configure: a routing suite, gobgpd. */
export function startPrograms(lab: Lab, node: LabNode): void {
  startRouter(lab, node)
  startGobgp(lab, node)
}
