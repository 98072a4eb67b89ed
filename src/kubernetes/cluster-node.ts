import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Cable } from '../link/cable.ts'
import type { KindNodeModel } from '../model/topology.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'

/** A pod that runs on a node. */
export interface RunningPod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly address: Ipv4Address
  /** Its network namespace; the node's own for a pod with hostNetwork. */
  readonly host: Host
  readonly usesHostNetwork: boolean
  /** The node's end of the veth pair (`lxc…`); undefined with hostNetwork. */
  readonly nodeInterface: Interface | undefined
  readonly cable: Cable | undefined
}

/** A node of a cluster at run time: the kind container's host and the pods on it. */
export interface ClusterNode {
  readonly name: string
  readonly host: Host
  readonly model: KindNodeModel
  /** InternalIP: kubelet's `node-ip` when the kind file gives one, else the docker network's address. */
  readonly address: Ipv4Address
  readonly podPrefix: Prefix
  /** By uid, in the order they started. */
  readonly pods: Map<string, RunningPod>
  /** Pods come and go here: called after each start and stop. */
  readonly onPodsChange: Set<(pod: RunningPod, change: 'started' | 'stopped') => void>
  /** False once the container has stopped. */
  isRunning: boolean
}
