import type { Service } from '../kubernetes/api/service.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Lab } from '../lab/lab.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../wire/address.ts'
import type { Answer, Step } from './answer.ts'
import { newQuestion, type Question } from './question.ts'
import { failed, passed, told } from './step.ts'
import { absentAnswer } from './vip/absent.ts'
import { bgpWalk } from './vip/bgp-gates.ts'
import { fabricSteps, leftOverSteps } from './vip/fabric.ts'
import { groupedSteps } from './vip/group.ts'
import { intention } from './vip/intention.ts'
import { l2Walk } from './vip/l2-gates.ts'
import { similarServices } from './vip/nearest.ts'
import { viewOf } from './vip/pool-gate.ts'
import { ingressAddresses } from './vip/pools.ts'
import { heldToReality } from './vip/reality.ts'
import { serviceGates } from './vip/service-gates.ts'
import { listText, nodesText } from './vip/step.ts'
import { type AddressKind, type Subject, serviceKey } from './vip/subject.ts'
import type { Walk } from './vip/walk.ts'

/**
 * Who announces an address, since when and how; for every other node and mechanism the first gate that failed, with the line
 * that is responsible. An address that no service has is told of by what is nearest.
 */
export function whyVip(lab: Lab, address: Ipv4Address): Answer {
  const question = newQuestion(lab)
  const asked = `who announces ${formatIpv4(address)}`
  const clusters = [...lab.clusters.values()]
  const having = clusters.flatMap(cluster => subjectsWith(cluster, address))
  const requesting = clusters.flatMap(cluster =>
    cluster.store
      .list('Service')
      .filter(service => viewOf(service).requestedAddresses.includes(address))
      .map((service): Subject => ({ cluster, service, address, kind: 'LoadBalancerIP' })),
  )
  const subjects = having.length > 0 ? having : requesting
  if (subjects.length === 0) return absentAnswer(question, asked, address)
  return subjectsAnswer(question, asked, formatIpv4(address), subjects)
}

/** The same for a service, whatever address it has or waits for. */
export function whyService(
  lab: Lab,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Answer {
  const question = newQuestion(lab)
  const key = `${namespace}/${name}`
  const asked = `who announces Service ${key}`
  const subjects = [...lab.clusters.values()].flatMap(cluster => {
    const service = cluster.store.get('Service', namespace, name)
    return service === undefined ? [] : subjectsOf(cluster, service)
  })
  if (subjects.length > 0) return subjectsAnswer(question, asked, `Service ${key}`, subjects)
  const similar = [...lab.clusters.values()].flatMap(cluster => similarServices(cluster, namespace, name))
  const steps = similar.length === 0 ? [] : [told(`there is ${listText(similar)}`)]
  return {
    question: asked,
    verdict: `there is no Service ${key}`,
    isPositive: false,
    steps: [failed(`no cluster has a Service ${key}`), ...steps],
  }
}

/** The services that have the address, and in which field. */
function subjectsWith(cluster: Cluster, address: Ipv4Address): readonly Subject[] {
  return cluster.store.list('Service').flatMap(service => {
    const kind = kindOf(service, address)
    return kind === undefined ? [] : [{ cluster, service, address, kind }]
  })
}

function kindOf(service: Service, address: Ipv4Address): AddressKind | undefined {
  if (ingressAddresses(service).includes(address)) return 'LoadBalancerIP'
  if (service.spec.externalIPs?.some(text => parseIpv4(text) === address) === true) return 'ExternalIP'
  return parseIpv4(service.spec.clusterIP ?? '') === address ? 'ClusterIP' : undefined
}

/** Each address of a service that could be announced; one without address when it has none. */
function subjectsOf(cluster: Cluster, service: Service): readonly Subject[] {
  const externals = (service.spec.externalIPs ?? []).flatMap(text => parseIpv4(text) ?? [])
  const given = ingressAddresses(service)
  const missing = viewOf(service).requestedAddresses.filter(address => !given.includes(address))
  const of = (addresses: readonly (Ipv4Address | undefined)[], kind: AddressKind): Subject[] =>
    addresses.map(address => ({ cluster, service, address, kind }))
  const balanced = of([...given, ...missing], 'LoadBalancerIP')
  const all = [...balanced, ...of(externals, 'ExternalIP')]
  return all.length > 0 ? all : of([undefined], 'LoadBalancerIP')
}

function subjectsAnswer(question: Question, asked: string, what: string, subjects: readonly Subject[]): Answer {
  const parts = subjects.map(subject => subjectPart(question, subject))
  const good = parts.filter(part => part.announcers !== '')
  const verdicts = good.length > 0 ? good : parts.slice(0, 1)
  const reasons = [...new Set(verdicts.map(part => (part.announcers === '' ? part.reason : part.announcers)))]
  const isPositive = good.length > 0
  const steps = parts.length === 1 ? parts[0]!.steps : partSteps(parts, subjects)
  const answering = [...new Set(parts.flatMap(part => part.answering))]
  const clash =
    answering.length < 2
      ? []
      : [failed(`${listText(answering)} answer ARP for it at the same time: each service has a lease of its own`)]
  const verdict = isPositive ? `${what} is announced ${reasons.join('; ')}` : `nobody announces ${what}: ${reasons[0]}`
  return { question: asked, verdict, isPositive, steps: [...clash, ...steps] }
}

/** Each address below a line of its own; the service first when it is one and the same. */
function partSteps(parts: readonly SubjectPart[], subjects: readonly Subject[]): readonly Step[] {
  const isOneService = subjects.every(({ service }) => service === subjects[0]!.service)
  const told = parts.map(({ title, steps, announcers }) => {
    const inner = isOneService ? steps.slice(1) : steps
    return announcers === ''
      ? failed(`${title} is not announced`, undefined, inner)
      : passed(`${title} is announced ${announcers}`, undefined, inner)
  })
  return isOneService ? [...parts[0]!.steps.slice(0, 1), ...told] : told
}

/** What is to be told of one address of one service. */
interface SubjectPart {
  readonly title: string
  /** `by BGP from worker1`; empty when nobody announces it. */
  readonly announcers: string
  /** Nodes that answer ARP for it. */
  readonly answering: readonly string[]
  /** The first gate that failed. */
  readonly reason: string
  readonly steps: readonly Step[]
}

function subjectPart(question: Question, subject: Subject): SubjectPart {
  const { cluster, service, address } = subject
  const title = `${address === undefined ? 'an address' : formatIpv4(address)} of Service ${serviceKey(service)}`
  const common = serviceGates(subject)
  const last = common.at(-1)!
  if (last.outcome === 'fail' || cluster.cilium === undefined || address === undefined)
    return {
      title,
      announcers: '',
      answering: [],
      reason: `Service ${serviceKey(service)}: ${last.text}`,
      steps: common,
    }
  const full = { ...subject, cilium: cluster.cilium }
  const walks = cluster.nodes.flatMap(node => {
    const gate = { question, subject: full, node }
    return [bgpWalk(gate), l2Walk(gate)].map(walk => heldToReality(gate, walk))
  })
  const isGood = ({ end }: Walk): boolean => end.step.outcome === 'pass'
  const good = walks.filter(isGood)
  const leftOver = good.some(walk => walk.mechanism === 'BGP') ? [] : leftOverSteps(question, address)
  const context = {
    intention: { BGP: intention('BGP', subject), L2: intention('L2', subject) },
    nodes: cluster.nodes.length,
  }
  const others = groupedSteps(
    walks.filter(walk => !isGood(walk)),
    context,
  )
  const announcing = (['BGP', 'L2'] as const).flatMap(mechanism => announcerStep(question, good, mechanism, address))
  return {
    title,
    announcers: announcersText(good, cluster),
    answering: good.filter(walk => walk.mechanism === 'L2').map(({ node }) => node.name),
    reason: others[0]?.text ?? 'the cluster has no nodes',
    steps: [...common, ...announcing, ...leftOver, ...others],
  }
}

function announcersText(good: readonly Walk[], cluster: Cluster): string {
  const texts = (['BGP', 'L2'] as const).flatMap(mechanism => {
    const names = good.filter(walk => walk.mechanism === mechanism).map(({ node }) => node.name)
    if (names.length === 0) return []
    return [`by ${mechanism === 'L2' ? 'ARP' : mechanism} from ${nodesText(names, cluster.nodes.length)}`]
  })
  return texts.join(' and ')
}

function announcerStep(
  question: Question,
  good: readonly Walk[],
  mechanism: Walk['mechanism'],
  address: Ipv4Address,
): readonly Step[] {
  const walks = good.filter(walk => walk.mechanism === mechanism)
  const steps = walks.map(({ node, end }): Step => ({ ...end.step, text: `${node.name} ${end.step.text}` }))
  if (mechanism === 'L2' || steps.length === 0) return steps
  return [
    passed(`BGP: ${steps.length} node${steps.length === 1 ? '' : 's'}`, undefined, [
      ...steps,
      ...fabricSteps(question, address),
    ]),
  ]
}
