/*
 * From a node's virtual router to the routing table of its neighbour: session, advertisement, import, best path.
 * Sources: pkg/bgpv1/gobgp/peer.go (what a neighbour's fields become), bgpp_types.go (their defaults); RFC 4271 §6.2, §8, §9.1.
 */
import { valueAtStep } from '../../bgp/decision.ts'
import type { Session } from '../../bgp/session.ts'
import type { DecisionStep } from '../../bgp/snapshot.ts'
import type { Speaker } from '../../bgp/speaker.ts'
import { isIpv4Unicast, neighborAddress } from '../../kubernetes/cilium/bgp/peer-model.ts'
import type { SessionAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatDuration } from '../../text/duration.ts'
import { formatIpv4, type Ipv4Address, type Prefix, prefixOf } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Path } from '../bgp-view.ts'
import { explainDevice } from '../route/device.ts'
import { explainEdge } from '../route/edge.ts'
import { explainInvalidPath } from '../route/invalid-path.ts'
import { decisionValue } from '../route/path-text.ts'
import { explainSession } from '../route/session.ts'
import { failed, passed, told } from '../step.ts'
import type { RouterAt } from './bgp-gates.ts'
import { placeOf } from './subject.ts'
import { spanText } from './time.ts'
import type { NodeGate } from './walk.ts'

/** A neighbour of a virtual router. */
interface NeighborAt {
  readonly gate: NodeGate
  readonly at: RouterAt
  readonly index: number
  readonly address: Ipv4Address
  /** `leaf01 10.0.5.1`. */
  readonly name: string
}

/** Paths that lose here are equal enough to be used together. */
const TIE_STEPS: ReadonlySet<DecisionStep> = new Set(['older-path', 'router-id', 'cluster-length', 'neighbor-address'])

/** What each neighbour of the virtual router makes of the address. */
export function neighborSteps(gate: NodeGate, at: RouterAt, speaker: Speaker): readonly Step[] {
  return at.router.neighbors.map((neighbor, index) => {
    const address = neighborAddress(neighbor)
    if (address === undefined)
      return failed(
        `neighbor ${neighbor.peerAddress} is no IPv4 address`,
        fieldPlace({ gate, at, index }, 'peerAddress'),
      )
    const owner = gate.question.map.ownerName(address)
    const name = owner === undefined ? formatIpv4(address) : `${owner} ${formatIpv4(address)}`
    return neighborStep({ gate, at, index, address, name }, speaker)
  })
}

function fieldPlace({ gate, at, index }: Omit<NeighborAt, 'address' | 'name'>, field: string): SourceRef | undefined {
  const { cluster } = gate.subject
  return placeOf(cluster, at.policy, 'spec', 'virtualRouters', at.index, 'neighbors', index, field)
}

function neighborStep(neighbor: NeighborAt, speaker: Speaker): Step {
  const { gate, address, name } = neighbor
  const { question, subject } = gate
  const session = speaker.sessions.get(address)
  if (session === undefined) return failed(`it has not added neighbor ${name} yet`, fieldPlace(neighbor, 'peerAddress'))
  const own: SessionAt = { node: labNodeOf(gate), speaker, session }
  if (!session.isFamilyNegotiated) return sessionStep(neighbor, own)
  const prefix = prefixOf(subject.address!, 32)
  const other = question.map.counterpart(own)
  if (other === undefined) return passed(`sent to ${name}, which is not simulated`)
  const edge = explainEdge(question, own, other, prefix)
  if (edge !== undefined) return translate(neighbor, edge.step)
  return acceptedStep(neighbor, session, other, prefix)
}

/** The container of the node: sessions are told of by it. */
function labNodeOf({ question, node }: NodeGate): LabNode {
  return question.map.nodeOf(node.host)!
}

/** Its path there: best, multipath, or the step at which it lost. */
function acceptedStep({ gate, name }: NeighborAt, session: Session, other: SessionAt, prefix: Prefix): Step {
  const { simulator } = gate.question.lab
  const destination = other.speaker.table.rib.get(prefix)
  const path = destination?.find(other.session, 'learned')
  if (destination === undefined || path === undefined) return failed(`${name} has not taken the route up yet`)
  const since = sinceText(simulator.nowNs, path.updatedAtNs, session.changedAtNs)
  const invalid = explainInvalidPath(gate.question, other, path, prefix)
  if (invalid !== undefined) return invalid
  if (path.isSelected || path.isMultipath) {
    const rank = path.isMultipath ? `one of ${destination.multipath.length} paths in use` : 'best path'
    return passed(`to ${name} ${since}: ${rank} there${path.isStale ? ' (stale: graceful restart)' : ''}`)
  }
  const limit = gate.question.places.line(other.node, /^maximum-paths/)
  const isTie = path.lostStep !== undefined && TIE_STEPS.has(path.lostStep) && limit !== undefined
  const steps = isTie ? [told(`equal but for that: ${other.node.name} is told how many paths it may use`, limit)] : []
  return passed(`to ${name} ${since}: taken, but ${lossText(path, destination.best, other)}`, undefined, steps)
}

/** The step of the decision at which a path lost, with its value and the winner's. */
function lossText(path: Path, best: Path | undefined, { speaker }: SessionAt): string {
  const { lostStep: step } = path
  if (step === undefined || best === undefined) return 'not used there'
  const [own, winner] = [path, best].map(one => decisionValue(step, valueAtStep(one, step, speaker.table.decision)))
  return `not used there: it loses at ${step} (${own} against ${winner})`
}

/** `for 3m12s`; with the session's age when the route came later than the session. */
function sinceText(nowNs: number, pathAtNs: number, sessionAtNs: number | undefined): string {
  const age = spanText(nowNs - pathAtNs)
  if (sessionAtNs === undefined) return `for ${age}`
  const isFirst = pathAtNs - sessionAtNs < 1e9
  return isFirst ? `for ${age}, as long as the session` : `for ${age}, session up for ${spanText(nowNs - sessionAtNs)}`
}

/** Why the session is not up: what the policy says about the neighbour first, then what both ends say. */
function sessionStep(neighbor: NeighborAt, own: SessionAt): Step {
  const gate = policyGate(neighbor, own) ?? translate(neighbor, explainSession(neighbor.gate.question, own))
  const {
    name,
    gate: { question },
  } = neighbor
  const { session } = own
  const dueNs = session.main.connectRetryTimer.isRunning ? session.main.connectRetryTimer.remainingNs : undefined
  const next = dueNs === undefined ? '' : `, next dial in ${formatDuration(Math.ceil(dueNs / 1e9) * 1e9)}`
  const ended = session.connectionsDropped > 0 && session.changedAtNs !== undefined
  const when = ended
    ? `, down for ${spanText(question.lab.simulator.nowNs - session.changedAtNs!)}: ${session.lastReset.text}`
    : ''
  const state = session.isEstablished ? 'up, but without IPv4 unicast' : session.state
  return { ...gate, steps: [...(gate.steps ?? []), told(`session with ${name}: ${state}${when}${next}`)] }
}

function policyGate(neighbor: NeighborAt, own: SessionAt): Step | undefined {
  const { gate, at, index, address, name } = neighbor
  const { map } = gate.question
  const spec = at.router.neighbors[index]!
  if (spec.families !== undefined && !spec.families.some(isIpv4Unicast))
    return failed(`neighbor ${name} is configured without the family ipv4 unicast`, fieldPlace(neighbor, 'families'))
  if (map.owners(address).length === 0)
    return failed(`nobody in the lab has the address of neighbor ${name}`, fieldPlace(neighbor, 'peerAddress'))
  const device = [...own.node.host.interfaces].find(one => one.hasSubnetOf(address))
  const dead = device === undefined ? undefined : explainDevice(gate.question, own.node, device.name)
  if (dead !== undefined) return dead
  const route = own.node.host.routeFor(address)
  if (!route.ok)
    return failed(`it has no route to neighbor ${name} (${route.errno})`, fieldPlace(neighbor, 'peerAddress'))
  return (
    hopGate(neighbor, own, route.gateway) ??
    portGate(neighbor, own) ??
    asGate(neighbor, own) ??
    passwordGate(neighbor, own)
  )
}

/** eBGP leaves with TTL 1 unless eBGPMultihopTTL says otherwise. */
function hopGate(neighbor: NeighborAt, own: SessionAt, gateway: Ipv4Address | undefined): Step | undefined {
  const { name } = neighbor
  const isDirect = gateway === undefined || gateway === neighbor.address
  if (isDirect || own.session.ttl > 1) return undefined
  const text = `neighbor ${name} is behind ${formatIpv4(gateway)}, but eBGP goes out with TTL ${own.session.ttl} (eBGPMultihopTTL)`
  return failed(text, fieldPlace(neighbor, 'eBGPMultihopTTL'))
}

function portGate(neighbor: NeighborAt, own: SessionAt): Step | undefined {
  const { gate, name, address } = neighbor
  const { port } = own.session.model
  const [owner] = gate.question.map.owners(address)
  const speakers = owner?.node === undefined ? [] : gate.question.map.speakersAt(owner.node)
  const ports = speakers.flatMap(({ speaker }) => speaker.behaviour.listenPort ?? [])
  if (speakers.length === 0 || ports.includes(port)) return undefined
  const where = ports.length === 0 ? 'does not listen' : `listens on ${ports.join(', ')}`
  return failed(`it dials port ${port} of ${name}, which ${where}`, fieldPlace(neighbor, 'peerPort'))
}

function asGate(neighbor: NeighborAt, own: SessionAt): Step | undefined {
  const { gate, at, index, name } = neighbor
  const other = gate.question.map.counterpart(own)
  if (other === undefined) return undefined
  const actual = other.session.model.localAs?.asn ?? other.session.localAsn
  const expected = at.router.neighbors[index]!.peerASN
  if (actual === expected) return undefined
  return failed(`peerASN ${expected}, but ${name} is AS ${actual}`, fieldPlace(neighbor, 'peerASN'), [
    told(`the AS of ${other.node.name}`, other.speaker.model.source),
  ])
}

function passwordGate(neighbor: NeighborAt, own: SessionAt): Step | undefined {
  const { gate, at, index, name } = neighbor
  const { cluster } = gate.subject
  const secret = at.router.neighbors[index]!.authSecretRef
  const other = gate.question.map.counterpart(own)
  const theirs = other?.session.model.password
  const ours = own.session.model.password
  if (other === undefined || theirs === ours) return undefined
  const line = gate.question.places.neighbor(other.node, other.session.model, 'password') ?? other.session.model.source
  if (secret === undefined)
    return failed(
      `${name} wants a password, and the neighbor has no authSecretRef`,
      fieldPlace(neighbor, 'authSecretRef'),
      [told(`the password of ${other.node.name}`, line)],
    )
  const object = cluster.store.get('Secret', 'kube-system', secret)
  const place = fieldPlace(neighbor, 'authSecretRef')
  if (object?.data?.password === undefined)
    return failed(`Secret kube-system/${secret} is missing or has no key password`, place)
  const why = theirs === undefined ? `${name} has none` : `${name} has another`
  return failed(
    `it signs with the password of Secret kube-system/${secret}; ${why}`,
    placeOf(cluster, object, 'data', 'password') ?? place,
    [told(`the neighbor of ${other.node.name}`, line)],
  )
}

/** Cilium's own end has no configuration file: what points at the running policy is turned to its manifest. */
function translate(neighbor: NeighborAt, step: Step): Step {
  const { gate, at } = neighbor
  const { cluster } = gate.subject
  const isOurs = step.source?.file.startsWith('CiliumBGPPeeringPolicy/') === true
  const place = !isOurs
    ? step.source
    : / is AS /.test(step.text)
      ? placeOf(cluster, at.policy, 'spec', 'virtualRouters', at.index, 'localASN')
      : fieldPlace(neighbor, 'peerAddress')
  const { source: _source, steps = [], ...rest } = step
  // who sends stands before the text
  const text = rest.text.replaceAll(` from ${gate.node.name}:`, ':')
  return {
    ...rest,
    text,
    ...(place === undefined ? {} : { source: place }),
    ...(steps.length === 0 ? {} : { steps: steps.map(inner => translate(neighbor, inner)) }),
  }
}
