import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Cable } from '../link/cable.ts'
import type { TopologyModel } from '../model/topology.ts'
import type { LabNode } from './node.ts'

/** A link of a topology at run time. */
export interface DeployedLink {
  readonly cable: Cable
  readonly ends: readonly [DeployedEnd, DeployedEnd]
}

/** One end: an interface of a container, or of the machine where a bridge is its master. */
export interface DeployedEnd {
  /** Node name in the topology file. */
  readonly node: string
  readonly interface: string
  readonly host: Host
  readonly device: Interface
}

/** A containerlab topology that runs. */
export interface DeployedTopology {
  readonly model: TopologyModel
  /** By node name. */
  readonly nodes: ReadonlyMap<string, LabNode>
  readonly links: readonly DeployedLink[]
  /** Interfaces on the management network. */
  readonly management: readonly Interface[]
}
