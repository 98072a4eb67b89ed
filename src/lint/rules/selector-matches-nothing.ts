import { matchesSelector } from '../../kubernetes/api/selector.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { announcedByBgp, announcedByL2, type ClusterView, selectedNodes } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import { invalidRequirement, type SelectorUse, selectorUses } from '../selector-uses.ts'

export const selectorMatchesNothing: LintRule = {
  id: 'cilium/selector-matches-nothing',
  level: 'warning',
  summary: 'a selector of a policy or pool matches no node, or none of the services of type LoadBalancer',
  explain:
    'The policy is accepted and does nothing; no condition tells of it. Mostly a label that is spelled differently at the other end. A pool or policy for services is not reported while the cluster has none.',
  *check(context) {
    for (const view of context.clusters) {
      for (const use of selectorUses(view)) {
        const finding = judge(context, view, use)
        if (finding !== undefined) yield finding
      }
    }
  },
}

function judge(
  context: LintContext,
  view: ClusterView,
  { object, selector, path, selects }: SelectorUse,
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
function isUsefulWithoutServices(view: ClusterView, object: KubernetesObject, path: SelectorUse['path']): boolean {
  const policy = view.bgpPolicies.find(one => one === object)
  const isForPods = policy?.spec.virtualRouters[Number(path[2])]?.exportPodCIDR === true
  const announced = new Set([
    ...view.bgpPolicies.flatMap(one => announcedByBgp(view, one)),
    ...view.l2Policies.flatMap(one => announcedByL2(view, one)),
  ])
  return isForPods && view.services.every(service => announced.has(service))
}
