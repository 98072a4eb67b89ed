/**
 * What one CiliumL2AnnouncementPolicy means for one node. Source: pkg/l2announcer/l2announcer.go (upsertPolicy,
 * desiredEntries).
 */
import type { Interface } from '../../../host/interface.ts'
import type { LabelSelector } from '../../../model/kubernetes-object.ts'
import { compileGoRegexp } from '../../../text/go-regexp.ts'
import { type Ipv4Address, parseIpv4 } from '../../../wire/address.ts'
import type { CiliumL2AnnouncementPolicy } from '../../api/cilium-resources.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { Service } from '../../api/service.ts'
import { serviceLabels } from '../lb-ipam/service-view.ts'

/** The class of services that name the L2 announcer. */
const L2_CLASS = 'io.cilium/l2-announcer'

/** Condition types of a policy's mistakes, in the order in which they are looked for. */
export const MISTAKE_CONDITIONS = [
  'io.cilium/bad-node-selector',
  'io.cilium/bad-interface-regex',
  'io.cilium/bad-service-selector',
] as const

type MistakeCondition = (typeof MISTAKE_CONDITIONS)[number]

/** A policy that selects the node, with what it announces there. */
export interface SelectedPolicy {
  readonly policy: CiliumL2AnnouncementPolicy
  readonly devices: readonly Interface[]
}

export type PolicySelection =
  | ({ readonly kind: 'selected' } & SelectedPolicy)
  | { readonly kind: 'other-node' }
  | { readonly kind: 'mistake'; readonly condition: MistakeCondition; readonly message: string }

/** @param devices the devices that Cilium works on; a policy without `interfaces` takes all of them */
export function selectPolicyFor(
  policy: CiliumL2AnnouncementPolicy,
  nodeLabels: Readonly<Record<string, string>>,
  devices: readonly Interface[],
): PolicySelection {
  const { nodeSelector, serviceSelector, interfaces = [] } = policy.spec
  const badNodes = selectorMistake(nodeSelector)
  if (badNodes !== undefined) return { kind: 'mistake', condition: MISTAKE_CONDITIONS[0], message: badNodes }
  if (nodeSelector !== undefined && !matchesSelector(nodeSelector, nodeLabels)) return { kind: 'other-node' }
  const chosen: Interface[] = interfaces.length === 0 ? [...devices] : []
  for (const expression of interfaces) {
    const compiled = compileGoRegexp(expression)
    if (!compiled.ok) return { kind: 'mistake', condition: MISTAKE_CONDITIONS[1], message: compiled.error }
    for (const device of devices) {
      if (!chosen.includes(device) && compiled.regexp.test(device.name)) chosen.push(device)
    }
  }
  const badServices = selectorMistake(serviceSelector)
  if (badServices !== undefined) return { kind: 'mistake', condition: MISTAKE_CONDITIONS[2], message: badServices }
  return { kind: 'selected', policy, devices: chosen }
}

/**
 * Whether the service takes part in an election because of the policy. Since 1.16 only with an address that the policy
 * announces and a class that is ours; before, every service that the selector matches.
 */
export function selectsService({ policy }: SelectedPolicy, service: Service, needsAddress: boolean): boolean {
  const selector = policy.spec.serviceSelector
  if (selector !== undefined && !matchesSelector(selector, serviceLabels(service))) return false
  if (!needsAddress) return true
  const serviceClass = service.spec.loadBalancerClass
  if (serviceClass !== undefined && serviceClass !== L2_CLASS) return false
  return announcedAddresses(policy, service).length > 0
}

/** Addresses of the service of the kinds that the policy announces; both kinds are off unless set. */
export function announcedAddresses(policy: CiliumL2AnnouncementPolicy, service: Service): readonly Ipv4Address[] {
  const { loadBalancerIPs = false, externalIPs = false } = policy.spec
  const texts = [
    ...(loadBalancerIPs ? (service.status.loadBalancer?.ingress ?? []).map(ingress => ingress.ip ?? '') : []),
    ...(externalIPs ? (service.spec.externalIPs ?? []) : []),
  ]
  return texts.flatMap(text => parseIpv4(text) ?? [])
}

/** Source: k8s.io/apimachinery pkg/labels/selector.go (NewRequirement). */
function selectorMistake(selector: LabelSelector | undefined): string | undefined {
  for (const { operator, values = [] } of selector?.matchExpressions ?? []) {
    const isSet = operator === 'In' || operator === 'NotIn'
    if (isSet && values.length === 0) {
      return "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty"
    }
    if (!isSet && values.length > 0) {
      const list = values.map(value => JSON.stringify(value)).join(', ')
      return `values: Invalid value: []string{${list}}: values set must be empty for exists and does not exist`
    }
  }
  return undefined
}
