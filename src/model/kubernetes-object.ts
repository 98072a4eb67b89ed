/** `metadata` of an API object. Times are RFC 3339 text with one-second resolution, as the API server writes them. */
export interface ObjectMetadata {
  name: string
  /** Absent for cluster-scoped kinds. */
  namespace?: string
  uid?: string
  /** Counts up over the whole store. */
  resourceVersion?: string
  /** Counts changes of `spec`. */
  generation?: number
  creationTimestamp?: string
  /** Set when deletion has begun and somebody still holds the object (finalizer, kubelet). */
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  generateName?: string
}

/** metav1 OwnerReference: who made an object. */
export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** An object of the Kubernetes API as plain JSON. Kinds with typed `spec` and `status` are in kubernetes/api. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: ObjectMetadata
  spec?: unknown
  status?: unknown
}

/** metav1 LabelSelector: all parts must hold; an empty one selects everything. */
export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: LabelSelectorRequirement[]
}

/** metav1 LabelSelectorRequirement. */
export interface LabelSelectorRequirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: string[]
}

/** A status condition, `metav1.Condition`. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  observedGeneration?: number
}
