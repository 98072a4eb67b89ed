/*
 * RFC 4271 §9.1.3: what of a best path goes to a peer, and with which attributes. In the order of FRR's
 * subgroup_announce_check, bgp_packet_attribute and bpacket_reformat_for_peer (bgpd/bgp_route.c, bgp_attr.c,
 * bgp_updgrp_packet.c). There is no split horizon on eBGP: the sender gets its route back, unless it is `solo`.
 * Not modelled: ORF, conditional advertisement, add-path, site of origin, roles.
 */
import type { BgpModel, BgpPeerModel, PeerFamilyModel } from '../model/bgp.ts'
import { DEFAULT_ROUTE, type Ipv4Address, type Prefix, prefixLength, UNSPECIFIED } from '../wire/address.ts'
import { COMMUNITY, type PathAttributes, type SharedAttributes } from '../wire/bgp/attributes.ts'
import {
  type AsPath,
  countAsn,
  hasSet,
  isAllPrivate,
  isPrivateAsn,
  prependAsns,
  replaceAsn,
  replacePrivateAsns,
  withoutConfederation,
  withoutPrivateAsns,
} from './as-path.ts'
import { type Attributes, type AttributeTable, GRACEFUL_SHUTDOWN_PREFERENCE, RouteDraft } from './attributes.ts'
import type { Path, PathPeer } from './path.ts'
import { NO_ENTRY, type PolicyEngine } from './policy.ts'
import { clusterIdOf, mayReflect } from './reflection.ts'
import type { RouteManager } from './route-manager.ts'

/** The receiver of an announcement. */
export interface ExportPeer extends PathPeer {
  readonly model: BgpPeerModel
  readonly family: PeerFamilyModel
  /** AS shown to this peer before `local-as`: the own one, or the confederation's identifier. */
  readonly localAsn: number
  /** Own address of the session: the next hop where it is "self". */
  readonly nextHopAddress: Ipv4Address
  readonly isOutboundPolicyMissing: boolean
}

/** What exporting needs of its speaker. */
export interface ExportContext {
  readonly model: BgpModel
  readonly routerId: Ipv4Address
  readonly policy: PolicyEngine
  readonly table: AttributeTable
  readonly routes: RouteManager
  /** Rises with every change of a path. */
  readonly changes: number
  /** A reflected route without MED leaves with MED 0 (FRR up to 10.1). */
  readonly reflectsMedZero: boolean
  /** Routes share UPDATEs by what is sent, not by what is kept of them. */
  readonly packsAsSent: boolean
  /** `sender-as-path-loop-detection` works without `solo` (FRR 8.5 and later). */
  readonly detectsLoopAlone: boolean
  /** Whether another established eBGP peer lies on the connected network of the address. */
  hasOtherPeerOn(network: Prefix, except: PathPeer): boolean
}

/** An announcement as all peers of an update group get it; only the next hop differs from peer to peer. */
export interface ExportedRoute {
  /** No own AS yet. `nextHop`: 0.0.0.0 where the session's own address is filled in. */
  readonly view: Attributes
  readonly nextHop: Ipv4Address
  /** As it goes on the wire. */
  readonly template: Attributes
  /** With the three values below, what the speaker tells routes apart by: see `areAlike`. */
  readonly comparedBy: Attributes
  readonly weight: number
  readonly tag: number | undefined
  /** MED that is there but not sent, 0 without one. */
  readonly hiddenMed: number
  /** What policy did to the next hop. */
  readonly nextHopChange: RouteDraft['nextHopChange']
}

/**
 * Whether a speaker takes the routes for one, but for next hops that the peer's own address decides: they share UPDATEs, and
 * one in the place of the other is not sent again. FRR compares what it keeps, so that a LOCAL_PREF, a MED or a weight which the
 * peer never sees tells them apart (bgpd/bgp_attr.c attrhash_cmp; recorded on 8.4.4), GoBGP what it sends.
 */
export function areAlike(a: ExportedRoute, b: ExportedRoute): boolean {
  return a.comparedBy === b.comparedBy && a.weight === b.weight && a.tag === b.tag && a.hiddenMed === b.hiddenMed
}

/** Why a path is not for a peer. */
export type ExportRejection =
  | 'invalid'
  | 'suppressed'
  | 'solo'
  | 'default-originate'
  | 'community'
  | 'filtered'
  | 'not-reflected'
  | 'route-map'
  | 'policy-missing'
  | 'as-set'

/**
 * The route for the peer, or why it is not for it. The path must be the best of its destination.
 *
 * @param passesNextHop what `passesNextHopOn` says; apart from it the answer is the same for all peers of an update group
 */
export function judgeExport(
  context: ExportContext,
  path: Path,
  prefix: Prefix,
  peer: ExportPeer,
  passesNextHop = passesNextHopOn(context, path, peer),
): ExportedRoute | ExportRejection {
  const { family } = peer
  if (!path.isValid || path.isRemoved) return 'invalid'
  const isSuppressed = path.suppressors > 0
  if (isSuppressed && family.unsuppressMap === undefined) return 'suppressed'
  if (peer.model.solo && path.peer === peer) return 'solo'
  if (family.defaultOriginate !== undefined && prefix === DEFAULT_ROUTE) return 'default-originate'
  const isTransparent = peer.isRouteServerClient && path.peer.isRouteServerClient
  if (!isTransparent && isHeldByCommunity(path.attributes, peer)) return 'community'
  if (!passesFilters(context, path, prefix, peer)) return 'filtered'
  const isReflected = path.peer.type === 'ibgp' && peer.type === 'ibgp'
  if (isReflected && !mayReflect(path.peer, peer, context.model)) return 'not-reflected'

  const draft = prepareDraft(context, path, peer, isReflected)
  if (!applyOutboundPolicy(context, path, peer, { prefix, draft, isReflected, isSuppressed })) return 'route-map'
  if (peer.isOutboundPolicyMissing) return 'policy-missing'
  if (context.model.rejectAsSets && hasSet(draft.asPath)) return 'as-set'
  applyGracefulShutdown(context.model, peer, draft)
  resetNextHop(path, peer, { draft, isReflected, isTransparent, passesNextHop })
  return exportedRoute(context, draft, peer, { weight: path.weight, isReflected })
}

/** The default route of `default-originate`: MED 0, own next hop. Undefined: its route-map fits no route. */
export function exportDefault(
  context: ExportContext,
  peer: ExportPeer,
  base: Attributes,
  sortedTable: Iterable<{ readonly prefix: Prefix; readonly paths: readonly Path[] }>,
): ExportedRoute | undefined {
  const routeMap = peer.family.defaultOriginate?.routeMap
  const draft = routeMap === undefined ? newDefault(context, base) : matchDefault(context, routeMap, base, sortedTable)
  if (draft === undefined) return undefined
  draft.nextHop = UNSPECIFIED
  if (peer.type !== 'ebgp') draft.localPreference ??= context.model.defaultLocalPreference
  if (context.model.gracefulShutdown) draft.addGracefulShutdown()
  return exportedRoute(context, draft, peer, { weight: 0, isReflected: false })
}

function exportedRoute(
  context: ExportContext,
  draft: RouteDraft,
  peer: ExportPeer,
  state: { readonly weight: number; readonly isReflected: boolean },
): ExportedRoute {
  const view = draft.finish(context.table)
  const template = templateOf(context, view, peer, state.isReflected)
  const { nextHop, nextHopChange } = draft
  if (context.packsAsSent) {
    return { view, nextHop, template, comparedBy: template, weight: 0, tag: undefined, hiddenMed: 0, nextHopChange }
  }
  const hiddenMed = draft.med === undefined ? draft.hiddenMed : 0
  return { view, nextHop, template, comparedBy: view, weight: state.weight, tag: draft.tag, hiddenMed, nextHopChange }
}

function newDefault(context: ExportContext, base: Attributes): RouteDraft {
  const draft = new RouteDraft(base)
  draft.hiddenLocalPreference = context.model.defaultLocalPreference
  return draft
}

/**
 * Looks at every path of the table and changes the default route. The permitting entry with the lowest number gives the
 * attributes; of several paths that reach it, the first (FRR subgroup_default_originate).
 */
function matchDefault(
  context: ExportContext,
  routeMap: string,
  base: Attributes,
  sortedTable: Iterable<{ readonly prefix: Prefix; readonly paths: readonly Path[] }>,
): RouteDraft | undefined {
  let result: RouteDraft | undefined
  let lowest = Number.POSITIVE_INFINITY
  for (const { prefix, paths } of sortedTable) {
    for (const path of paths) {
      const changed = newDefault(context, base)
      const seen = draftOf(context, path)
      const policyContext = { direction: path.isLocal ? 'local' : 'in', peerAddress: path.peer.address } as const
      const entry = context.policy.applyRouteMapTo(routeMap, prefix, { seen, changed }, policyContext)
      if (entry === undefined || entry >= lowest) continue
      lowest = entry
      result = entry === NO_ENTRY ? newDefault(context, base) : changed
    }
  }
  return result
}

/** A path's attributes as a policy sees them. */
function draftOf(context: ExportContext, path: Path): RouteDraft {
  const draft = new RouteDraft(path.attributes, path.nextHop, path.weight, path.tag)
  draft.interface = path.interface
  if (path.isLocal && path.kind !== 'aggregate') draft.hiddenLocalPreference = context.model.defaultLocalPreference
  return draft
}

/** RFC 1997 and 3765: no-advertise, no-export, local-AS. */
function isHeldByCommunity(attributes: Attributes, peer: ExportPeer): boolean {
  const { communities } = attributes
  if (communities.length === 0) return false
  if (communities.includes(COMMUNITY.noAdvertise)) return true
  if (peer.type === 'ebgp' && communities.includes(COMMUNITY.noExport)) return true
  return peer.type !== 'ibgp' && communities.includes(COMMUNITY.noExportSubconfed)
}

function passesFilters(context: ExportContext, path: Path, prefix: Prefix, peer: ExportPeer): boolean {
  const { policy, model } = context
  const { attributes } = path
  const names = peer.family.out
  if (peer.model.solo && attributes.originatorId !== undefined && attributes.originatorId === peer.remoteRouterId)
    return false
  if (names.distributeList !== undefined && !policy.permitsAccess(names.distributeList, prefix)) return false
  if (names.prefixList !== undefined && !policy.permitsPrefix(names.prefixList, prefix)) return false
  if (names.filterList !== undefined && !policy.permitsAsPath(names.filterList, attributes)) return false
  const detectsLoop = peer.family.senderAsPathLoopDetection && (peer.model.solo || context.detectsLoopAlone)
  if (detectsLoop && countAsn(attributes.asPath, peer.remoteAsn) > 0) return false
  return model.confederation === undefined || countAsn(attributes.asPath, model.confederation.identifier) === 0
}

function prepareDraft(context: ExportContext, path: Path, peer: ExportPeer, isReflected: boolean): RouteDraft {
  const { model } = context
  const draft = draftOf(context, path)
  if (peer.type !== 'ebgp') draft.localPreference ??= model.defaultLocalPreference
  if (isReflected && draft.originatorId === undefined) {
    draft.originatorId = path.peer.remoteRouterId
    // The flag FRR sets beside the originator is MED's; the value under it is 0.
    if (context.reflectsMedZero) draft.med ??= 0
  }
  const isTransparent = peer.isRouteServerClient && path.peer.isRouteServerClient
  if (peer.type === 'ebgp' && !path.isLocal && !isTransparent && !peer.family.attributeUnchanged.med) {
    draft.hiddenMed = draft.med ?? 0
    draft.med = undefined
  }
  if (peer.type === 'ebgp') draft.asPath = rewriteAsPath(draft.asPath, model.asn, peer)
  return draft
}

/** remove-private-AS and as-override. */
function rewriteAsPath(path: AsPath, ownAsn: number, peer: ExportPeer): AsPath {
  const remove = peer.family.removePrivateAs
  let result = path
  if (remove !== undefined && (remove.all || isAllPrivate(path))) {
    result = remove.replaceAs
      ? replacePrivateAsns(path, ownAsn, peer.remoteAsn)
      : withoutPrivateAsns(path, peer.remoteAsn)
  }
  return peer.family.asOverride ? replaceAsn(result, peer.remoteAsn, ownAsn) : result
}

/** Out route-map, or the unsuppress-map of a suppressed path. Reflected routes are matched but not changed. */
function applyOutboundPolicy(
  context: ExportContext,
  path: Path,
  peer: ExportPeer,
  state: {
    readonly prefix: Prefix
    readonly draft: RouteDraft
    readonly isReflected: boolean
    readonly isSuppressed: boolean
  },
): boolean {
  const name = state.isSuppressed ? peer.family.unsuppressMap : peer.family.out.routeMap
  if (name === undefined) {
    state.draft.nextHopChange = path.nextHopChange
    return true
  }
  const mayChange = !state.isReflected || context.model.allowOutboundPolicyOnReflected
  const draft = mayChange ? state.draft : prepareDraft(context, path, peer, state.isReflected)
  return context.policy.applyRouteMap(name, state.prefix, draft, {
    direction: 'out', // without an address: the map sees FRR's update group, which has none
    ownAsn: peer.type === 'ebgp' ? (peer.model.localAs?.asn ?? peer.localAsn) : undefined,
  })
}

function applyGracefulShutdown(model: BgpModel, peer: ExportPeer, draft: RouteDraft): void {
  if (!model.gracefulShutdown) return
  if (peer.type === 'ebgp') draft.addGracefulShutdown()
  else draft.localPreference = GRACEFUL_SHUTDOWN_PREFERENCE
}

/** Clears the next hop where it becomes "self": next-hop-self, and eBGP without a third party. */
function resetNextHop(
  path: Path,
  peer: ExportPeer,
  state: {
    readonly draft: RouteDraft
    readonly isReflected: boolean
    readonly isTransparent: boolean
    readonly passesNextHop: boolean
  },
): void {
  const { draft } = state
  const { family } = peer
  if (draft.nextHopChange !== 'none' || path.nextHopChange === 'unchanged') return
  if (state.isTransparent || family.attributeUnchanged.nextHop) return
  if (family.nextHopSelf !== 'off') {
    if (!state.isReflected || family.nextHopSelf === 'force') draft.nextHop = UNSPECIFIED
  } else if (peer.type === 'ebgp' && !state.passesNextHop) draft.nextHop = UNSPECIFIED
}

/**
 * The next hop lies on the connected network of the eBGP peer: it is passed on to it (FRR bgp_subgrp_multiaccess_check_v4).
 * Peers of one update group differ in this.
 */
export function passesNextHopOn(context: ExportContext, path: Path, peer: ExportPeer): boolean {
  const { nextHop } = path
  if (peer.type !== 'ebgp' || nextHop === UNSPECIFIED || peer.address === undefined) return false
  const network = context.routes.connectedNetwork(nextHop)
  if (network === undefined || network.prefix !== context.routes.connectedNetwork(peer.address)?.prefix) return false
  if (path.peer !== peer) return true
  // a point-to-point network has room for these two only
  return prefixLength(network.prefix) < 30 && context.hasOtherPeerOn(network.prefix, peer)
}

/** AS_PATH, LOCAL_PREF, reflection attributes and communities as they are written to the peers of a group. */
function templateOf(context: ExportContext, view: Attributes, peer: ExportPeer, isReflected: boolean): Attributes {
  const wire = new RouteDraft(view)
  wire.asPath = asPathFor(context.model, view.asPath, peer)
  if (peer.type === 'ebgp') wire.localPreference = undefined
  if (isReflected) {
    wire.clusterList = [clusterIdOf(context.model, context.routerId), ...view.clusterList]
  } else {
    wire.originatorId = undefined
    if (wire.clusterList.length > 0) wire.clusterList = []
  }
  const { sendCommunity } = peer.family
  if (!sendCommunity.standard && wire.communities.length > 0) wire.communities = []
  if (!sendCommunity.large && wire.largeCommunities.length > 0) wire.largeCommunities = []
  return wire.finish(context.table)
}

/** The next hop that the route shows to the peer. */
export function nextHopFor(context: ExportContext, route: ExportedRoute, peer: ExportPeer): Ipv4Address {
  const { nextHop } = route
  const change = route.nextHopChange
  const isByPolicy = change === 'address' || change === 'peer-address'
  if (isByPolicy && (peer.type !== 'ebgp' || peer.family.out.routeMap !== undefined)) {
    return change === 'peer-address' ? peer.nextHopAddress : nextHop
  }
  if (nextHop === UNSPECIFIED) return peer.nextHopAddress
  if (peer.type !== 'ebgp' || change === 'unchanged' || peer.family.attributeUnchanged.nextHop) return nextHop
  const network = context.routes.connectedNetwork(nextHop)
  const isShared =
    network !== undefined &&
    peer.address !== undefined &&
    network.prefix === context.routes.connectedNetwork(peer.address)?.prefix
  return isShared ? nextHop : peer.nextHopAddress
}

/** Attributes with a next hop of their own, for readers. */
export function withNextHop(attributes: SharedAttributes, nextHop: Ipv4Address): PathAttributes {
  return { ...attributes, nextHop }
}

function asPathFor(model: BgpModel, path: AsPath, peer: ExportPeer): AsPath {
  if (peer.type === 'confed') return prependAsns(path, [peer.localAsn], 'confed-sequence')
  if (peer.type !== 'ebgp' || peer.family.routeServerClient) return path
  if (peer.family.attributeUnchanged.asPath && path.length > 0) return path
  const outside = withoutConfederation(path)
  const { confederation } = model
  if (confederation !== undefined) {
    return confederation.memberAsns.includes(peer.remoteAsn)
      ? prependAsns(outside, [peer.localAsn], 'confed-sequence')
      : prependAsns(outside, [confederation.identifier])
  }
  const { localAs } = peer.model
  if (localAs === undefined || localAs.asn === peer.localAsn) return prependAsns(outside, [peer.localAsn])
  const hidesOwn = localAs.replaceAs || (peer.family.removePrivateAs !== undefined && isPrivateAsn(peer.localAsn))
  return prependAsns(outside, hidesOwn ? [localAs.asn] : [localAs.asn, peer.localAsn])
}
