/**
 * What the Helm chart leaves in kube-system: the daemonset, the operator and the configuration. The pods are made by the
 * controllers of the cluster. Source: install/kubernetes/cilium/templates.
 */
import type { ConfigMap } from '../api/configuration.ts'
import type { DaemonSet, Deployment } from '../api/workload.ts'
import type { Cilium } from './cilium.ts'
import { configMapData } from './config-map-data.ts'

const NAMESPACE = 'kube-system'

export function installKubeSystemObjects(cilium: Cilium): void {
  const { store } = cilium.cluster
  const objects = [configMap(cilium), daemonSet(cilium), operator(cilium)]
  for (const object of objects) {
    const { kind, metadata, ...content } = object
    // there already when this is an upgrade
    const updated = store.update(kind, NAMESPACE, metadata.name, draft => {
      for (const [key, value] of Object.entries(content)) if (key !== 'status') Object.assign(draft, { [key]: value })
    })
    const created = updated.ok ? updated : store.create(object)
    if (!created.ok)
      cilium.operator.log(`cannot create ${object.kind} ${object.metadata.name}: ${created.error.message}`)
  }
}

export function removeKubeSystemObjects(cilium: Cilium): void {
  const { store } = cilium.cluster
  store.delete('DaemonSet', NAMESPACE, 'cilium')
  store.delete('Deployment', NAMESPACE, 'cilium-operator')
  store.delete('ConfigMap', NAMESPACE, 'cilium-config')
  for (const node of store.list('CiliumNode')) store.delete('CiliumNode', undefined, node.metadata.name)
}

function configMap(cilium: Cilium): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: NAMESPACE },
    data: configMapData(cilium.config, cilium.profile),
  }
}

function daemonSet(cilium: Cilium): DaemonSet {
  const labels = {
    'k8s-app': 'cilium',
    'app.kubernetes.io/name': 'cilium-agent',
    'app.kubernetes.io/part-of': 'cilium',
  }
  const image = `quay.io/cilium/cilium:v${cilium.version}`
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'cilium', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: { 'k8s-app': 'cilium' } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [{ name: 'cilium-agent', image }],
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
    status: {},
  }
}

function operator(cilium: Cilium): Deployment {
  const labels = { 'io.cilium/app': 'operator', name: 'cilium-operator', 'app.kubernetes.io/name': 'cilium-operator' }
  const wanted = cilium.values.operator
  const replicas = typeof wanted === 'object' && wanted !== null && 'replicas' in wanted ? Number(wanted.replicas) : 2
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cilium-operator', namespace: NAMESPACE, labels },
    spec: {
      replicas: Math.min(replicas, cilium.cluster.nodes.length),
      selector: { matchLabels: { 'io.cilium/app': 'operator', name: 'cilium-operator' } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [{ name: 'cilium-operator', image: `quay.io/cilium/operator-generic:v${cilium.version}` }],
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
    status: {},
  }
}
