import type { Condition, KubernetesObject } from '../../model/kubernetes-object.ts'

/** core/v1 Node. */
export interface Node extends KubernetesObject {
  kind: 'Node'
  spec: {
    podCIDR?: string
    podCIDRs?: string[]
    providerID?: string
    unschedulable?: boolean
    taints?: Taint[]
  }
  status: {
    addresses?: { type: 'InternalIP' | 'ExternalIP' | 'Hostname'; address: string }[]
    conditions?: Condition[]
    nodeInfo?: Record<string, string>
    capacity?: Record<string, string>
    allocatable?: Record<string, string>
  }
}

export interface Taint {
  key: string
  value?: string
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** The node's first InternalIP, dotted quad; undefined before kubelet has registered it. */
export function internalAddress(node: Node): string | undefined {
  return node.status.addresses?.find(address => address.type === 'InternalIP')?.address
}
