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
import { NO_SETTINGS, type PathPeer, type PathSettings } from './path.ts'
import type { PolicyEngine } from './policy.ts'
import { clusterIdOf } from './reflection.ts'

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
  const mustStartWithPeer = peer.model.enforceFirstAs || context.model.enforceFirstAs
  return mustStartWithPeer && leadingAsn(asPath) !== peer.remoteAsn
}

/**
 * Whether an UPDATE of a plain eBGP peer carries an own AS, so that none of its routes is taken. Asked of what was received, as
 * in a fabric every second UPDATE is an echo: no attributes are kept for them. False where the answer takes more to find.
 */
export function isEcho(context: ImportContext, peer: ImportPeer, { asPath }: SharedAttributes): boolean {
  if (peer.type !== 'ebgp' || peer.model.localAs !== undefined || peer.family.allowAsIn !== undefined) return false
  return countAsn(asPath, context.model.asn) > 0 && !isMalformed(context, peer, asPath)
}

export type ImportOutcome =
  | { readonly kind: 'accept'; readonly attributes: Attributes; readonly settings: PathSettings }
  | { readonly kind: 'reject'; readonly reason: ImportRejection }

/** Loop checks, filters and policy for one route. */
export function importRoute(
  context: ImportContext,
  peer: ImportPeer,
  prefix: Prefix,
  { attributes, nextHop }: ReceivedRoute,
): ImportOutcome {
  const loop = findLoop(context, peer, attributes)
  if (loop !== undefined) return { kind: 'reject', reason: loop }
  if (!passesFilters(context.policy, peer, prefix, attributes)) return { kind: 'reject', reason: 'filtered' }
  if (peer.isInboundPolicyMissing) return { kind: 'reject', reason: 'policy-missing' }
  if (context.model.rejectAsSets && hasSet(attributes.asPath)) return { kind: 'reject', reason: 'as-set' }
  const routeMap = peer.family.in.routeMap
  const { weight = 0 } = peer.family
  // nearly every route of a fabric goes this way, and millions of drafts are much to throw away
  const isUnchanged = routeMap === undefined && attributes.communities.length === 0 && !context.model.gracefulShutdown
  if (isUnchanged && !isMartian(nextHop) && !context.isLocalAddress(nextHop)) {
    return { kind: 'accept', attributes, settings: { ...NO_SETTINGS, nextHop, weight } }
  }
  const draft = new RouteDraft(attributes, nextHop, weight)
  if (routeMap !== undefined) {
    const isPermitted = context.policy.applyRouteMap(routeMap, prefix, draft, {
      direction: 'in',
      peerAddress: peer.address,
      ownAsn: peer.type === 'ebgp' ? (peer.model.localAs?.asn ?? peer.localAsn) : undefined,
    })
    if (!isPermitted) return { kind: 'reject', reason: 'route-map' }
  }
  if (peer.type === 'ebgp') applyWellKnown(context.model, draft)
  if (isMartian(draft.nextHop) || context.isLocalAddress(draft.nextHop))
    return { kind: 'reject', reason: 'martian-next-hop' }
  return { kind: 'accept', attributes: draft.finish(context.table), settings: draft }
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
