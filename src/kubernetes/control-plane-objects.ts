/** What kubeadm and kind put into a new cluster: namespaces, the kubernetes service, DNS, control plane pods, CRDs aside. */
import type { KubernetesObject } from '../model/kubernetes-object.ts'
import { broadcastAddress, formatIpv4, prefixAddress, prefixLength } from '../wire/address.ts'
import { SERVICE_NAME_LABEL } from './api/endpoint-slice.ts'
import type { PodSpec } from './api/pod.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterNode } from './cluster-node.ts'
import { kubernetesVersion } from './node-object.ts'

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'local-path-storage']
const EVERYWHERE = [{ operator: 'Exists' as const }]
const ON_CONTROL_PLANE = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]

/** Namespaces come before everything else. */
export function createNamespaces(cluster: Cluster): void {
  for (const name of NAMESPACES) create(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

/** Services, workloads and static pods; the nodes are registered by then. */
export function createControlPlaneObjects(cluster: Cluster): void {
  const controlPlanes = cluster.nodes.filter(node => node.model.role === 'control-plane')
  createKubernetesService(cluster, controlPlanes)
  createDns(cluster)
  for (const node of controlPlanes) createStaticPods(cluster, node)
  if (cluster.model.kubeProxyMode !== 'none') createKubeProxy(cluster)
  createStorageProvisioner(cluster)
}

function createKubernetesService(cluster: Cluster, controlPlanes: readonly ClusterNode[]): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  const port = { name: 'https', protocol: 'TCP' as const, port: 6443 }
  const clusterIP = serviceAddress(cluster, 1)
  create(cluster, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    spec: { type: 'ClusterIP', clusterIP, ports: [{ ...port, port: 443, targetPort: 6443 }] },
  })
  const addresses = controlPlanes.map(node => formatIpv4(node.address))
  const endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: addresses.map(ip => ({ ip })), ports: [port] }],
  }
  create(cluster, endpoints)
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { [SERVICE_NAME_LABEL]: 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: addresses.map(ip => ({
      addresses: [ip],
      conditions: { ready: true, serving: true, terminating: false },
    })),
    ports: [port],
  }
  create(cluster, slice)
}

/** kubeadm gives DNS the tenth address; a range too small for it has no DNS here. */
function createDns(cluster: Cluster): void {
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' }
  const port = (name: string, protocol: string, number: number) => ({
    name,
    protocol,
    port: number,
    targetPort: number,
  })
  const ports = [port('dns', 'UDP', 53), port('dns-tcp', 'TCP', 53), port('metrics', 'TCP', 9153)]
  if (prefixLength(cluster.model.serviceSubnet) <= 28) {
    create(cluster, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
      spec: { type: 'ClusterIP', clusterIP: serviceAddress(cluster, 10), selector: { 'k8s-app': 'kube-dns' }, ports },
    })
  }
  createDeployment(
    cluster,
    'kube-system',
    'coredns',
    2,
    { 'k8s-app': 'kube-dns' },
    {
      containers: [{ name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.11.1' }],
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...ON_CONTROL_PLANE],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    },
  )
}

function createStorageProvisioner(cluster: Cluster): void {
  createDeployment(
    cluster,
    'local-path-storage',
    'local-path-provisioner',
    1,
    { app: 'local-path-provisioner' },
    {
      containers: [
        { name: 'local-path-provisioner', image: 'docker.io/kindest/local-path-provisioner:v20240813-c6f155d6' },
      ],
      tolerations: [...ON_CONTROL_PLANE],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    },
  )
}

function createStaticPods(cluster: Cluster, node: ClusterNode): void {
  const version = kubernetesVersion(node)
  const components = {
    etcd: 'registry.k8s.io/etcd:3.5.15-0',
    'kube-apiserver': `registry.k8s.io/kube-apiserver:${version}`,
    'kube-controller-manager': `registry.k8s.io/kube-controller-manager:${version}`,
    'kube-scheduler': `registry.k8s.io/kube-scheduler:${version}`,
  }
  for (const [component, image] of Object.entries(components)) {
    create(cluster, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${component}-${node.name}`,
        namespace: 'kube-system',
        labels: { component, tier: 'control-plane' },
        annotations: { 'kubernetes.io/config.source': 'file' },
      },
      spec: {
        hostNetwork: true,
        nodeName: node.name,
        tolerations: EVERYWHERE,
        containers: [{ name: component, image }],
      },
    })
  }
}

function createKubeProxy(cluster: Cluster): void {
  const labels = { 'k8s-app': 'kube-proxy' }
  const containers = [
    { name: 'kube-proxy', image: `registry.k8s.io/kube-proxy:${kubernetesVersion(cluster.nodes[0]!)}` },
  ]
  create(cluster, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-proxy', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { hostNetwork: true, tolerations: EVERYWHERE, containers } },
    },
  })
}

function createDeployment(
  cluster: Cluster,
  namespace: string,
  name: string,
  replicas: number,
  labels: Record<string, string>,
  spec: PodSpec,
): void {
  create(cluster, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
}

/** The nth address of the service range. */
function serviceAddress(cluster: Cluster, index: number): string {
  const first = prefixAddress(cluster.model.serviceSubnet)
  const last = broadcastAddress(first, prefixLength(cluster.model.serviceSubnet))
  return formatIpv4(Math.min(first + index, last))
}

function create(cluster: Cluster, object: KubernetesObject): void {
  const result = cluster.store.create(object)
  if (!result.ok) {
    cluster.simulator.journal.record(cluster.name, 'kubernetes.bootstrap', { refused: result.error.message })
  }
}
