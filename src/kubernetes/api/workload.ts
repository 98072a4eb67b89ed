import type { Condition, KubernetesObject, LabelSelector } from '../../model/kubernetes-object.ts'
import type { PodTemplate } from './pod.ts'

/** apps/v1 Deployment. */
export interface Deployment extends KubernetesObject {
  kind: 'Deployment'
  spec: {
    replicas: number
    selector: LabelSelector
    template: PodTemplate
    strategy?: {
      type: 'RollingUpdate' | 'Recreate'
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string }
    }
    revisionHistoryLimit?: number
    paused?: boolean
    progressDeadlineSeconds?: number
    minReadySeconds?: number
  }
  status: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    unavailableReplicas?: number
    conditions?: Condition[]
  }
}

/** apps/v1 ReplicaSet. */
export interface ReplicaSet extends KubernetesObject {
  kind: 'ReplicaSet'
  spec: { replicas: number; selector: LabelSelector; template: PodTemplate; minReadySeconds?: number }
  status: {
    replicas?: number
    readyReplicas?: number
    availableReplicas?: number
    fullyLabeledReplicas?: number
    observedGeneration?: number
  }
}

/** apps/v1 DaemonSet. */
export interface DaemonSet extends KubernetesObject {
  kind: 'DaemonSet'
  spec: { selector: LabelSelector; template: PodTemplate; updateStrategy?: unknown }
  status: {
    currentNumberScheduled?: number
    desiredNumberScheduled?: number
    numberReady?: number
    numberAvailable?: number
    numberUnavailable?: number
    updatedNumberScheduled?: number
    numberMisscheduled?: number
    observedGeneration?: number
  }
}
