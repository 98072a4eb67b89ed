import type { Host } from '../host/host.ts'
import type { Lab } from '../lab/lab.ts'
import type { Target } from '../scenario/support/target.ts'
import { formatIpv4 } from '../wire/address.ts'
import type { Answer, Step } from './answer.ts'
import { countText, newQuestion, type Question } from './question.ts'
import { explainDrop, explainSilence, findLoop, noRoute } from './reach/ending.ts'
import { findSender, findTarget } from './reach/find-target.ts'
import { explainNeighbor } from './reach/neighbor.ts'
import { type PacketTrace, tracePacket } from './reach/trace.ts'
import { type Visit, visitStep, visitsOf } from './reach/visits.ts'
import { explainUnserved } from './services.ts'
import { failed, passed, told } from './step.ts'

/** Links of containerlab have 9500; the loopback's 65536 say nothing. */
const LARGEST_MTU = 9500

/** How the question is put. */
export interface ReachOptions {
  /** Ping with packets of this length that may not be fragmented. */
  readonly sizeBytes?: number
}

/**
 * Sends one packet and says what became of it and of its answer: each hop with the route it took, each rewrite, and where and
 * why it ended. `from` is a node or a pod; `to` a node, pod, service, address, `ADDRESS:PORT` or URL. Time passes in the lab
 * meanwhile, milliseconds when all is well, and its neighbour tables learn from it. `mistake`: it cannot be asked.
 */
export function whyReach(
  lab: Lab,
  from: string,
  to: string,
  options: ReachOptions = {},
): Answer | { readonly mistake: string } {
  const question = newQuestion(lab)
  const sender = findSender(question, from)
  if ('mistake' in sender) return sender
  const found = findTarget(question, sender.host, to)
  if ('mistake' in found) return found
  if (options.sizeBytes !== undefined && found.kind !== 'ping') return { mistake: 'a size is for pings: name no port' }
  const target = options.sizeBytes === undefined ? found : { ...found, packetBytes: options.sizeBytes }
  const trace = tracePacket(question.map, sender.host, target)
  const asked = { from: sender.name, host: sender.host, to: targetText(question, to, target), target }
  const text = `why ${from} reach ${to}`
  return { question: text, ...(trace.isAnswered ? reached(question, asked, trace) : unreached(question, asked, trace)) }
}

interface Asked {
  readonly from: string
  readonly host: Host
  readonly to: string
  readonly target: Target
}

/** `host3 10.100.3.10 (ping)`. */
function targetText(question: Question, to: string, { kind, address, port, packetBytes }: Target): string {
  const name = question.map.ownerName(address) ?? (to.includes(formatIpv4(address)) ? undefined : to)
  const how =
    kind === 'ping' ? (packetBytes === undefined ? 'ping' : `ping of ${packetBytes} bytes`) : `TCP port ${port}`
  return `${name === undefined ? '' : `${name} `}${formatIpv4(address)} (${how})`
}

function reached(question: Question, asked: Asked, trace: PacketTrace): Omit<Answer, 'question'> {
  const there = visitsOf(trace.events, 'there')
  const back = visitsOf(trace.events, 'back')
  const spanMs = ((trace.endedAtNs - trace.sentAtNs) / 1e6).toFixed(3)
  const steps = [
    passed(
      `there: ${countText(hopCount(there), 'hop')}`,
      undefined,
      there.map(visit => visitStep(question, visit)),
    ),
    passed(
      `back: ${countText(hopCount(back), 'hop')}${wayText(question, there, back)}`,
      undefined,
      back.map(visit => visitStep(question, visit)),
    ),
  ]
  if (there.length === 0)
    return { verdict: `${asked.from} reaches ${asked.to}: it is its own address`, isPositive: true, steps: [] }
  const full = fullSizeStep(question, asked)
  return {
    verdict: `${asked.from} reaches ${asked.to} in ${spanMs} ms`,
    isPositive: true,
    steps: full === undefined ? steps : full.outcome === 'fail' ? [full, ...steps] : [...steps, full],
  }
}

function hopCount(visits: readonly Visit[]): number {
  return Math.max(0, visits.length - 1)
}

/** Whether the answer came by the same nodes. */
function wayText({ map }: Question, there: readonly Visit[], back: readonly Visit[]): string {
  const names = (visits: readonly Visit[]): readonly string[] => visits.map(({ host }) => map.nameOf(host))
  const one = names(there).join(' ')
  return one === [...names(back)].reverse().join(' ') ? ', the same nodes' : ', other nodes'
}

/** A ping as long as the sender's way out allows: small packets say nothing of MTUs. */
function fullSizeStep(question: Question, { host, target }: Asked): Step | undefined {
  const route = host.routeFor(target.address)
  if (target.kind !== 'ping' || target.packetBytes !== undefined || !route.ok || route.type !== 'unicast')
    return undefined
  const packetBytes = route.interface.mtuBytes
  if (packetBytes > LARGEST_MTU) return undefined
  const trace = tracePacket(question.map, host, { ...target, packetBytes })
  if (trace.isAnswered) return passed(`a packet of ${packetBytes} bytes passes too`)
  const reason = explainEnd(question, { host, target }, trace)
  return failed(`a packet of ${packetBytes} bytes does not pass: ${reason.text}`, reason.source, [
    ...(reason.steps ?? []),
    ...reports(question, trace),
  ])
}

function unreached(question: Question, asked: Asked, trace: PacketTrace): Omit<Answer, 'question'> {
  const there = visitsOf(trace.events, 'there')
  const back = visitsOf(trace.events, 'back')
  const reason = explainEnd(question, asked, trace)
  const way = (name: string, visits: readonly Visit[]): readonly Step[] =>
    visits.length === 0
      ? []
      : [told(`${name}: ${countText(hopCount(visits), 'hop')}`, undefined, shortened(question, visits))]
  return {
    verdict: `${asked.from} does not reach ${asked.to}: ${reason.text}`,
    isPositive: false,
    steps: [reason, ...reports(question, trace), ...way('there', there), ...way('back', back)],
  }
}

/** Of a loop its first rounds. */
function shortened(question: Question, visits: readonly Visit[]): readonly Step[] {
  const steps = visits
    .slice(0, visits.length > LONGEST_WAY ? LOOP_SHOWN : visits.length)
    .map(visit => visitStep(question, visit))
  return visits.length > LONGEST_WAY ? [...steps, told('and so on')] : steps
}

/** Stations of a way that is told whole, and of a longer one. */
const LONGEST_WAY = 16
const LOOP_SHOWN = 6

/** Where and why a probe that got no answer ended. */
function explainEnd(question: Question, { host, target }: Pick<Asked, 'host' | 'target'>, trace: PacketTrace): Step {
  const there = visitsOf(trace.events, 'there')
  const back = visitsOf(trace.events, 'back')
  if (trace.failure === 'EMSGSIZE' || there.length === 0) return explainUnsent(question, host, target, trace)
  const [visits, kind] = back.length > 0 ? ([back, 'answer'] as const) : ([there, 'probe'] as const)
  const direction = kind === 'answer' ? 'the answer is lost: ' : ''
  const unserved = kind === 'probe' ? unservedStep(question, there) : undefined
  if (unserved !== undefined) return unserved
  const loop = findLoop(question, visits)
  if (loop !== undefined) return { ...loop, text: direction + loop.text }
  const dropped = visits.findLast(visit => visit.drop !== undefined)
  const before = dropped === undefined ? undefined : visits[visits.indexOf(dropped) - 1]
  const isOutside = dropped?.host === question.lab.machine.host && dropped.drop?.reason === 'no-route'
  if (isOutside && before !== undefined && dropped.drop !== undefined) {
    const step = noRoute(question, before.host, dropped.drop.packet.destination)
    const name = question.map.nameOf(before.host)
    return {
      ...step,
      text: `${direction}${name} has only a default route, out of the lab, to ${formatIpv4(dropped.drop.packet.destination)}`,
    }
  }
  if (dropped?.drop !== undefined) {
    const step = explainDrop(question, dropped, dropped.drop.reason, dropped.drop.packet)
    return { ...step, text: direction + step.text }
  }
  if (trace.failure === 'refused') return explainRefusal(question, there, target)
  const step = explainSilence(question, visits, kind)
  return { ...step, text: direction + step.text }
}

/** The packet came to a node of a cluster that serves its address, and was not served. */
function unservedStep(question: Question, there: readonly Visit[]): Step | undefined {
  for (const { host, arrival } of there) {
    const { payload, destination } = arrival
    const protocol = payload.kind === 'tcp' ? 'tcp' : 'icmp'
    const port = payload.kind === 'tcp' ? payload.destinationPort : 0
    const step = explainUnserved(question, host, { destination, port, protocol })
    if (step !== undefined) return step
  }
  return undefined
}

/** Nothing left the sender. */
function explainUnsent(question: Question, host: Host, target: Target, { failure }: PacketTrace): Step {
  const route = host.routeFor(target.address)
  const name = question.map.nameOf(host)
  if (failure === 'EMSGSIZE' && route.ok) {
    const node = question.map.nodeOf(host)
    const learnt =
      route.pathMtu === undefined
        ? `MTU ${route.mtuBytes}`
        : `a path MTU of ${route.mtuBytes}, learnt from an ICMP error`
    const source =
      node === undefined || route.pathMtu !== undefined ? undefined : question.places.mtu(node, route.interface.name)
    return failed(`${name} itself does not send it: ${route.interface.name} has ${learnt}`, source)
  }
  if (!route.ok) return noRoute(question, host, target.address)
  const packet = { destination: target.address, source: route.source, tos: 0 }
  return explainNeighbor(question, host, packet)
}

function explainRefusal(question: Question, there: readonly Visit[], { port, address }: Target): Step {
  const last = there.at(-1)
  const name = last === undefined ? formatIpv4(address) : question.map.nameOf(last.host)
  const node = last === undefined ? undefined : question.map.nodeOf(last.host)
  const actual = last?.arrival.payload
  const number = actual?.kind === 'tcp' ? actual.destinationPort : port
  return failed(
    `${name} refuses TCP port ${number}: nobody listens there`,
    node === undefined ? undefined : question.places.node(node),
  )
}

/** ICMP errors that were sent about it. */
function reports(question: Question, trace: PacketTrace): readonly Step[] {
  const steps: Step[] = []
  for (const side of ['error', 'error-back'] as const) {
    const first = trace.events.find(event => event.side === side)
    const payload = first?.packet.payload
    if (first === undefined || payload?.kind !== 'icmp' || !('quoted' in payload)) continue
    const what = ICMP_TEXTS[`${payload.type}/${payload.code}`] ?? `ICMP ${payload.type}/${payload.code}`
    const arrived = trace.events.some(
      event => event.side === side && event.kind === 'in' && event.host.isLocalAddress(event.packet.destination),
    )
    steps.push(
      told(`${question.map.nameOf(first.host)} reports it: ${what}${arrived ? '' : ' (the report is lost too)'}`),
    )
  }
  return steps
}

const ICMP_TEXTS: Readonly<Record<string, string>> = {
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/2': 'protocol unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/13': 'administratively prohibited',
  '11/0': 'TTL exceeded',
}
