/**
 * `cilium status`: what cilium-cli gathers from the store. Source: cilium-cli status/status.go.
 * Not modelled: errors and warnings per pod, Hubble, ClusterMesh; JSON output.
 */
import type { Pod } from '../../../kubernetes/api/pod.ts'
import { isPodReady } from '../../../kubernetes/api/pod.ts'
import type { Cilium } from '../../../kubernetes/cilium/cilium.ts'
import { alignTabs } from '../../../text/tab-writer.ts'

const NAMESPACE = 'kube-system'

interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment'
  readonly name: string
  readonly desired: number
  readonly ready: number
  readonly available: number
  readonly pods: readonly Pod[]
}

/** Whether agents and operator have all their pods ready. */
export function isCiliumReady(cilium: Cilium): boolean {
  return workloads(cilium).every(({ desired, ready }) => desired > 0 && ready === desired)
}

/** The whole text of `cilium status`. */
export function renderStatus(cilium: Cilium): string {
  const [agents, operator] = workloads(cilium)
  const text = (workload: Workload | undefined) => {
    if (workload === undefined || workload.desired === 0) return 'disabled'
    return workload.ready === workload.desired ? 'OK' : `${workload.desired - workload.ready} errors`
  }
  const logo = [
    `    /¯¯\\`,
    ` /¯¯\\__/¯¯\\    Cilium:             ${text(agents)}`,
    ` \\__/¯¯\\__/    Operator:           ${text(operator)}`,
    ` /¯¯\\__/¯¯\\    Envoy DaemonSet:    disabled (using embedded mode)`,
    ` \\__/¯¯\\__/    Hubble Relay:       disabled`,
    `    \\__/       ClusterMesh:        disabled`,
    '',
    '',
  ]
  return logo.join('\n') + renderDetails(cilium)
}

function renderDetails(cilium: Cilium): string {
  const all = workloads(cilium)
  const rows = all.map(({ kind, name, desired, ready, available }) => [
    kind,
    name,
    `Desired: ${desired}, Ready: ${ready}/${desired}, Available: ${available}/${desired}`,
  ])
  for (const [index, { name, pods }] of all.entries()) {
    const running = pods.filter(pod => pod.status.phase === 'Running').length
    rows.push([index === 0 ? 'Containers:' : '', name, `Running: ${running}`])
  }
  rows.push(['Cluster Pods:', managedPods(cilium)])
  rows.push(['Helm chart version:', cilium.version])
  for (const [index, { name, pods }] of all.entries()) {
    const image = pods[0]?.spec.containers[0]?.image
    if (image !== undefined) rows.push([index === 0 ? 'Image versions' : '', name, `${image}: ${pods.length}`])
  }
  return alignTabs(rows, { minimumWidth: 8, padding: 4 })
}

function workloads(cilium: Cilium): readonly Workload[] {
  const { store } = cilium.cluster
  const daemonSet = store.get('DaemonSet', NAMESPACE, 'cilium')
  const deployment = store.get('Deployment', NAMESPACE, 'cilium-operator')
  const pods = store.list('Pod', NAMESPACE)
  const found: Workload[] = []
  if (daemonSet !== undefined) {
    found.push({
      kind: 'DaemonSet',
      name: 'cilium',
      desired: daemonSet.status.desiredNumberScheduled ?? 0,
      ready: daemonSet.status.numberReady ?? 0,
      available: daemonSet.status.numberAvailable ?? 0,
      pods: pods.filter(pod => pod.metadata.labels?.['k8s-app'] === 'cilium'),
    })
  }
  if (deployment !== undefined) {
    found.push({
      kind: 'Deployment',
      name: 'cilium-operator',
      desired: deployment.status.replicas ?? deployment.spec.replicas,
      ready: deployment.status.readyReplicas ?? 0,
      available: deployment.status.availableReplicas ?? 0,
      pods: pods.filter(pod => pod.metadata.labels?.['io.cilium/app'] === 'operator'),
    })
  }
  return found
}

/** Pods with an address of their own that run on a node whose agent works. */
function managedPods(cilium: Cilium): string {
  const pods = cilium.cluster.store.list('Pod').filter(pod => pod.spec.hostNetwork !== true)
  const managed = pods.filter(pod => isPodReady(pod) && cilium.agent(pod.spec.nodeName ?? '')?.isReady === true)
  return `${managed.length}/${pods.length} managed by Cilium`
}
