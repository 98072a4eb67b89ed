import { type Ipv4Address, prefixContains } from '../wire/address.ts'
import type { LintContext } from './context.ts'
import { FOREIGN_SYSTEM, type PeerView, type SpeakerView } from './speaker-view.ts'
import type { Station } from './wires.ts'

/** What stands at the other end of a configured session. */
export type Counterpart =
  /** The other end's statement about this one. */
  | { readonly kind: 'peer'; readonly owner: Station; readonly peer: PeerView }
  /** The other end has a statement for another address of this one than the session comes from. */
  | { readonly kind: 'other-address'; readonly owner: Station; readonly peer: PeerView; readonly source: Ipv4Address }
  /** The other end takes everybody from a range. */
  | { readonly kind: 'range'; readonly owner: Station; readonly speaker: SpeakerView }
  /** The other end speaks BGP, but not with this one. */
  | { readonly kind: 'no-statement'; readonly owner: Station; readonly speaker: SpeakerView }
  /** The address belongs to something that runs no BGP. */
  | { readonly kind: 'no-bgp'; readonly owner: Station }
  /** The address is on a network of this router, where nobody has it. */
  | { readonly kind: 'nobody' }
  /** It cannot be told: the address is nowhere near, or its owner may be configured later. */
  | { readonly kind: 'unknown' }

/** Images of routing suites that may be configured by other means than the files that are read. */
const ROUTER_IMAGE =
  /frr|vyos|bird|quagga|gobgp|exabgp|openbgpd|sonic|srlinux|ceos|vrnetlab|crpd|xrd|cumulus|metallb|holo|rustybgp/i

const known = new WeakMap<PeerView, Counterpart>()

/** Finds the other end of a session, by the addresses that the connection would have. */
export function counterpartOf(context: LintContext, peer: PeerView): Counterpart {
  const found = known.get(peer) ?? search(context, peer)
  known.set(peer, found)
  return found
}

function search(context: LintContext, peer: PeerView): Counterpart {
  const owner = ownerOf(context, peer)
  if (owner === undefined) return { kind: isOnOwnNetwork(peer) && isClosed(context, peer) ? 'nobody' : 'unknown' }
  const speakers = context.speakers.filter(speaker => speaker.host === owner.host)
  if (speakers.length === 0)
    return mayBeConfiguredLater(context, owner) ? { kind: 'unknown' } : { kind: 'no-bgp', owner }
  const source = sessionSource(peer)
  const back = speakers.flatMap(speaker => speaker.peers).filter(one => peer.speaker.host.isLocalAddress(one.address))
  const exact = back.find(one => source === undefined || one.address === source || reaches(one, peer))
  if (exact !== undefined) return { kind: 'peer', owner, peer: exact }
  const range = speakers.find(
    ({ model }) => source !== undefined && model.listenRanges.some(({ prefix }) => prefixContains(prefix, source)),
  )
  if (range !== undefined) return { kind: 'range', owner, speaker: range }
  const other = back[0]
  if (other !== undefined && source !== undefined) return { kind: 'other-address', owner, peer: other, source }
  return { kind: 'no-statement', owner, speaker: speakers[0]! }
}

/** The own address that a connection to the peer comes from; undefined without a route. */
export function sessionSource({ speaker, model, address }: PeerView): Ipv4Address | undefined {
  const { updateSource } = model
  if (typeof updateSource === 'number') return updateSource
  if (updateSource !== undefined) return speaker.speaker.routes.interfaceAddress(updateSource.interface, address)
  const route = speaker.host.routeFor(address)
  return route.ok ? route.source : undefined
}

/** The other end dials one of our addresses from the one that we know it by; Cilium's nodes take no calls. */
function reaches(back: PeerView, peer: PeerView): boolean {
  return peer.speaker.kind !== 'cilium' && sessionSource(back) === peer.address
}

function ownerOf(context: LintContext, { speaker, address }: PeerView): Station | undefined {
  for (const device of speaker.host.interfaces) {
    if (!device.isLoopback && device.hasSubnetOf(address)) return context.wires.ownerOn(device, address)
  }
  return context.wires.owners(address).find(owner => owner.host !== speaker.host)
}

/** Whether the peer's address lies in the network of one of the speaker's own addresses. */
export function isOnOwnNetwork({ speaker, address }: PeerView): boolean {
  return speaker.host.interfaces.all().some(device => device.hasSubnetOf(address))
}

/** Bridges and docker networks of the machine may get further members from elsewhere; other systems have addresses unseen. */
function isClosed(context: LintContext, { speaker, address }: PeerView): boolean {
  const device = speaker.host.interfaces.all().find(one => one.hasSubnetOf(address))
  const neighbours = device === undefined ? [] : context.wires.onNetworkOf(device).map(({ host }) => host)
  if (context.lab.nodes().some(node => neighbours.includes(node.host) && FOREIGN_SYSTEM.test(node.image))) return false
  const { host } = context.lab.machine
  return device?.peer !== undefined && device.peer.master === undefined && !host.interfaces.all().includes(device.peer)
}

/** A container from elsewhere, a node of a cluster before its policies are applied, a router of another kind. */
function mayBeConfiguredLater(context: LintContext, { host }: Station): boolean {
  const nodes = context.lab.nodes().filter(node => node.host === host)
  const cluster = context.clusters.find(view => view.cluster.nodes.some(node => node.host === host))
  if (cluster !== undefined) return cluster.bgpPolicies.length === 0
  return nodes.some(node => node.kind !== 'linux' || ROUTER_IMAGE.test(node.image) || node.router !== undefined)
}
