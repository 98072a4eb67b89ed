import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import type {
  CiliumBGPPeeringPolicy,
  CiliumL2AnnouncementPolicy,
  CiliumLoadBalancerIPPool,
  CiliumNode,
} from './cilium-resources.ts'
import type { ConfigMap, CustomResourceDefinition, Lease, Namespace, Secret } from './configuration.ts'
import type { EndpointSlice, Endpoints } from './endpoint-slice.ts'
import type { Node } from './node.ts'
import type { Pod } from './pod.ts'
import type { Service } from './service.ts'
import type { DaemonSet, Deployment, ReplicaSet } from './workload.ts'

/** Kinds with typed objects. Other registered kinds are plain `KubernetesObject`. */
interface KindMap {
  Node: Node
  Namespace: Namespace
  Pod: Pod
  Deployment: Deployment
  ReplicaSet: ReplicaSet
  DaemonSet: DaemonSet
  Service: Service
  EndpointSlice: EndpointSlice
  Endpoints: Endpoints
  ConfigMap: ConfigMap
  Secret: Secret
  Lease: Lease
  CustomResourceDefinition: CustomResourceDefinition
  CiliumLoadBalancerIPPool: CiliumLoadBalancerIPPool
  CiliumBGPPeeringPolicy: CiliumBGPPeeringPolicy
  CiliumL2AnnouncementPolicy: CiliumL2AnnouncementPolicy
  CiliumNode: CiliumNode
}

/** The object type of a kind's name. */
export type ObjectOf<Kind extends string> = Kind extends keyof KindMap ? KindMap[Kind] : KubernetesObject
