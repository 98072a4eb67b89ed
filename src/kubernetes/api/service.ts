import type { Condition, KubernetesObject } from '../../model/kubernetes-object.ts'

/** core/v1 Service, with the API server's defaults filled in. */
export interface Service extends KubernetesObject {
  kind: 'Service'
  spec: ServiceSpec
  status: {
    loadBalancer?: { ingress?: LoadBalancerIngress[] }
    conditions?: Condition[]
  }
}

interface ServiceSpec {
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
  /** Dotted quad, `None` for headless services, absent for ExternalName. */
  clusterIP?: string
  clusterIPs?: string[]
  externalIPs?: string[]
  loadBalancerIP?: string
  loadBalancerClass?: string
  loadBalancerSourceRanges?: string[]
  allocateLoadBalancerNodePorts?: boolean
  externalTrafficPolicy?: 'Cluster' | 'Local'
  internalTrafficPolicy?: 'Cluster' | 'Local'
  healthCheckNodePort?: number
  ipFamilies?: string[]
  ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack'
  ports?: ServicePort[]
  selector?: Record<string, string>
  sessionAffinity?: 'None' | 'ClientIP'
  sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } }
  externalName?: string
  publishNotReadyAddresses?: boolean
}

export interface ServicePort {
  name?: string
  protocol: 'TCP' | 'UDP' | 'SCTP'
  port: number
  /** A number, or the name of a container port. */
  targetPort: number | string
  nodePort?: number
  appProtocol?: string
}

interface LoadBalancerIngress {
  ip?: string
  hostname?: string
  ipMode?: string
}
