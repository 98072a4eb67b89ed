import type { Condition, KubernetesObject } from '../../model/kubernetes-object.ts'

/** core/v1 Pod. */
export interface Pod extends KubernetesObject {
  kind: 'Pod'
  spec: PodSpec
  status: PodStatus
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  hostNetwork?: boolean
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
  serviceAccountName?: string
  tolerations?: Toleration[]
  affinity?: unknown
  [other: string]: unknown
}

export interface Toleration {
  key?: string
  operator?: 'Exists' | 'Equal'
  value?: string
  effect?: string
}

export interface Container {
  name: string
  image: string
  imagePullPolicy?: string
  ports?: ContainerPort[]
  [other: string]: unknown
}

interface ContainerPort {
  name?: string
  containerPort: number
  protocol?: string
  hostPort?: number
}

export interface PodStatus {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  podIP?: string
  podIPs?: { ip: string }[]
  hostIP?: string
  startTime?: string
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  qosClass?: string
}

interface ContainerStatus {
  name: string
  image: string
  ready: boolean
  started?: boolean
  restartCount: number
  state: {
    running?: { startedAt: string }
    waiting?: { reason: string; message?: string }
    terminated?: { reason: string; exitCode: number }
  }
}

/** Template in a Deployment, ReplicaSet or DaemonSet. */
export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

/** Whether the pod's Ready condition is True. */
export function isPodReady(pod: Pod): boolean {
  return pod.status.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True') ?? false
}

/** Whether its deletion has begun. */
export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}
