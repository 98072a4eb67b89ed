/*
 * RFC 4271 §9.1.1: what happens to a received route, in the order of FRR's bgp_update (bgpd/bgp_route.c): AS loop, originator,
 * cluster list, filters, RFC 8212, AS sets, weight and route-map, well-known communities, next hop.
 */
import type { BgpModel, BgpPeerModel, PeerFamilyModel } from '../model/bgp.ts'
import { type Ipv4Address, isLoopback, isMulticast, type Prefix, UNSPECIFIED } from '../wire/address.ts'
import { COMMUNITY, type SharedAttributes } from '../wire/bgp/attributes.ts'
import {
  type AsPath,
  countAsn,
  hasConfederation,
  hasSet,
  lastAsn,
  leadingAsn,
  leftmostConfederationAsn,
  prependAsns,
} from './as-path.ts'
import { type Attributes, type AttributeTable, GRACEFUL_SHUTDOWN_PREFERENCE, RouteDraft } from './attributes.ts'
import type { Moment, PathNews, PathPeer, PathSettings } from './path.ts'
import type { PolicyEngine } from './policy.ts'
import { clusterIdOf } from './reflection.ts'
import type { CommonPath } from './update-burst.ts'

/** Why a route was not taken. Appears in the journal and in counters. */
export type ImportRejection =
  | 'as-loop'
  | 'own-originator'
  | 'cluster-loop'
  | 'filtered'
  | 'policy-missing'
  | 'as-set'
  | 'route-map'
  | 'martian-next-hop'
  | 'import-default-reject'
  | 'malformed-as-path'

/** The sender of a route. */
export interface ImportPeer extends PathPeer {
  readonly model: BgpPeerModel
  readonly family: PeerFamilyModel
  /** Own AS on this session before `local-as`. */
  readonly localAsn: number
  readonly isInboundPolicyMissing: boolean
}

export interface ImportContext {
  readonly model: BgpModel
  readonly routerId: Ipv4Address
  readonly policy: PolicyEngine
  readonly table: AttributeTable
  /** The present instant. */
  readonly moment: Moment
  /** Of routes that policy leaves as they came: one object for those that come one after the other. */
  plainSettings(nextHop: Ipv4Address, weight: number): PathSettings
  isLocalAddress(address: Ipv4Address): boolean
}

/**
 * What RFC 7606 makes of an UPDATE's attributes before any route is looked at. `attributes`: as the session takes them (own
 * local-as prepended, LOCAL_PREF of outsiders dropped); `withdraw`: its routes count as withdrawn.
 */
export type AttributeCheck =
  | { readonly action: 'accept'; readonly attributes: Attributes }
  | { readonly action: 'withdraw'; readonly reason: ImportRejection }

/** A route as a peer sent it. */
export interface ReceivedRoute {
  readonly attributes: Attributes
  readonly nextHop: Ipv4Address
}

/** Checks that concern all routes of an UPDATE. */
export function checkAttributes(context: ImportContext, peer: ImportPeer, received: SharedAttributes): AttributeCheck {
  const { asPath } = received
  if (isMalformed(context, peer, asPath)) return { action: 'withdraw', reason: 'malformed-as-path' }
  const { localAs } = peer.model
  if (peer.type === 'ebgp' && localAs === undefined && hasNothingInternal(received)) {
    return { action: 'accept', attributes: context.table.intern(received) }
  }
  const draft = new RouteDraft(received)
  if (localAs !== undefined && !localAs.noPrepend && peer.type === 'ebgp') {
    draft.asPath = prependAsns(asPath, [localAs.asn])
  }
  if (peer.type === 'ebgp') {
    draft.localPreference = undefined
    draft.originatorId = undefined
    if (draft.clusterList.length > 0) draft.clusterList = []
  }
  return { action: 'accept', attributes: draft.finish(context.table) }
}

/** Nothing that is dropped when it comes from outside the AS. */
function hasNothingInternal({ localPreference, originatorId, clusterList }: SharedAttributes): boolean {
  return localPreference === undefined && originatorId === undefined && clusterList.length === 0
}

function isMalformed(context: ImportContext, peer: ImportPeer, asPath: AsPath): boolean {
  if (peer.type === 'confed') return leftmostConfederationAsn(asPath) === undefined
  if (peer.type !== 'ebgp') return false
  if (hasConfederation(asPath)) return true
  return startsWithPeer(context, peer) && leadingAsn(asPath) !== peer.remoteAsn
}

/** Whether each path must begin with the peer's AS. */
function startsWithPeer(context: ImportContext, peer: ImportPeer): boolean {
  return peer.model.enforceFirstAs || context.model.enforceFirstAs
}

/**
 * Whether an UPDATE of a plain eBGP peer carries an own AS, so that none of its routes is taken. Asked of what was received, as
 * in a fabric every second UPDATE is an echo: no attributes are kept for them. False where the answer takes more to find.
 */
export function isEcho(context: ImportContext, peer: ImportPeer, { asPath }: SharedAttributes): boolean {
  return findsEchoes(peer) && countAsn(asPath, context.model.asn) > 0 && !isMalformed(context, peer, asPath)
}

/** The same of all UPDATEs of a burst. */
export function areEchoes(context: ImportContext, peer: ImportPeer, common: CommonPath): boolean {
  if (!findsEchoes(peer) || !common.asns.includes(context.model.asn)) return false
  return !startsWithPeer(context, peer) || common.leadingAsn === peer.remoteAsn
}

function findsEchoes({ type, model, family }: ImportPeer): boolean {
  return type === 'ebgp' && model.localAs === undefined && family.allowAsIn === undefined
}

/** Loop checks, filters and policy for one route: what its path is to say, or why there is none. */
export function importRoute(
  context: ImportContext,
  peer: ImportPeer,
  prefix: Prefix,
  { attributes, nextHop }: ReceivedRoute,
): PathNews | ImportRejection {
  const loop = findLoop(context, peer, attributes)
  if (loop !== undefined) return loop
  if (!passesFilters(context.policy, peer, prefix, attributes)) return 'filtered'
  if (peer.isInboundPolicyMissing) return 'policy-missing'
  if (context.model.rejectAsSets && hasSet(attributes.asPath)) return 'as-set'
  const routeMap = peer.family.in.routeMap
  const { moment } = context
  // nearly every route of a fabric goes this way, and millions of drafts are much to throw away
  const isUnchanged = routeMap === undefined && attributes.communities.length === 0 && !context.model.gracefulShutdown
  if (isUnchanged && !isMartian(nextHop) && !context.isLocalAddress(nextHop)) {
    return { attributes, settings: context.plainSettings(nextHop, peer.family.weight ?? 0), moment }
  }
  const draft = new RouteDraft(attributes, nextHop, peer.family.weight)
  if (routeMap !== undefined) {
    const isPermitted = context.policy.applyRouteMap(routeMap, prefix, draft, {
      direction: 'in',
      peerAddress: peer.address,
      ownAsn: peer.type === 'ebgp' ? (peer.model.localAs?.asn ?? peer.localAsn) : undefined,
    })
    if (!isPermitted) return 'route-map'
  }
  if (peer.type === 'ebgp') applyWellKnown(context.model, draft)
  if (isMartian(draft.nextHop) || context.isLocalAddress(draft.nextHop)) return 'martian-next-hop'
  return { attributes: draft.finish(context.table), settings: draft, moment }
}

function findLoop(context: ImportContext, peer: ImportPeer, attributes: Attributes): ImportRejection | undefined {
  const { model } = context
  const { asPath } = attributes
  const { allowAsIn } = peer.family
  const allowed = typeof allowAsIn === 'number' ? allowAsIn : 0
  const { localAs } = peer.model
  if (localAs !== undefined && localAs.asn !== model.asn) {
    const own = allowed > 0 ? allowed : localAs.noPrepend ? 0 : 1
    if (countAsn(asPath, localAs.asn) > own) return 'as-loop'
  }
  const isOriginAllowed = allowAsIn === 'origin' && lastAsn(asPath) === model.asn
  if (!isOriginAllowed) {
    if (countAsn(asPath, model.asn) > allowed) return 'as-loop'
    if (model.confederation !== undefined && countAsn(asPath, model.confederation.identifier) > allowed)
      return 'as-loop'
  }
  if (attributes.originatorId !== undefined && attributes.originatorId === context.routerId) return 'own-originator'
  if (attributes.clusterList.length > 0 && attributes.clusterList.includes(clusterIdOf(model, context.routerId)))
    return 'cluster-loop'
  return undefined
}

/** Whether the peer's policy treats prefixes of one UPDATE alike, so that one judgement serves them all. */
export function judgesByAttributes({ family }: ImportPeer): boolean {
  const names = family.in
  return names.routeMap === undefined && names.prefixList === undefined && names.distributeList === undefined
}

function passesFilters(policy: PolicyEngine, peer: ImportPeer, prefix: Prefix, attributes: Attributes): boolean {
  const names = peer.family.in
  if (names.distributeList !== undefined && !policy.permitsAccess(names.distributeList, prefix)) return false
  if (names.prefixList !== undefined && !policy.permitsPrefix(names.prefixList, prefix)) return false
  return names.filterList === undefined || policy.permitsAsPath(names.filterList, attributes)
}

/** RFC 7999 blackhole and RFC 8326 graceful shutdown on eBGP. */
function applyWellKnown(model: BgpModel, draft: RouteDraft): void {
  if (draft.communities.includes(COMMUNITY.blackhole)) draft.addCommunity(COMMUNITY.noExport)
  if (draft.communities.includes(COMMUNITY.gracefulShutdown)) draft.localPreference = GRACEFUL_SHUTDOWN_PREFERENCE
  else if (model.gracefulShutdown) draft.addGracefulShutdown()
}

/** Not an address a packet could be sent to: 0/8, 127/8, multicast and above. */
function isMartian(address: Ipv4Address): boolean {
  return (
    address === UNSPECIFIED ||
    address >>> 24 === 0 ||
    isLoopback(address) ||
    isMulticast(address) ||
    address >>> 28 === 0xf
  )
}
