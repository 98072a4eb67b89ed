import { findCondition } from '../../../kubernetes/api/condition.ts'
import type { Node } from '../../../kubernetes/api/node.ts'
import type { Pod } from '../../../kubernetes/api/pod.ts'
import { formatAge } from './age.ts'
import type { Column } from './columns.ts'

const name = { header: 'NAME', cell: (object: { metadata: { name: string } }) => object.metadata.name }

export const NODE_COLUMNS: readonly Column<Node>[] = [
  name,
  { header: 'STATUS', cell: formatNodeStatus },
  { header: 'ROLES', cell: formatNodeRoles },
  { header: 'AGE', cell: (node, wallMs) => formatAge(node.metadata.creationTimestamp, wallMs) },
  { header: 'VERSION', cell: node => node.status.nodeInfo?.kubeletVersion ?? '' },
  { header: 'INTERNAL-IP', isWide: true, cell: node => addressOf(node, 'InternalIP') },
  { header: 'EXTERNAL-IP', isWide: true, cell: node => addressOf(node, 'ExternalIP') },
  { header: 'OS-IMAGE', isWide: true, cell: node => node.status.nodeInfo?.osImage ?? '<unknown>' },
  { header: 'KERNEL-VERSION', isWide: true, cell: node => node.status.nodeInfo?.kernelVersion ?? '<unknown>' },
  {
    header: 'CONTAINER-RUNTIME',
    isWide: true,
    cell: node => node.status.nodeInfo?.containerRuntimeVersion ?? '<unknown>',
  },
]

export const POD_COLUMNS: readonly Column<Pod>[] = [
  name,
  { header: 'READY', cell: formatPodReady },
  { header: 'STATUS', cell: formatPodStatus },
  { header: 'RESTARTS', cell: () => '0' },
  { header: 'AGE', cell: (pod, wallMs) => formatAge(pod.metadata.creationTimestamp, wallMs) },
  { header: 'IP', isWide: true, cell: pod => pod.status.podIP ?? '<none>' },
  { header: 'NODE', isWide: true, cell: pod => pod.spec.nodeName ?? '<none>' },
  { header: 'NOMINATED NODE', isWide: true, cell: () => '<none>' },
  { header: 'READINESS GATES', isWide: true, cell: () => '<none>' },
]

/** `Ready`, `NotReady`, `Ready,SchedulingDisabled`. */
function formatNodeStatus(node: Node): string {
  const ready = findCondition(node.status.conditions, 'Ready')
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status
}

/** From labels `node-role.kubernetes.io/ROLE`, sorted. */
export function formatNodeRoles(node: Node): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(node.metadata.labels ?? {}).filter(
    key => key.startsWith(prefix) && key.length > prefix.length,
  )
  return roles.length === 0
    ? '<none>'
    : roles
        .map(key => key.slice(prefix.length))
        .sort()
        .join(',')
}

/** Why a pod is where it is: the reason of a waiting container, Terminating, or the phase. */
export function formatPodStatus(pod: Pod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const waiting = pod.status.containerStatuses?.find(status => status.state.waiting !== undefined)
  return waiting?.state.waiting?.reason ?? pod.status.phase ?? 'Unknown'
}

function formatPodReady(pod: Pod): string {
  const ready = pod.status.containerStatuses?.filter(status => status.ready).length ?? 0
  return `${ready}/${pod.spec.containers.length}`
}

function addressOf(node: Node, type: string): string {
  return node.status.addresses?.find(address => address.type === type)?.address ?? '<none>'
}
