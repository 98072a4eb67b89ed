import type { ResourceKind } from './resource-kind.ts'

/** The kinds that every cluster serves. Source: `kubectl api-resources` of Kubernetes 1.32. */
export const BUILTIN_KINDS: readonly ResourceKind[] = [
  core('Namespace', 'namespaces', ['ns'], { isNamespaced: false }),
  core('Node', 'nodes', ['no'], { isNamespaced: false }),
  core('ConfigMap', 'configmaps', ['cm']),
  core('Secret', 'secrets', []),
  core('ServiceAccount', 'serviceaccounts', ['sa']),
  core('Pod', 'pods', ['po'], { isInAll: true }),
  core('Service', 'services', ['svc'], { isInAll: true }),
  core('Endpoints', 'endpoints', ['ep'], { singular: 'endpoints' }),
  grouped('apps', 'DaemonSet', 'daemonsets', ['ds'], { isInAll: true }),
  grouped('apps', 'Deployment', 'deployments', ['deploy'], { isInAll: true }),
  grouped('apps', 'ReplicaSet', 'replicasets', ['rs'], { isInAll: true }),
  grouped('discovery.k8s.io', 'EndpointSlice', 'endpointslices', []),
  grouped('coordination.k8s.io', 'Lease', 'leases', []),
  grouped('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', ['crd', 'crds'], {
    isNamespaced: false,
  }),
  core('PersistentVolume', 'persistentvolumes', ['pv'], { isNamespaced: false }),
  core('PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc']),
  grouped('apps', 'StatefulSet', 'statefulsets', ['sts'], { isInAll: true }),
  grouped('batch', 'Job', 'jobs', [], { isInAll: true }),
  grouped('batch', 'CronJob', 'cronjobs', ['cj'], { isInAll: true }),
  grouped('rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles', [], { isNamespaced: false }),
  grouped('rbac.authorization.k8s.io', 'ClusterRoleBinding', 'clusterrolebindings', [], { isNamespaced: false }),
  grouped('rbac.authorization.k8s.io', 'Role', 'roles', []),
  grouped('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings', []),
  grouped('policy', 'PodDisruptionBudget', 'poddisruptionbudgets', ['pdb']),
  grouped('networking.k8s.io', 'NetworkPolicy', 'networkpolicies', ['netpol']),
  grouped('networking.k8s.io', 'Ingress', 'ingresses', ['ing']),
  grouped('networking.k8s.io', 'IngressClass', 'ingressclasses', [], { isNamespaced: false }),
  grouped('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', ['pc'], { isNamespaced: false }),
  grouped('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', [], {
    isNamespaced: false,
  }),
  grouped('admissionregistration.k8s.io', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', [], {
    isNamespaced: false,
  }),
  grouped('apiregistration.k8s.io', 'APIService', 'apiservices', [], { isNamespaced: false }),
]

interface KindOptions {
  readonly isNamespaced?: boolean
  readonly isInAll?: boolean
  readonly singular?: string
}

function core(kind: string, plural: string, shortNames: readonly string[], options: KindOptions = {}): ResourceKind {
  return grouped('', kind, plural, shortNames, options)
}

function grouped(
  group: string,
  kind: string,
  plural: string,
  shortNames: readonly string[],
  options: KindOptions = {},
): ResourceKind {
  const singular = options.singular ?? kind.toLowerCase()
  return { kind, group, versions: ['v1'], plural, singular, shortNames, isNamespaced: true, ...options }
}
