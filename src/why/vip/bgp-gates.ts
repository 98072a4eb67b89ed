/*
 * The gates of BGP control plane v1 from a node's agent to the virtual router that announces.
 * Sources: pkg/bgpv1/agent/controller.go (policy selection), pkg/bgpv1/manager/reconciler/service.go (svcDesiredRoutes).
 */
import type { BgpVirtualRouter, CiliumBGPPeeringPolicy } from '../../kubernetes/api/cilium-resources.ts'
import { selectPolicy } from '../../kubernetes/cilium/bgp/select-policy.ts'
import type { VirtualRouter } from '../../kubernetes/cilium/bgp/virtual-router.ts'
import { serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import { prefixOf } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { failed, passed, told } from '../step.ts'
import { endpointGate } from './endpoints.ts'
import { routersUsing } from './fabric.ts'
import { neighborSteps } from './neighbor-gates.ts'
import { selectionGate, selectionRefusal } from './selection.ts'
import { failedFor, listText, mostLikely } from './step.ts'
import { placeOf, type Subject, valuePlace } from './subject.ts'
import {
  agentGate,
  endedAt,
  type NodeGate,
  nodeLabels,
  nodePlace,
  otherNodeLabels,
  REACH,
  releaseName,
  staleNote,
  type Walk,
  type WalkEnd,
} from './walk.ts'

const BGP_CLASS = 'io.cilium/bgp-control-plane'

/** A virtual router of the policy that is a node's. */
export interface RouterAt {
  readonly policy: CiliumBGPPeeringPolicy
  readonly router: BgpVirtualRouter
  /** Its place in `spec.virtualRouters`. */
  readonly index: number
}

/** What a node does for the address by BGP. */
export function bgpWalk(gate: NodeGate): Walk {
  const off = switchGate(gate)
  const agent = agentGate(gate)
  const end =
    off !== undefined
      ? endedAt(REACH.switchedOff, off)
      : agent !== undefined
        ? endedAt(REACH.agent, withLeftOver(gate, agent))
        : policyEnd(gate)
  return { node: gate.node, mechanism: 'BGP', end }
}

/** Routers that still believe in a node that has gone silently. */
function withLeftOver({ question, subject, node }: NodeGate, step: Step): Step {
  if (subject.address === undefined) return step
  const names = routersUsing(question, subject.address, node.host)
  if (names.length === 0) return step
  const text = `${listText(names)} still use${names.length === 1 ? 's' : ''} its path, until the hold time is over`
  return { ...step, steps: [...(step.steps ?? []), told(text)] }
}

function switchGate({ subject: { cilium } }: NodeGate): Step | undefined {
  if (cilium.config.isBgpControlPlaneEnabled) return undefined
  return failed('bgpControlPlane.enabled is not true in the Helm values', valuePlace(cilium, 'bgpControlPlane.enabled'))
}

function policyEnd(gate: NodeGate): WalkEnd {
  const { subject, node } = gate
  const { cluster, cilium } = subject
  const policies = cluster.store.list('CiliumBGPPeeringPolicy')
  if (policies.length === 0) return endedAt(REACH.noPolicy, failed('there is no CiliumBGPPeeringPolicy'))
  const choice = selectPolicy(policies, nodeLabels(cluster, node))
  if (choice.kind === 'none') return endedAt(REACH.node, unselectedStep(gate, policies))
  if (choice.kind === 'one') return routerEnd(gate, choice.policy)
  const rivals = policies.filter(policy => choice.names.includes(policy.metadata.name)).sort(byAge)
  const newest = rivals.at(-1)!
  const step = failed(
    `${listText(choice.names)} all select it: ${releaseName(cilium)} then stops every BGP session of the node`,
    selectorPlace(subject, newest),
    rivals
      .slice(0, -1)
      .map(policy => told(`CiliumBGPPeeringPolicy ${policy.metadata.name}`, selectorPlace(subject, policy))),
  )
  return endedAt(REACH.conflict, step)
}

function selectorPlace({ cluster }: Subject, policy: CiliumBGPPeeringPolicy) {
  return placeOf(cluster, policy, 'spec', 'nodeSelector')
}

/** A policy that selects no node at all is most likely meant. */
function unselectedStep({ subject: { cluster }, node }: NodeGate, policies: readonly CiliumBGPPeeringPolicy[]): Step {
  const gates = policies.flatMap(
    policy =>
      selectionRefusal({
        selectorName: `CiliumBGPPeeringPolicy ${policy.metadata.name}`,
        selector: policy.spec.nodeSelector ?? {},
        selectorPlace: miss => placeOf(cluster, policy, 'spec', 'nodeSelector', ...miss.path),
        objectName: 'the node',
        labels: nodeLabels(cluster, node),
        labelPlace: key => nodePlace(cluster, node, key),
        otherLabels: otherNodeLabels(cluster, node),
      }) ?? [],
  )
  return mostLikely('no CiliumBGPPeeringPolicy selects it', gates)
}

function routerEnd(gate: NodeGate, policy: CiliumBGPPeeringPolicy): WalkEnd {
  const { subject, node } = gate
  const routers = policy.spec.virtualRouters.map((router, index): RouterAt => ({ policy, router, index }))
  const judged = routers.map(at => ({ at, gate: serviceGate(subject, at) }))
  const open = judged.filter(one => one.gate === undefined)
  if (open.length === 0) {
    const text = `no virtual router of CiliumBGPPeeringPolicy ${policy.metadata.name} takes the service`
    const refusals = judged.flatMap(one => one.gate ?? [])
    return endedAt(REACH.service, failedFor(text, refusals))
  }
  const foreign = classGate(subject)
  if (foreign !== undefined) return endedAt(REACH.kind, foreign)
  const empty = endpointGate(subject, node)
  if (empty !== undefined) return endedAt(REACH.endpoints, empty)
  const steps = open.map(({ at }) => announcementStep(gate, at))
  const good = steps.filter(step => step.outcome === 'pass')
  return good.length > 0
    ? endedAt(REACH.announced, good[0]!)
    : endedAt(REACH.neighbor, failedFor('none of its virtual routers gets the address out', steps))
}

/** The virtual router's selector, and the kinds of addresses that it announces. */
function serviceGate({ cluster, cilium, service, kind }: NodeGate['subject'], at: RouterAt): Step | undefined {
  const { policy, router, index } = at
  const name = `CiliumBGPPeeringPolicy ${policy.metadata.name}, AS ${router.localASN},`
  const place = (...path: readonly (string | number)[]) =>
    placeOf(cluster, policy, 'spec', 'virtualRouters', index, ...path)
  if (router.serviceSelector === undefined)
    return failed(`${name} has no serviceSelector, so it announces no service`, place())
  const miss = selectionGate({
    selectorName: name,
    selector: router.serviceSelector,
    selectorPlace: ({ path }) => place('serviceSelector', ...path),
    objectName: 'the service',
    labels: serviceLabels(service),
    labelPlace: key => placeOf(cluster, service, 'metadata', 'labels', key),
    otherLabels: cluster.store
      .list('Service')
      .filter(other => other.metadata.uid !== service.metadata.uid)
      .map(serviceLabels),
  })
  if (miss !== undefined) return miss
  const hasField = cilium.profile.bgp.hasServiceAdvertisements
  const kinds = hasField ? (router.serviceAdvertisements ?? ['LoadBalancerIP']) : ['LoadBalancerIP']
  if (kinds.includes(kind)) return undefined
  const version = hasField ? '' : ` (${releaseName(cilium)} knows no serviceAdvertisements)`
  return failed(`${name} announces ${listText(kinds)}, not ${kind}${version}`, place('serviceAdvertisements'))
}

function classGate({ cluster, service, kind }: NodeGate['subject']): Step | undefined {
  const name = service.spec.loadBalancerClass
  if (kind !== 'LoadBalancerIP' || name === undefined || name === BGP_CLASS) return undefined
  return failed(
    `the service's loadBalancerClass ${name} keeps it off BGP`,
    placeOf(cluster, service, 'spec', 'loadBalancerClass'),
  )
}

/** The running server: what it has in its table, and its neighbours. */
function announcementStep(gate: NodeGate, at: RouterAt): Step {
  const { subject, node } = gate
  const { cluster, cilium, address } = subject
  const running = cilium.agent(node.name)?.bgp.routers.find(one => one.localAsn === at.router.localASN)
  const { policy, index } = at
  const place = placeOf(cluster, policy, 'spec', 'virtualRouters', index)
  if (running?.speaker === undefined)
    return failed(`its virtual router AS ${at.router.localASN} is not running${staleNote(cluster, node)}`, place)
  if (!hasRoute(running, address))
    return failed(`it has not taken the address up yet${staleNote(cluster, node)}`, place)
  if (at.router.neighbors.length === 0)
    return failed(
      `CiliumBGPPeeringPolicy ${policy.metadata.name} names no neighbors`,
      placeOf(cluster, policy, 'spec', 'virtualRouters', index, 'neighbors'),
    )
  const steps = neighborSteps(gate, at, running.speaker)
  const good = steps.filter(step => step.outcome === 'pass')
  if (good.length === 0) return failedFor('none of its neighbors takes the route', steps)
  const [first] = good
  return steps.length === 1 ? first! : passed(`to ${good.length} of ${steps.length} neighbors`, undefined, steps)
}

function hasRoute(router: VirtualRouter, address: NodeGate['subject']['address']): boolean {
  return address !== undefined && router.prefixes.includes(prefixOf(address, 32))
}

function byAge(a: CiliumBGPPeeringPolicy, b: CiliumBGPPeeringPolicy): number {
  const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  return left < right ? -1 : left > right ? 1 : 0
}
