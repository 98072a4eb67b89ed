import type { KubernetesObject } from '../../model/kubernetes-object.ts'

/** core/v1 Namespace. */
export interface Namespace extends KubernetesObject {
  kind: 'Namespace'
  spec: { finalizers?: string[] }
  status: { phase?: 'Active' | 'Terminating' }
}

/** core/v1 ConfigMap. */
export interface ConfigMap extends KubernetesObject {
  kind: 'ConfigMap'
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

/** core/v1 Secret; `data` is base64. */
export interface Secret extends KubernetesObject {
  kind: 'Secret'
  type?: string
  data?: Record<string, string>
}

/** coordination.k8s.io/v1 Lease. Times are RFC 3339 text with microseconds. */
export interface Lease extends KubernetesObject {
  kind: 'Lease'
  spec: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

/** apiextensions.k8s.io/v1 CustomResourceDefinition, as listed by kubectl. */
export interface CustomResourceDefinition extends KubernetesObject {
  kind: 'CustomResourceDefinition'
  spec: {
    group: string
    scope: 'Cluster' | 'Namespaced'
    names: { kind: string; plural: string; singular: string; shortNames?: string[] }
    versions: { name: string; served: boolean; storage: boolean }[]
  }
  status: { conditions?: { type: string; status: 'True' | 'False' | 'Unknown'; reason?: string; message?: string }[] }
}
