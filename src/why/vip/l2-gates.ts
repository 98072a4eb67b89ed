/*
 * The gates of L2 announcements of one node. Source: pkg/l2announcer/l2announcer.go (upsertPolicy, desiredEntries), as the
 * release in question has it.
 */
import type { Interface } from '../../host/interface.ts'
import type { CiliumL2AnnouncementPolicy } from '../../kubernetes/api/cilium-resources.ts'
import { announcedAddresses, selectPolicyFor } from '../../kubernetes/cilium/l2/policy-selection.ts'
import { selectedDevices } from '../../kubernetes/cilium/l2/selected-devices.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { LabelSelector } from '../../model/kubernetes-object.ts'
import { compileGoRegexp } from '../../text/go-regexp.ts'
import type { Step } from '../answer.ts'
import { failed, told } from '../step.ts'
import { leaseEnd } from './lease-gate.ts'
import { selectionGate } from './selection.ts'
import { failedFor, listText } from './step.ts'
import { type CiliumSubject, placeOf, valuePlace } from './subject.ts'
import {
  agentGate,
  endedAt,
  type NodeGate,
  nodeLabels,
  nodePlace,
  otherNodeLabels,
  REACH,
  type Walk,
  type WalkEnd,
} from './walk.ts'

const L2_CLASS = 'io.cilium/l2-announcer'

/** What a node does for the address on the link. */
export function l2Walk(gate: NodeGate): Walk {
  return { node: gate.node, mechanism: 'L2', end: switchEnd(gate) ?? agentEnd(gate) ?? policyEnd(gate) }
}

function switchEnd({ subject: { cilium, kind } }: NodeGate): WalkEnd | undefined {
  const off = (text: string, value?: string): WalkEnd =>
    endedAt(REACH.switchedOff, failed(text, value === undefined ? undefined : valuePlace(cilium, value)))
  if (kind === 'ClusterIP') return off('L2 announcements are for LoadBalancer and external addresses only')
  if (!cilium.config.isL2AnnouncementsEnabled)
    return off('l2announcements.enabled is not true in the Helm values', 'l2announcements.enabled')
  if (!cilium.config.kubeProxyReplacement)
    return off('L2 announcements need kubeProxyReplacement, which is not true', 'kubeProxyReplacement')
  return undefined
}

function agentEnd(gate: NodeGate): WalkEnd | undefined {
  const step = agentGate(gate)
  return step === undefined ? undefined : endedAt(REACH.agent, withLeftOver(gate, step))
}

/** The map of the ARP program stays in the kernel when the agent ends, and is believed for the lease duration. */
function withLeftOver({ subject, node }: NodeGate, step: Step): Step {
  const { address, cilium } = subject
  const responder = cilium.agent(node.name)?.datapath.responder
  const devices = [...node.host.interfaces].filter(
    device => address !== undefined && responder?.isAnswering(address, device) === true,
  )
  if (devices.length === 0) return step
  const names = listText(devices.map(device => device.name))
  const text = `its kernel still answers ARP on ${names}, until the agent has been silent for the lease duration`
  return { ...step, steps: [...(step.steps ?? []), told(text)] }
}

/** The policy that lets the address come furthest decides. */
function policyEnd(gate: NodeGate): WalkEnd {
  const policies = gate.subject.cluster.store.list('CiliumL2AnnouncementPolicy')
  if (policies.length === 0) return endedAt(REACH.noPolicy, failed('there is no CiliumL2AnnouncementPolicy'))
  const ends = policies.map(policy => onePolicyEnd(gate, policy))
  if (ends.includes(undefined)) return leaseEnd(gate)
  const refusals = ends.filter(end => end !== undefined)
  const furthest = Math.max(...refusals.map(end => end.reach))
  const nearest = refusals.filter(end => end.reach === furthest).map(end => end.step)
  return endedAt(furthest, failedFor('no CiliumL2AnnouncementPolicy takes it here', nearest))
}

/** The first gate of one policy; undefined when it announces the address from this node. */
function onePolicyEnd(gate: NodeGate, policy: CiliumL2AnnouncementPolicy): WalkEnd | undefined {
  const { subject } = gate
  const checks = [
    [REACH.node, nodeGate(gate, policy)],
    [REACH.service, serviceGate(subject, policy)],
    [REACH.kind, kindGate(subject, policy)],
    [REACH.device, deviceGate(gate, policy)],
  ] as const
  const first = checks.find(([, step]) => step !== undefined)
  return first === undefined ? undefined : endedAt(first[0], first[1]!)
}

function nameOf({ metadata }: CiliumL2AnnouncementPolicy): string {
  return `CiliumL2AnnouncementPolicy ${metadata.name}`
}

function nodeGate({ subject: { cluster }, node }: NodeGate, policy: CiliumL2AnnouncementPolicy): Step | undefined {
  const labels = nodeLabels(cluster, node)
  const mistake = selectPolicyFor(policy, labels, [])
  if (mistake.kind === 'mistake') {
    const field = mistake.condition.replace('io.cilium/bad-', '')
    const key = { 'node-selector': 'nodeSelector', 'interface-regex': 'interfaces' }[field] ?? 'serviceSelector'
    return failed(
      `${nameOf(policy)} is broken (${mistake.condition}): ${mistake.message}`,
      placeOf(cluster, policy, 'spec', key),
    )
  }
  const selector = policy.spec.nodeSelector
  if (selector === undefined) return undefined
  return selectionGate({
    selectorName: nameOf(policy),
    selector,
    selectorPlace: miss => placeOf(cluster, policy, 'spec', 'nodeSelector', ...miss.path),
    objectName: 'the node',
    labels,
    labelPlace: key => nodePlace(cluster, node, key),
    otherLabels: otherNodeLabels(cluster, node),
  })
}

function serviceGate({ cluster, service }: CiliumSubject, policy: CiliumL2AnnouncementPolicy): Step | undefined {
  const selector: LabelSelector | undefined = policy.spec.serviceSelector
  if (selector === undefined) return undefined
  return selectionGate({
    selectorName: nameOf(policy),
    selector,
    selectorPlace: miss => placeOf(cluster, policy, 'spec', 'serviceSelector', ...miss.path),
    objectName: 'the service',
    labels: serviceLabels(service),
    labelPlace: key => placeOf(cluster, service, 'metadata', 'labels', key),
    otherLabels: cluster.store
      .list('Service')
      .filter(other => other.metadata.uid !== service.metadata.uid)
      .map(serviceLabels),
  })
}

/** Class of the service (since 1.16), and whether the policy announces addresses of this kind: both kinds are off by default. */
function kindGate(subject: CiliumSubject, policy: CiliumL2AnnouncementPolicy): Step | undefined {
  const { cluster, cilium, service, kind, address } = subject
  const serviceClass = service.spec.loadBalancerClass
  if (cilium.profile.l2.electsOnlyWithAddress && serviceClass !== undefined && serviceClass !== L2_CLASS) {
    const text = `the service's loadBalancerClass ${serviceClass} keeps it off L2`
    return failed(text, placeOf(cluster, service, 'spec', 'loadBalancerClass'))
  }
  if (address !== undefined && announcedAddresses(policy, service).includes(address)) return undefined
  const field = kind === 'ExternalIP' ? 'externalIPs' : 'loadBalancerIPs'
  return failed(
    `${nameOf(policy)} does not set ${field}: true, so it announces none`,
    placeOf(cluster, policy, 'spec', field),
  )
}

function deviceGate({ subject, node }: NodeGate, policy: CiliumL2AnnouncementPolicy): Step | undefined {
  const { cluster, cilium } = subject
  const devices = selectedDevices(node.host, node.address, cilium.config.devices)
  const choice = selectPolicyFor(policy, nodeLabels(cluster, node), devices)
  if (choice.kind !== 'selected' || choice.devices.length > 0) return undefined
  const expressions = policy.spec.interfaces ?? []
  const names = devices.map(device => device.name)
  const others = [...node.host.interfaces].filter(
    device => !devices.includes(device) && expressions.some(expression => fits(expression, device.name)),
  )
  const aside = others.map(device =>
    told(`${device.name} fits, but ${whyAside(cilium.config.devices, device)}`, valuePlace(cilium, 'devices')),
  )
  const own = names.length === 0 ? 'it has none that Cilium works on' : `Cilium works on ${listText(names)}`
  return failed(
    `interfaces ${expressions.join(', ') || '(all)'} of ${nameOf(policy)} fit no device of it: ${own}`,
    expressions.length === 0 ? valuePlace(cilium, 'devices') : placeOf(cluster, policy, 'spec', 'interfaces', 0),
    aside,
  )
}

/** Source: isSelectedDevice, pkg/datapath/linux/devices_controller.go. */
function whyAside(devices: readonly string[], { isUp }: Interface): string {
  if (!isUp) return 'it is down'
  return devices.length > 0
    ? `the Helm value devices (${devices.join(', ')}) leaves it out`
    : "it has neither the default route nor the node's address: the Helm value devices would have to name it"
}

function fits(expression: string, name: string): boolean {
  const compiled = compileGoRegexp(expression)
  return compiled.ok && compiled.regexp.test(name)
}
