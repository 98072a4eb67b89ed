import type { Ipv4Address } from '../wire/address.ts'
import type { ClusterNode } from './cluster-node.ts'

/** What kubelet asks of the network plugin. Cilium implements it. */
export interface PodNetwork {
  /** Whether the agent on the node has been up, so that the plugin is configured: kubelet then reports the node Ready. */
  isReady(node: ClusterNode): boolean
  /** Whether the agent works now: pods can start. */
  isAgentWorking(node: ClusterNode): boolean
  /** An address for a pod from the node's pod CIDR; undefined when there is none left. */
  allocatePodAddress(
    node: ClusterNode,
    pod: { readonly namespace: string; readonly name: string },
  ): Ipv4Address | undefined
  releasePodAddress(node: ClusterNode, address: Ipv4Address): void
  /** The pod's gateway: the address of cilium_host. */
  routerAddress(node: ClusterNode): Ipv4Address
  /** MTU of a pod's eth0. */
  podMtuBytes(node: ClusterNode): number
}
