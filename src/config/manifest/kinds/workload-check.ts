import type { KubernetesObject, LabelSelector } from '../../../model/kubernetes-object.ts'
import { invalid } from '../manifest-kind.ts'
import type { ManifestIssue } from '../validate.ts'

/** The pods of a workload must match its selector. Source: Kubernetes pkg/apis/apps/validation/validation.go. */
export function checkWorkload(object: KubernetesObject): ManifestIssue[] {
  const spec = (object.spec ?? {}) as {
    selector?: LabelSelector
    template?: { metadata?: { labels?: Record<string, string> } }
  }
  const wanted = spec.selector?.matchLabels ?? {}
  const isEmpty = Object.keys(wanted).length === 0 && (spec.selector?.matchExpressions ?? []).length === 0
  if (spec.selector === undefined) return []
  if (isEmpty) {
    return [invalid(['spec', 'selector'], 'spec.selector: Invalid value: {}: empty selector is invalid for deployment')]
  }
  const labels = spec.template?.metadata?.labels ?? {}
  if (Object.entries(wanted).every(([key, value]) => labels[key] === value)) return []
  const shown = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = shown.map(([key, value]) => `"${key}":"${value}"`).join(', ')
  return [
    invalid(
      ['spec', 'template', 'metadata', 'labels'],
      `spec.template.metadata.labels: Invalid value: map[string]string{${text}}: \`selector\` does not match template \`labels\``,
    ),
  ]
}
