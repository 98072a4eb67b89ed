import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Bridge } from '../link/bridge.ts'
import type { Cable } from '../link/cable.ts'
import type { Port } from '../link/port.ts'
import type { TopologyModel } from '../model/topology.ts'
import type { LabNode } from './node.ts'

/** A link of a topology at run time. */
export interface DeployedLink {
  readonly cable: Cable
  readonly ends: readonly [DeployedEnd, DeployedEnd]
}

/** One end: an interface of a host, or a port of a bridge. */
export interface DeployedEnd {
  /** Node name in the topology file. */
  readonly node: string
  readonly interface: string
  readonly port: Port
  readonly host?: Host
  readonly device?: Interface
  readonly bridge?: Bridge
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
