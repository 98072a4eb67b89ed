import type { Session } from '../../bgp/session.ts'
import type { AddressOwner, SessionAt, SpeakerAt } from '../../lab/lab-map.ts'
import type { LabNode } from '../../lab/node.ts'
import type { BgpPeerModel } from '../../model/bgp.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, prefixContains } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { failed, told } from '../step.ts'
import { explainDevice, networkOf, writtenAddresses } from './device.ts'

/** Why a session is not up: the first gate that fails, seen from one end. */
export function explainSession(question: Question, at: SessionAt): Step {
  const owner = question.map.owners(at.session.address)[0]
  return (
    ownGate(question, at) ??
    ownerGate(question, at, owner) ??
    counterpartGate(question, at, owner!) ??
    failed(
      `the session ${sessionText(question, at)} is ${at.session.state}: ${at.session.lastReset.text}`,
      at.session.model.source,
    )
  )
}

/** `leaf1 - spine1 10.1.1.0`. */
function sessionText({ map }: Question, { node, session }: SessionAt): string {
  const name = map.ownerName(session.address)
  return `${node.name} - ${name === undefined ? '' : `${name} `}${formatIpv4(session.address)}`
}

/** What this end's configuration and interfaces forbid. */
function ownGate(question: Question, at: SessionAt): Step | undefined {
  const { node, session, speaker } = at
  const { model } = session
  const peer = `neighbor ${formatIpv4(session.address)}`
  const line = (words: string): SourceRef => lineOf(question, node, model, words)
  if (model.shutdown) return failed(`${node.name}: ${peer} is shut down`, line('shutdown'))
  if (model.remoteAs === undefined) return failed(`${node.name}: ${peer} has no remote-as`, model.source)
  if (model.ipv4Unicast === undefined)
    return failed(`${node.name}: ${peer} is not activated for IPv4 unicast`, deactivationLine(question, node, model))
  if (session.isOverflown) {
    const limit = session.family.maximumPrefix?.limit
    return failed(`${node.name}: ${peer} sent more than ${limit} prefixes and is held down`, line('maximum-prefix'))
  }
  if (session.nextHop !== undefined && !session.nextHop.isValid) return reachGate(question, at)
  const { updateSource } = model
  if (updateSource !== undefined && typeof updateSource !== 'number') {
    const address = speaker.routes.interfaceAddress(updateSource.interface, session.address)
    if (address === undefined)
      return failed(`${node.name}: update-source ${updateSource.interface} has no address`, line('update-source'))
  }
  if (typeof updateSource === 'number' && !node.host.isLocalAddress(updateSource))
    return failed(
      `${node.name}: update-source ${formatIpv4(updateSource)} is not an address of it`,
      line('update-source'),
    )
  return undefined
}

/** The peer's address is not reachable as the session demands it. */
function reachGate(question: Question, { node, session, speaker }: SessionAt): Step {
  const address = session.address
  const text = formatIpv4(address)
  const near = writtenAddresses(question, node).find(one => prefixContains(networkOf(one.value), address))
  if (near !== undefined) {
    const step = explainDevice(question, node, near.device)
    if (step !== undefined) return step
    if (!node.host.isLocalAddress(near.value.address))
      return failed(
        `${node.name} ${near.device} has not got its address ${formatIpv4(near.value.address)}`,
        near.source,
      )
  }
  const route = node.host.fib.lookup(address)
  if (session.needsConnected && route !== undefined && speaker.routes.connectedNetwork(address) === undefined)
    return failed(
      `${node.name}: neighbor ${text} is on no connected network, and eBGP with TTL 1 needs that (ebgp-multihop)`,
      lineOf(question, node, session.model, 'ebgp-multihop'),
    )
  return (
    acrossGate(question, node, session) ??
    failed(`${node.name} has no route to its neighbor ${text}`, session.model.source)
  )
}

/** The peer is at the other end of a link, and the two ends are in different networks. */
function acrossGate({ map, places }: Question, node: LabNode, { address, model }: Session): Step | undefined {
  const owner = map.owners(address).find(one => map.farEnd(one.device)?.host === node.host)
  const device = owner?.device.peer
  if (owner?.node === undefined || device === undefined) return undefined
  const [own] = device.addresses
  const written = own === undefined ? 'no address' : `${formatIpv4(own.address)}/${own.length}`
  const text = `${node.name} ${device.name} has ${written}: its neighbor ${formatIpv4(address)} at the other end is not in that network`
  const source = own === undefined ? places.device(node, device.name) : places.address(node, device.name, own.address)
  const far = owner.device.addresses.find(one => one.address === address)
  return failed(text, source ?? model.source, [
    told(
      `${owner.name} ${owner.device.name} has ${formatIpv4(address)}/${far?.length ?? 32}`,
      places.address(owner.node, owner.device.name, address),
    ),
    told(`the neighbor of ${node.name}`, model.source),
  ])
}

/** Nobody has the peer's address, or it cannot be heard there. */
function ownerGate(
  question: Question,
  { node, session }: SessionAt,
  owner: AddressOwner | undefined,
): Step | undefined {
  const { map, places } = question
  const text = formatIpv4(session.address)
  if (owner === undefined) {
    const written = map.nodes.flatMap(one => writtenAddresses(question, one).map(value => ({ one, ...value })))
    const missing = written.find(({ value }) => value.address === session.address)
    if (missing !== undefined)
      return (
        explainDevice(question, missing.one, missing.device) ??
        failed(`${missing.one.name} has not got its address ${text}`, missing.source)
      )
    return failed(
      `${node.name}: nobody has the address of neighbor ${text}`,
      session.model.source,
      likelyPeer(question, node, session),
    )
  }
  if (owner.host === node.host) return failed(`${node.name}: neighbor ${text} is its own address`, session.model.source)
  if (owner.node?.isRunning === false) return failed(`${owner.name} is not running`, places.node(owner.node))
  return owner.node === undefined ? undefined : explainDevice(question, owner.node, owner.device.name)
}

/** Who else is in the network where the peer should be. */
function likelyPeer({ map }: Question, node: LabNode, { address }: Session): readonly Step[] {
  const device = [...node.host.interfaces].find(one => one.hasSubnetOf(address))
  const far = device === undefined ? undefined : map.farEnd(device)
  if (far === undefined) return []
  const texts = far.device.addresses.map(one => `${formatIpv4(one.address)}/${one.length}`)
  return [
    {
      text: `behind ${device!.name} is ${far.name} ${far.device.name} with ${texts.join(', ') || 'no address'}`,
      outcome: 'info',
    },
  ]
}

/** What the other end's configuration says against it. */
function counterpartGate(question: Question, at: SessionAt, owner: AddressOwner): Step | undefined {
  const { map, places } = question
  const other = map.counterpart(at)
  if (other !== undefined) return ownGate(question, other) ?? compare(question, at, other)
  const there = owner.node === undefined ? undefined : map.speakersAt(owner.node)[0]
  if (there === undefined) {
    const source = owner.node === undefined ? undefined : daemonLine(question, owner.node)
    return failed(`${owner.name} runs no BGP`, source)
  }
  return failed(
    `${owner.name} has no neighbor for ${at.node.name}`,
    there.speaker.model.source,
    expectedPeers(question, at, there, places.node(there.node)),
  )
}

function daemonLine({ places }: Question, node: LabNode): SourceRef | undefined {
  const daemons = node.boundFrom?.get('/etc/frr/daemons')
  const line = daemons?.text.split('\n').findIndex(text => /^\s*bgpd\s*=/.test(text)) ?? -1
  if (daemons !== undefined && line >= 0) return { file: daemons.from, line: line + 1, column: 1 }
  return places.line(node, /^router bgp/) ?? places.node(node)
}

/** The neighbours that the other end has where one of ours should be. */
function expectedPeers(
  { map }: Question,
  { node }: SessionAt,
  { speaker }: SpeakerAt,
  _node: SourceRef | undefined,
): readonly Step[] {
  return [...speaker.sessions.values()]
    .filter(session => map.owners(session.address).length === 0)
    .slice(0, 2)
    .map(session =>
      failed(
        `its neighbor ${formatIpv4(session.address)} is nobody's address; meant for ${node.name}?`,
        session.model.source,
      ),
    )
}

/** Two ends that know each other but do not fit. */
function compare(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  return (
    compareAs(question, at, other) ??
    compareAs(question, other, at) ??
    comparePasswords(question, at, other) ??
    compareTtl(question, at, other) ??
    compareTtl(question, other, at) ??
    compareAddresses(question, at, other) ??
    comparePorts(question, at, other) ??
    compareIdentifiers(question, at, other)
  )
}

/** The AS that one end expects against the one that the other sends in its OPEN. */
function compareAs(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  const { remoteAs } = at.session.model
  const own = at.session.model.localAs?.asn ?? at.speaker.model.asn
  const sent = other.session.model.localAs?.asn ?? other.session.localAsn
  const fits = remoteAs === 'internal' ? sent === own : remoteAs === 'external' ? sent !== own : sent === remoteAs
  if (fits) return undefined
  const text = `AS mismatch: ${at.node.name} expects ${typeof remoteAs === 'number' ? `AS ${remoteAs}` : `an ${remoteAs} AS`} of ${formatIpv4(at.session.address)}, ${other.node.name} is AS ${sent}`
  const source = lineOf(question, at.node, at.session.model, 'remote-as')
  return failed(text, source, [
    { text: `${other.node.name} is AS ${sent}`, outcome: 'info', source: other.speaker.model.source },
  ])
}

function comparePasswords(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  const [own, theirs] = [at.session.model.password, other.session.model.password]
  if (own === theirs) return undefined
  const source = (end: SessionAt) => lineOf(question, end.node, end.session.model, 'password')
  if (own !== undefined && theirs !== undefined)
    return failed(`${at.node.name} and ${other.node.name} have different passwords`, source(at), [
      { text: `the password of ${other.node.name}`, outcome: 'info', source: source(other) },
    ])
  const [withOne, without] = own === undefined ? [other, at] : [at, other]
  return failed(`${withOne.node.name} has a password for ${without.node.name}, which has none`, source(withOne), [
    { text: `the neighbor of ${without.node.name}`, outcome: 'info', source: without.session.model.source },
  ])
}

/** GTSM drops what was sent with a smaller TTL (RFC 5082). */
function compareTtl(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  const { ttlSecurityHops } = at.session.model
  if (ttlSecurityHops === undefined || other.session.ttl >= 256 - ttlSecurityHops) return undefined
  const text = `${at.node.name} drops what arrives with a TTL below ${256 - ttlSecurityHops} (ttl-security), ${other.node.name} sends ${other.session.ttl}`
  return failed(text, lineOf(question, at.node, at.session.model, 'ttl-security'))
}

/** The address that connections come from must be the one that the other end has a neighbour for. */
function compareAddresses(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  const mismatches = [
    [at, other],
    [other, at],
  ] as const
  const wrong = mismatches.map(([from, to]) => {
    const { updateSource } = from.session.model
    const source =
      typeof updateSource === 'number'
        ? updateSource
        : updateSource === undefined
          ? undefined
          : from.speaker.routes.interfaceAddress(updateSource.interface, from.session.address)
    const route = from.node.host.routeFor(from.session.address)
    const address = source ?? (route.ok ? route.source : undefined)
    return address !== undefined && address !== to.session.address ? { from, to, address } : undefined
  })
  // one end that calls with the right address is enough
  const first = wrong[0]
  if (first === undefined || wrong[1] === undefined) return undefined
  const { from, to, address } = first
  const text = `${from.node.name} connects from ${formatIpv4(address)}, ${to.node.name} expects ${formatIpv4(to.session.address)} (update-source)`
  return failed(text, lineOf(question, from.node, from.session.model, 'update-source'), [
    { text: `${to.node.name}'s neighbor`, outcome: 'info', source: to.session.model.source },
  ])
}

function comparePorts(question: Question, at: SessionAt, other: SessionAt): Step | undefined {
  if (at.session.model.passive && other.session.model.passive)
    return failed(
      `both ends are passive: neither ${at.node.name} nor ${other.node.name} connects`,
      lineOf(question, at.node, at.session.model, 'passive'),
    )
  return undefined
}

function compareIdentifiers({ places }: Question, at: SessionAt, other: SessionAt): Step | undefined {
  if (at.session.type !== 'ibgp' || at.speaker.routerId !== other.speaker.routerId) return undefined
  const text = `${at.node.name} and ${other.node.name} have the same router id ${formatIpv4(at.speaker.routerId)}`
  return failed(text, places.line(at.node, /^bgp router-id/) ?? at.speaker.model.source)
}

function lineOf({ places }: Question, node: LabNode, model: BgpPeerModel, words: string): SourceRef {
  return places.neighbor(node, model, words) ?? model.source
}

function deactivationLine({ places }: Question, node: LabNode, model: BgpPeerModel): SourceRef {
  const name = model.address === undefined ? '' : formatIpv4(model.address).replaceAll('.', '\\.')
  return (
    places.line(node, new RegExp(`^no neighbor ${name} activate`)) ??
    places.line(node, /^no bgp default ipv4-unicast/) ??
    model.source
  )
}
