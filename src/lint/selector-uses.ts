import type { KubernetesObject, LabelSelector } from '../model/kubernetes-object.ts'
import type { ClusterView } from './cluster-view.ts'

/** A selector in a manifest of Cilium. */
export interface SelectorUse {
  readonly object: KubernetesObject
  readonly selector: LabelSelector | undefined
  readonly path: readonly (string | number)[]
  readonly selects: 'nodes' | 'services'
}

/** Every selector of a cluster's pools and policies. */
export function* selectorUses({ pools, bgpPolicies, l2Policies }: ClusterView): Iterable<SelectorUse> {
  for (const object of pools)
    yield { object, selector: object.spec.serviceSelector, path: ['spec', 'serviceSelector'], selects: 'services' }
  for (const object of [...bgpPolicies, ...l2Policies])
    yield { object, selector: object.spec.nodeSelector, path: ['spec', 'nodeSelector'], selects: 'nodes' }
  for (const object of l2Policies)
    yield { object, selector: object.spec.serviceSelector, path: ['spec', 'serviceSelector'], selects: 'services' }
  for (const object of bgpPolicies) {
    for (const [index, { serviceSelector }] of object.spec.virtualRouters.entries()) {
      const path = ['spec', 'virtualRouters', index, 'serviceSelector']
      yield { object, selector: serviceSelector, path, selects: 'services' }
    }
  }
}

/** Index of a requirement that the agent refuses: In and NotIn need values, Exists and DoesNotExist take none. */
export function invalidRequirement(selector: LabelSelector | undefined): number | undefined {
  const index = (selector?.matchExpressions ?? []).findIndex(
    ({ operator, values = [] }) => operator.endsWith('In') === (values.length === 0),
  )
  return index < 0 ? undefined : index
}
