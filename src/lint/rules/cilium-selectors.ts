import { matchesSelector } from '../../kubernetes/api/selector.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { KubernetesObject, LabelSelector } from '../../model/kubernetes-object.ts'
import { announcedByBgp, announcedByL2, type ClusterView, selectedNodes } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintFinding, LintRule } from '../rule.ts'

/** A selector in a manifest of Cilium. */
interface Use {
  readonly object: KubernetesObject
  readonly selector: LabelSelector | undefined
  readonly path: readonly (string | number)[]
  readonly selects: 'nodes' | 'services'
}

function* uses({ pools, bgpPolicies, l2Policies }: ClusterView): Iterable<Use> {
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

export const selectorMatchesNothing: LintRule = {
  id: 'cilium/selector-matches-nothing',
  level: 'warning',
  summary: 'a selector of a policy or pool matches no node, or none of the services of type LoadBalancer',
  explain:
    'The policy is accepted and does nothing; no condition tells of it. Mostly a label that is spelled differently at the other end. A pool or policy for services is not reported while the cluster has none.',
  *check(context) {
    for (const view of context.clusters) {
      for (const use of uses(view)) {
        const finding = judge(context, view, use)
        if (finding !== undefined) yield finding
      }
    }
  },
}

function judge(
  context: LintContext,
  view: ClusterView,
  { object, selector, path, selects }: Use,
): LintFinding | undefined {
  if (selector === undefined || invalidRequirement(selector) !== undefined) return undefined
  const what = `${object.kind} ${object.metadata.name}`
  const source = context.atManifest(view.cluster, object, ...path)
  if (selects === 'nodes') {
    if (selectedNodes(view, object as ClusterView['l2Policies'][number]).length > 0) return undefined
    const labels = view.cluster.nodes.flatMap(node => [...node.model.labels].map(([key, value]) => `${key}=${value}`))
    const known = [...new Set(labels)].sort().join(', ')
    return {
      message: `${what} selects no node of the cluster`,
      source,
      fix: `correct the labels${known === '' ? ', or label the nodes' : ` (the nodes' own: ${known})`}`,
    }
  }
  const { services } = view
  if (object.kind === 'CiliumBGPPeeringPolicy' && isUsefulWithoutServices(view, object, path)) return undefined
  if (services.length === 0 || services.some(service => matchesSelector(selector, serviceLabels(service))))
    return undefined
  return {
    message: `${what} selects none of the ${services.length} services of type LoadBalancer`,
    source,
    fix: 'correct the labels here or on the services',
  }
}

/** It announces pods, and the services are announced by others. */
function isUsefulWithoutServices(view: ClusterView, object: KubernetesObject, path: Use['path']): boolean {
  const policy = view.bgpPolicies.find(one => one === object)
  const isForPods = policy?.spec.virtualRouters[Number(path[2])]?.exportPodCIDR === true
  const announced = new Set([
    ...view.bgpPolicies.flatMap(one => announcedByBgp(view, one)),
    ...view.l2Policies.flatMap(one => announcedByL2(view, one)),
  ])
  return isForPods && view.services.every(service => announced.has(service))
}

export const invalidSelector: LintRule = {
  id: 'cilium/invalid-selector',
  level: 'error',
  summary: 'a selector has In or NotIn without values, or Exists with values',
  explain:
    'The API takes it, the agent does not: the whole policy is left aside (k8s.io/apimachinery pkg/labels/selector.go, NewRequirement; cilium/cilium#23280).',
  *check(context) {
    for (const view of context.clusters) {
      for (const { object, selector, path } of uses(view)) {
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

function invalidRequirement(selector: LabelSelector | undefined): number | undefined {
  const index = (selector?.matchExpressions ?? []).findIndex(
    ({ operator, values = [] }) => operator.endsWith('In') === (values.length === 0),
  )
  return index < 0 ? undefined : index
}

export const severalPolicies: LintRule = {
  id: 'cilium/several-bgp-policies',
  level: 'error',
  summary: 'two CiliumBGPPeeringPolicies select the same node',
  explain:
    'The agent then stops every BGP server of the node and closes all sessions; only its log says so (pkg/bgpv1/agent/controller.go, PolicySelection).',
  *check(context) {
    for (const view of context.clusters) {
      const owners = new Map<string, string>()
      for (const policy of view.bgpPolicies) {
        const shared = selectedNodes(view, policy).filter(node => owners.has(node.name))
        const [first] = shared
        for (const { name } of selectedNodes(view, policy)) owners.set(name, owners.get(name) ?? policy.metadata.name)
        if (first === undefined) continue
        yield {
          message: `CiliumBGPPeeringPolicy ${policy.metadata.name} and ${owners.get(first.name)} both select ${shared.map(node => node.name).join(', ')}: BGP ends on ${shared.length === 1 ? 'this node' : 'these nodes'}`,
          source: context.atManifest(view.cluster, policy, 'spec', 'nodeSelector'),
          fix: 'let each node match one policy only, with several virtualRouters if need be',
        }
      }
    }
  },
}
