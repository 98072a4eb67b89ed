import type { Node } from '../../../kubernetes/api/node.ts'
import { formatNodeRoles } from './columns-node-pod.ts'
import { annotationRows, formatDate, formatRows, labelRows, type Rows } from './describe-lines.ts'
import type { KubectlRequest } from './request.ts'

/** Source: k8s.io/kubectl pkg/describe/describe.go `describeNode`. Allocated resources are not modelled and left out. */
export function describeNode({ store }: KubectlRequest, node: Node): string {
  const { metadata, spec, status } = node
  const taints = (spec.taints ?? []).map(taint => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`)
  const head: Rows = [
    ['Name:', metadata.name],
    ['Roles:', formatNodeRoles(node)],
    ...labelRows(node),
    ...annotationRows(node),
    ['CreationTimestamp:', formatDate(metadata.creationTimestamp)],
    ...(taints.length === 0
      ? [['Taints:', '<none>']]
      : taints.map((text, index) => [index === 0 ? 'Taints:' : '', text])),
    ['Unschedulable:', String(spec.unschedulable ?? false)],
  ]
  const conditions: Rows = [
    ['Conditions:'],
    ['  Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'],
    ['  ----', '------', '------------------', '------', '-------'],
    ...(status.conditions ?? []).map(one => [
      `  ${one.type}`,
      one.status,
      formatDate(one.lastTransitionTime),
      one.reason ?? '',
      one.message ?? '',
    ]),
  ]
  const addresses: Rows = [
    ['Addresses:'],
    ...(status.addresses ?? []).map(({ type, address }) => [`  ${type}:`, address]),
  ]
  const information: Rows = [
    ['System Info:'],
    ...Object.entries(status.nodeInfo ?? {}).map(([key, value]) => [`  ${INFO_TITLES[key] ?? key}:`, value]),
  ]
  const pods = store.list('Pod').filter(pod => pod.spec.nodeName === metadata.name)
  const podRows: Rows = [
    [`Non-terminated Pods:`, `(${pods.length} in total)`],
    ['  Namespace', 'Name'],
    ['  ---------', '----'],
    ...pods.map(pod => [`  ${pod.metadata.namespace}`, pod.metadata.name]),
  ]
  const middle: Rows = [
    ['PodCIDR:', spec.podCIDR ?? ''],
    ['PodCIDRs:', spec.podCIDRs?.join(',') ?? ''],
    ['ProviderID:', spec.providerID ?? ''],
  ]
  const sections = [head, conditions, addresses, information, middle, podRows, [['Events:', '<none>']] as Rows]
  return sections.map(formatRows).join('')
}

const INFO_TITLES: Readonly<Record<string, string>> = {
  architecture: 'Architecture',
  containerRuntimeVersion: 'Container Runtime Version',
  kernelVersion: 'Kernel Version',
  kubeProxyVersion: 'Kube-Proxy Version',
  kubeletVersion: 'Kubelet Version',
  operatingSystem: 'Operating System',
  osImage: 'OS Image',
}
