import { controllerOf } from '../../../kubernetes/api/owner.ts'
import type { Container, Pod } from '../../../kubernetes/api/pod.ts'
import { formatPodStatus } from './columns-node-pod.ts'
import { annotationRows, formatDate, formatRows, labelRows, mapRows, type Rows } from './describe-lines.ts'
import type { KubectlRequest } from './request.ts'

/** Source: k8s.io/kubectl pkg/describe/describe.go `describePod`. */
export function describePod(_request: KubectlRequest, pod: Pod): string {
  const { metadata, spec, status } = pod
  const owner = controllerOf(pod)
  const node = spec.nodeName === undefined ? '<none>' : `${spec.nodeName}/${status.hostIP ?? ''}`
  const head: Rows = [
    ['Name:', metadata.name],
    ['Namespace:', metadata.namespace!],
    ['Priority:', '0'],
    ['Service Account:', String(spec.serviceAccountName ?? 'default')],
    ['Node:', node],
    ...(status.startTime === undefined ? [] : [['Start Time:', formatDate(status.startTime)]]),
    ...labelRows(pod),
    ...annotationRows(pod),
    ['Status:', formatPodStatus(pod)],
    ['IP:', status.podIP ?? ''],
    ...(status.podIPs === undefined
      ? [['IPs:', '<none>']]
      : [['IPs:'], ...status.podIPs.map(({ ip }) => ['  IP:', ip])]),
    ...(owner === undefined ? [] : [['Controlled By:', `${owner.kind}/${owner.name}`]]),
  ]
  const containers: Rows = [['Containers:'], ...spec.containers.flatMap(container => containerRows(pod, container))]
  const conditions: Rows = [
    ['Conditions:'],
    ['  Type', 'Status'],
    ...(status.conditions ?? []).map(one => [`  ${one.type}`, `${one.status} `]),
  ]
  const tolerations = (spec.tolerations ?? []).map(one =>
    `${one.key ?? ''}${one.value ? `=${one.value}` : ''}${one.effect ? `:${one.effect}` : ''} op=${one.operator ?? 'Equal'}`.trim(),
  )
  const tail: Rows = [
    ['QoS Class:', status.qosClass ?? 'BestEffort'],
    ...mapRows('Node-Selectors', spec.nodeSelector, '='),
    ...(tolerations.length === 0
      ? [['Tolerations:', '<none>']]
      : tolerations.map((text, index) => [index === 0 ? 'Tolerations:' : '', text])),
    ['Events:', '<none>'],
  ]
  return formatRows(head) + formatRows(containers) + formatRows(conditions) + formatRows(tail)
}

function containerRows(pod: Pod, container: Container): Rows {
  const status = pod.status.containerStatuses?.find(one => one.name === container.name)
  const ports = (container.ports ?? []).map(port => `${port.containerPort}/${port.protocol ?? 'TCP'}`)
  const state = status?.state
  const stateRows: Rows =
    state?.running !== undefined
      ? [
          ['    State:', 'Running'],
          ['      Started:', formatDate(state.running.startedAt)],
        ]
      : [
          ['    State:', 'Waiting'],
          ['      Reason:', state?.waiting?.reason ?? 'ContainerCreating'],
        ]
  return [
    [`  ${container.name}:`],
    ['    Image:', container.image],
    [ports.length > 1 ? '    Ports:' : '    Port:', ports.length === 0 ? '<none>' : ports.join(', ')],
    ...(status === undefined ? [] : stateRows),
    ['    Ready:', status?.ready === true ? 'True' : 'False'],
    ['    Restart Count:', String(status?.restartCount ?? 0)],
  ]
}
