import type { KubernetesObject } from '../../model/kubernetes-object.ts'

/** discovery.k8s.io/v1 EndpointSlice; belongs to the service in label `kubernetes.io/service-name`. */
export interface EndpointSlice extends KubernetesObject {
  kind: 'EndpointSlice'
  addressType: 'IPv4'
  endpoints: Endpoint[]
  ports: { name?: string; protocol: 'TCP' | 'UDP' | 'SCTP'; port: number }[]
}

export interface Endpoint {
  addresses: string[]
  conditions: { ready: boolean; serving: boolean; terminating: boolean }
  nodeName?: string
  targetRef?: { kind: 'Pod'; namespace: string; name: string; uid: string }
}

/** core/v1 Endpoints, the older form that kubectl still lists. */
export interface Endpoints extends KubernetesObject {
  kind: 'Endpoints'
  subsets?: EndpointSubset[]
}

interface EndpointSubset {
  addresses?: EndpointAddress[]
  notReadyAddresses?: EndpointAddress[]
  ports?: { name?: string; port: number; protocol: string }[]
}

interface EndpointAddress {
  ip: string
  nodeName?: string
  targetRef?: { kind: 'Pod'; namespace: string; name: string; uid: string }
}

/** Label that ties a slice to its service. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'
