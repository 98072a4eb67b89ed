import type { LintRule } from '../rule.ts'
import { invalidRequirement, selectorUses } from '../selector-uses.ts'

export const invalidSelector: LintRule = {
  id: 'cilium/invalid-selector',
  level: 'error',
  summary: 'a selector has In or NotIn without values, or Exists with values',
  explain:
    'The API takes it, the agent does not: the whole policy is left aside (k8s.io/apimachinery pkg/labels/selector.go, NewRequirement; cilium/cilium#23280).',
  *check(context) {
    for (const view of context.clusters) {
      for (const { object, selector, path } of selectorUses(view)) {
        const index = invalidRequirement(selector)
        if (index === undefined) continue
        const { key, operator } = selector!.matchExpressions![index]!
        yield {
          message: `${object.kind} ${object.metadata.name} is not used: its selector has ${key} ${operator} ${operator.endsWith('In') ? 'without' : 'with'} values`,
          source: context.atManifest(view.cluster, object, ...path, 'matchExpressions', index),
          fix: operator.endsWith('In') ? 'name at least one value' : 'take the values away',
        }
      }
    }
  },
}
