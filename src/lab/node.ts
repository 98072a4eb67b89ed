import type { BfdDaemon } from '../bfd/bfd-daemon.ts'
import type { Speaker } from '../bgp/speaker.ts'
import type { Host } from '../host/host.ts'
import type { GobgpModel } from '../model/gobgp.ts'
import type { RouterModel } from '../model/router.ts'
import type { NodeKind } from '../model/topology.ts'
import type { Zebra } from '../zebra/zebra.ts'
import type { KernelBefore } from './actions/node.ts'

/** A routing suite running on a node: the configuration it read and the daemons. */
export interface RouterDaemons {
  readonly model: RouterModel
  readonly zebra: Zebra
  readonly speaker: Speaker | undefined
  /** Runs when the configuration has anything for it. */
  readonly bfd: BfdDaemon | undefined
}

/** A gobgpd running on a node. */
export interface GobgpDaemon {
  readonly model: GobgpModel
  readonly speaker: Speaker
}

/** One container of the simulated machine, or the machine itself. */
export interface LabNode {
  /** Name in the topology file: `leaf01`. The machine's is `machine`. */
  readonly name: string
  /** docker's name: `clab-cilium-bgp-leaf01`. */
  readonly containerName: string
  /** The containerlab lab or kind cluster it belongs to; empty for the machine. */
  readonly labName: string
  readonly kind: NodeKind | 'kind-node' | 'machine'
  readonly image: string
  readonly hostName: string
  /** Its network namespace. `network-mode: container:X` shares the host of X. */
  readonly host: Host
  readonly environment: ReadonlyMap<string, string>
  /** Files bound or written into it, by absolute path. */
  readonly files: Map<string, string>
  /** Where on the machine the text of a bound file came from, by path inside, with that text: it may change later. */
  readonly boundFrom?: ReadonlyMap<string, { readonly from: string; readonly text: string }>
  router: RouterDaemons | undefined
  /** gobgpd, where the container has a configuration for it. */
  gobgp?: GobgpDaemon | undefined
  isRunning: boolean
  /** While it is dead: what its kernel gets back. */
  kernelBefore?: KernelBefore | undefined
}
