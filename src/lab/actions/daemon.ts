import type { Lab } from '../lab.ts'
import type { LabNode } from '../node.ts'
import { startBgpd } from '../router.ts'

/** bgpd is killed: the kernel closes its connections, zebra takes its routes back. False: the node runs none. */
export function daemonDown(lab: Lab, node: LabNode): boolean {
  const { router } = node
  if (router?.speaker === undefined) return false
  lab.simulator.journal.record(node.containerName, 'daemon.down', { daemon: 'bgpd' })
  const { speaker } = router
  node.router = { ...router, speaker: undefined }
  lab.simulator.as('work', () => speaker.crash())
  return true
}

/** bgpd starts again with the configuration it had. Differs from FRR: watchfrr would do that by itself after a while. */
export function daemonUp(lab: Lab, node: LabNode): boolean {
  if (node.router === undefined) return false
  if (node.router.speaker !== undefined) return true
  lab.simulator.journal.record(node.containerName, 'daemon.up', { daemon: 'bgpd' })
  lab.simulator.as('work', () => startBgpd(node))
  return true
}
