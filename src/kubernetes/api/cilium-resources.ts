/**
 * Custom resources of Cilium whose behaviour is simulated, as stored: defaults of the CRD schemas are filled in.
 * Source: cilium/cilium pkg/k8s/apis/cilium.io/v2alpha1/{lbipam,bgpp,l2announcement}_types.go, v2/types.go.
 */
import type { Condition, KubernetesObject, LabelSelector } from '../../model/kubernetes-object.ts'

/** `CiliumLoadBalancerIPPool`, cluster scoped. */
export interface CiliumLoadBalancerIPPool extends KubernetesObject {
  kind: 'CiliumLoadBalancerIPPool'
  spec: {
    blocks?: { cidr?: string; start?: string; stop?: string }[]
    /** Until 1.15. */
    cidrs?: { cidr: string }[]
    serviceSelector?: LabelSelector
    disabled?: boolean
    allowFirstLastIPs?: 'Yes' | 'No'
  }
  status: { conditions?: Condition[] }
}

/** `CiliumBGPPeeringPolicy`, cluster scoped. */
export interface CiliumBGPPeeringPolicy extends KubernetesObject {
  kind: 'CiliumBGPPeeringPolicy'
  spec: {
    nodeSelector?: LabelSelector
    virtualRouters: BgpVirtualRouter[]
  }
}

export interface BgpVirtualRouter {
  localASN: number
  exportPodCIDR?: boolean
  podIPPoolSelector?: LabelSelector
  serviceSelector?: LabelSelector
  serviceAdvertisements?: ('LoadBalancerIP' | 'ClusterIP' | 'ExternalIP')[]
  neighbors: BgpNeighbor[]
}

export interface BgpNeighbor {
  peerAddress: string
  peerPort?: number
  peerASN: number
  authSecretRef?: string
  eBGPMultihopTTL?: number
  connectRetryTimeSeconds?: number
  holdTimeSeconds?: number
  keepAliveTimeSeconds?: number
  gracefulRestart?: { enabled: boolean; restartTimeSeconds?: number }
  families?: { afi: string; safi: string }[]
  advertisedPathAttributes?: BgpPathAttributes[]
}

export interface BgpPathAttributes {
  selectorType: 'PodCIDR' | 'CiliumLoadBalancerIPPool' | 'CiliumPodIPPool'
  selector?: LabelSelector
  communities?: { standard?: string[]; large?: string[]; wellKnown?: string[] }
  localPreference?: number
}

/** `CiliumL2AnnouncementPolicy`, cluster scoped. */
export interface CiliumL2AnnouncementPolicy extends KubernetesObject {
  kind: 'CiliumL2AnnouncementPolicy'
  spec: {
    nodeSelector?: LabelSelector
    serviceSelector?: LabelSelector
    interfaces?: string[]
    externalIPs?: boolean
    loadBalancerIPs?: boolean
  }
  status: { conditions?: Condition[] }
}

/** `CiliumNode`, cluster scoped, written by the agents. */
export interface CiliumNode extends KubernetesObject {
  kind: 'CiliumNode'
  spec: {
    addresses?: { type: 'InternalIP' | 'ExternalIP' | 'CiliumInternalIP'; ip: string }[]
    ipam?: { podCIDRs?: string[] }
    health?: { ipv4?: string }
  }
}
