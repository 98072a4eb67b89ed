import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { type Field, KEPT } from '../schema.ts'

/** Kubernetes' own kinds that manifests of other people bring along: the server takes them, and nothing here acts on them. */
export const INERT_KINDS: readonly ManifestKind[] = [
  inert('ClusterRole', 'rbac.authorization.k8s.io/v1', 'rules', 'aggregationRule'),
  inert('ClusterRoleBinding', 'rbac.authorization.k8s.io/v1', 'subjects', 'roleRef'),
  inert('Role', 'rbac.authorization.k8s.io/v1', 'rules'),
  inert('RoleBinding', 'rbac.authorization.k8s.io/v1', 'subjects', 'roleRef'),
  inert('PodDisruptionBudget', 'policy/v1', 'spec'),
  inert('NetworkPolicy', 'networking.k8s.io/v1', 'spec'),
  inert('Ingress', 'networking.k8s.io/v1', 'spec'),
  inert('IngressClass', 'networking.k8s.io/v1', 'spec'),
  inert('StatefulSet', 'apps/v1', 'spec'),
  inert('Job', 'batch/v1', 'spec'),
  inert('CronJob', 'batch/v1', 'spec'),
  inert('PriorityClass', 'scheduling.k8s.io/v1', 'value', 'globalDefault', 'description', 'preemptionPolicy'),
  inert('PersistentVolume', 'v1', 'spec'),
  inert('PersistentVolumeClaim', 'v1', 'spec'),
  inert('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'webhooks'),
  inert('MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'webhooks'),
  inert('APIService', 'apiregistration.k8s.io/v1', 'spec'),
]

function inert(kind: string, apiVersion: string, ...fields: readonly string[]): ManifestKind {
  const kept: Record<string, Field> = Object.fromEntries(fields.map(field => [field, KEPT]))
  const base = {
    kind,
    apiVersions: [apiVersion],
    flavour: 'builtin',
    schema: topLevel(kind, kept),
    isUnmodelled: true,
  } as const
  // names of roles and their bindings may hold colons: `system:node`
  return apiVersion.startsWith('rbac.') ? { ...base, checkName: checkPathSegment } : base
}

/** Source: apimachinery pkg/api/validation/path (IsValidPathSegmentName). */
function checkPathSegment(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`
  const wrong = ['/', '%'].find(character => name.includes(character))
  return wrong === undefined ? undefined : `may not contain '${wrong}'`
}
