import type { Condition } from '../model/kubernetes-object.ts'
import { formatIpv4, formatPrefix } from '../wire/address.ts'
import type { Node } from './api/node.ts'
import { formatTimestamp } from './api/timestamp.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterNode } from './cluster-node.ts'
import { parseTaint } from './controllers/taints.ts'

/** The Node object that kubelet and kubeadm make of a node of the kind file. */
export function buildNode(cluster: Cluster, node: ClusterNode): Node {
  const now = formatTimestamp(cluster.simulator.wallMs)
  const podCIDR = formatPrefix(node.podPrefix)
  const resources = { cpu: '8', 'ephemeral-storage': '250000Mi', memory: '16000000Ki', pods: '110' }
  const taints = node.model.taints.flatMap(text => parseTaint(text) ?? [])
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: labelsOf(cluster, node),
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR,
      podCIDRs: [podCIDR],
      providerID: `kind://docker/${cluster.name}/${node.name}`,
      ...(taints.length === 0 ? {} : { taints }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: formatIpv4(node.address) },
        { type: 'Hostname', address: node.name },
      ],
      capacity: resources,
      allocatable: resources,
      conditions: startingConditions(now),
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.18',
        kernelVersion: '6.8.0-45-generic',
        kubeProxyVersion: kubernetesVersion(node),
        kubeletVersion: kubernetesVersion(node),
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
      },
    },
  }
}

/** The tag of the node's image, `kindest/node:v1.31.0@sha256:…`. */
export function kubernetesVersion(node: ClusterNode): string {
  return /:(v\d+\.\d+\.\d+)/.exec(node.model.image ?? '')?.[1] ?? DEFAULT_VERSION
}

/** What kind 0.24 starts when the file names no image. */
const DEFAULT_VERSION = 'v1.31.0'

/** kubelet's Ready condition with and without a working network plugin. */
export function readinessCondition(isReady: boolean): Condition {
  if (isReady)
    return { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
  const message =
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'
  return { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message }
}

function labelsOf(cluster: Cluster, node: ClusterNode): Record<string, string> {
  const controlPlane: Record<string, string> = { 'node-role.kubernetes.io/control-plane': '' }
  // kind takes this label off the only node of a cluster
  if (cluster.model.nodes.length > 1) controlPlane['node.kubernetes.io/exclude-from-external-load-balancers'] = ''
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    ...(node.model.role === 'control-plane' ? controlPlane : {}),
    ...Object.fromEntries(node.model.labels),
  }
}

function startingConditions(now: string): Condition[] {
  const good = (type: string, reason: string, message: string): Condition => {
    return { type, status: 'False', reason, message, lastTransitionTime: now }
  }
  return [
    good('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    good('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    good('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    { ...readinessCondition(false), lastTransitionTime: now },
  ]
}
