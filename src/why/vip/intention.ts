import { matchesSelector } from '../../kubernetes/api/selector.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { LabelSelector } from '../../model/kubernetes-object.ts'
import type { Subject } from './subject.ts'
import type { Mechanism } from './walk.ts'

/**
 * How likely a mechanism is meant to announce the service, whether it does or not. 2: a policy selects the service; 1: there
 * is a policy that selects no service at all, so that its selector may be wrong; 0: policies are for other services, or there
 * are none.
 */
export function intention(mechanism: Mechanism, subject: Subject): 0 | 1 | 2 {
  const selectors = mechanism === 'BGP' ? bgpSelectors(subject) : linkSelectors(subject)
  const labels = serviceLabels(subject.service)
  if (selectors.some(selector => selector !== undefined && matchesSelector(selector, labels))) return 2
  const all = subject.cluster.store.list('Service').map(serviceLabels)
  const isIdle = (selector: LabelSelector | undefined): boolean =>
    selector === undefined || !all.some(other => matchesSelector(selector, other))
  return selectors.some(isIdle) ? 1 : 0
}

/** Undefined: the router selects no service. */
function bgpSelectors({ cluster }: Subject): readonly (LabelSelector | undefined)[] {
  return cluster.store
    .list('CiliumBGPPeeringPolicy')
    .flatMap(policy => policy.spec.virtualRouters.map(router => router.serviceSelector))
}

/** A policy without a selector takes every service. */
function linkSelectors({ cluster }: Subject): readonly LabelSelector[] {
  return cluster.store.list('CiliumL2AnnouncementPolicy').map(policy => policy.spec.serviceSelector ?? {})
}
