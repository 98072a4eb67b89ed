import { type BgpPeerModel, type PeerFamilyModel, PLAIN_FAMILY } from '../model/bgp.ts'
import { Timer } from '../sim/timer.ts'
import { type Ipv4Address, type Prefix, UNSPECIFIED } from '../wire/address.ts'
import type { BgpMessage, BgpOpen, BgpRouteRefresh, BgpUpdate, UpdateNextHop } from '../wire/bgp/message.ts'
import type { ExportedRoute, ExportPeer } from './export.ts'
import type { ImportPeer, ImportRejection, ReceivedRoute } from './import.ts'
import { collisionLoser, judgeOpen } from './judge-open.ts'
import type { NextHopEntry, NextHopSession } from './next-hop.ts'
import { CEASE, notificationText, OPEN_ERROR, PEER_DOWN } from './notification.ts'
import { NumberSet } from './number-set.ts'
import type { PeerType } from './path.ts'
import { PeerConnection } from './peer-connection.ts'
import type { SessionSpeaker } from './session-speaker.ts'
import { limitHops, TTL_MAX } from './session-tcp.ts'
import type { LastReset, PeerState } from './snapshot.ts'
import type { SpeakerConnection, SpeakerHost } from './transport.ts'
import type { UpdateBurst } from './update-burst.ts'
import type { UpdateGroup } from './update-group.ts'
import { UpdateQueue } from './update-queue.ts'

const SECOND_NS = 1e9
/** What most sessions keep of routes as received, and of refused ones. */
const NOTHING_RECEIVED: ReadonlyMap<Prefix, ReceivedRoute> = new Map()
const NOTHING_REJECTED: ReadonlyMap<ImportRejection, number> = new Map()

/** One configured (or dynamic) peer: its connections, what it sent and what it was told. */
export class Session implements ExportPeer, ImportPeer, NextHopSession {
  readonly speaker: SessionSpeaker
  readonly model: BgpPeerModel
  readonly address: Ipv4Address
  readonly dynamicRange: Prefix | undefined
  /** The connection whose state is shown. */
  main: PeerConnection
  accepted: PeerConnection | undefined
  #remoteAsn = 0
  #type: PeerType = 'ebgp'
  nextHop: NextHopEntry | undefined
  readonly queue: UpdateQueue
  /** Those who are told the same; undefined before the session was ever up. */
  updateGroup: UpdateGroup | undefined
  /** Prefixes of which the table has a path of this peer that is not about to go. */
  readonly acceptedPrefixes = new NumberSet()
  #adjIn: Map<Prefix, ReceivedRoute> | undefined
  #rejections: Map<ImportRejection, number> | undefined
  readonly sent = newCounters()
  readonly received = newCounters()
  connectionsEstablished = 0
  connectionsDropped = 0
  changedAtNs: number | undefined
  lastWriteAtNs: number | undefined
  lastUpdateAtNs = Number.NEGATIVE_INFINITY
  lastReset: LastReset
  isOverflown = false
  /** The first UPDATE has left (or its timer is over). */
  isSynchronised = false
  isEndOfRibSent = false
  isEndOfRibReceived = false
  endOfRibAtNs: number | undefined
  /** The peer restarts gracefully: it is left to connect (FRR's "NSF passive"). */
  isRestartAwaited = false
  isDefaultSent = false
  /** Interface towards a directly connected peer, as it was when the session came up. */
  interfaceName: string | undefined
  readonly routeTimer: Timer

  constructor(speaker: SessionSpeaker, model: BgpPeerModel, dynamicRange?: Prefix) {
    this.speaker = speaker
    this.model = model
    this.address = model.address ?? UNSPECIFIED
    this.dynamicRange = dynamicRange
    this.queue = new UpdateQueue(speaker.numbers, route => this.#nextHopOf(route))
    this.remoteAsn = typeof model.remoteAs === 'number' ? model.remoteAs : 0
    if (model.remoteAs === 'internal') this.remoteAsn = speaker.model.asn
    this.lastReset = { atNs: this.host.simulator.nowNs, ...PEER_DOWN.noFamily }
    this.main = new PeerConnection(this, false)
    this.routeTimer = new Timer(this.host.simulator, this.host.origin, 'work', () => speaker.flush(this))
  }

  get host(): SpeakerHost {
    return this.speaker.host
  }

  get remoteAsn(): number {
    return this.#remoteAsn
  }

  set remoteAsn(asn: number) {
    this.#remoteAsn = asn
    this.#type = this.#sort()
  }

  get type(): PeerType {
    return this.#type
  }

  /** Own AS towards this peer, `local-as` aside. */
  get localAsn(): number {
    const { asn, confederation } = this.speaker.model
    if (confederation === undefined || this.remoteAsn === asn || confederation.memberAsns.includes(this.remoteAsn))
      return asn
    return confederation.identifier
  }

  get family(): PeerFamilyModel {
    return this.model.ipv4Unicast ?? PLAIN_FAMILY
  }

  get state(): PeerState {
    return this.main.state
  }

  /** With `soft-reconfiguration inbound`: everything received, before any check. Always kept for GoBGP's count. */
  get adjIn(): ReadonlyMap<Prefix, ReceivedRoute> {
    return this.#adjIn ?? NOTHING_RECEIVED
  }

  /** Routes refused since the start, by reason. */
  get rejections(): ReadonlyMap<ImportRejection, number> {
    return this.#rejections ?? NOTHING_REJECTED
  }

  get isEstablished(): boolean {
    return this.main.state === 'Established'
  }

  get remoteRouterId(): Ipv4Address {
    return this.main.otherOpen?.routerId ?? UNSPECIFIED
  }

  get isReflectorClient(): boolean {
    return this.family.routeReflectorClient
  }

  get isRouteServerClient(): boolean {
    return this.family.routeServerClient
  }

  get nextHopAddress(): Ipv4Address {
    return this.main.localAddress ?? UNSPECIFIED
  }

  get isInboundPolicyMissing(): boolean {
    return this.#isPolicyMissing(this.family.in)
  }

  get isOutboundPolicyMissing(): boolean {
    return this.#isPolicyMissing(this.family.out)
  }

  get isFamilyNegotiated(): boolean {
    return this.isEstablished && this.main.negotiated?.isIpv4Unicast === true
  }

  /** TTL of what is sent. */
  get ttl(): number {
    if (this.model.ttlSecurityHops !== undefined || this.type === 'ibgp') return TTL_MAX
    return this.model.ebgpMultihopTtl ?? 1
  }

  /** A single-hop eBGP peer, and the next hops it sends, must lie on a connected network. */
  get needsConnected(): boolean {
    return this.type === 'ebgp' && this.ttl === 1 && !this.model.disableConnectedCheck
  }

  /** The next hop that a route shows to the peer: on a common network the own address is left to whoever sends the message. */
  #nextHopOf(route: ExportedRoute): UpdateNextHop {
    const nextHop = this.speaker.nextHopFor(this, route)
    return nextHop === this.nextHopAddress && this.interfaceName !== undefined ? 'sender' : nextHop
  }

  /** Whether the start timer may run. */
  get mayStart(): boolean {
    return (
      this.speaker.isReleased &&
      !this.model.shutdown &&
      !this.isOverflown &&
      this.model.remoteAs !== undefined &&
      this.model.ipv4Unicast !== undefined
    )
  }

  /** The start hold is over: registers the peer's address and connects. */
  release(): void {
    if (!this.mayStart || this.dynamicRange !== undefined) return
    this.nextHop ??= this.speaker.nextHops.useSession(this.address, this, this.needsConnected)
    if (this.state === 'Idle') this.main.start()
  }

  onNextHopChange(isValid: boolean): void {
    if (!isValid) this.recordReset(PEER_DOWN.waitingForNextHop)
    else if (!this.isEstablished) this.recordReset(PEER_DOWN.waitingForOpen)
    this.main.onNextHopChange(isValid)
  }

  ownOpen(): BgpOpen {
    const { speaker, model } = this
    const restartNs = speaker.model.gracefulRestart.restartSeconds * SECOND_NS
    return speaker.opens.of({
      asn: model.localAs?.asn ?? this.localAsn,
      holdSeconds: model.timers.holdSeconds,
      routerId: speaker.routerId,
      isInternal: this.type === 'ibgp',
      isRestarting: this.host.simulator.nowNs - speaker.startedAtNs < restartNs,
      hasIpv4Unicast: model.ipv4Unicast !== undefined,
      dontCapabilityNegotiate: model.dontCapabilityNegotiate,
      dynamic: model.capabilities.dynamic,
      extendedNextHop: model.capabilities.extendedNextHop,
      softwareVersion: model.capabilities.softwareVersion,
    })
  }

  /** An incoming connection from the peer's address (FRR bgp_accept). */
  acceptConnection(tcp: SpeakerConnection): void {
    if (!this.mayStart || this.state === 'Clearing') {
      tcp.close()
      return
    }
    limitHops(this, tcp)
    this.accepted?.dispose()
    this.speaker.onPeerStructure(1)
    if (this.dynamicRange !== undefined) {
      this.main.accept(tcp)
      return
    }
    this.accepted = new PeerConnection(this, true)
    this.accepted.accept(tcp)
  }

  dropAccepted(connection: PeerConnection): void {
    if (this.accepted === connection) this.accepted = undefined
  }

  /** Judges an OPEN (RFC 4271 §6.2) and collisions (§6.8). False: it was refused and the session is being ended. */
  checkOpen(connection: PeerConnection, open: BgpOpen): boolean {
    const refusal = judgeOpen(this, open)
    if (refusal !== undefined) {
      connection.notify(OPEN_ERROR.code, refusal.subcode, refusal.data)
      this.#end(connection)
      return false
    }
    if (!this.#resolveCollision(connection, open)) return false
    if (typeof this.model.remoteAs !== 'number') this.remoteAsn = open.asn
    return true
  }

  /** The machine of one connection reached Established. */
  onEstablished(connection: PeerConnection): void {
    if (connection !== this.main) {
      this.main.dispose()
      this.main = connection
      connection.isAccepted = false
    }
    const other = this.accepted
    this.accepted = undefined
    if (other !== undefined && other !== connection) other.dispose()
    this.connectionsEstablished += 1
    this.changedAtNs = this.host.simulator.nowNs
    this.isSynchronised = false
    this.isEndOfRibSent = false
    this.isEndOfRibReceived = false
    this.isDefaultSent = false
    this.queue.clear()
    this.nextHop ??= this.speaker.nextHops.useSession(this.address, this, this.needsConnected)
    // The state changes when this transition ends; what follows must see it.
    this.host.simulator.schedule(this.host.origin, 0, () => this.speaker.onSessionUp(this), 'work')
  }

  onSessionLost(connection: PeerConnection): void {
    this.connectionsDropped += 1
    this.changedAtNs = this.host.simulator.nowNs
    this.queue.clear()
    this.routeTimer.stop()
    this.isSynchronised = false
    this.speaker.onSessionDown(this, connection)
  }

  /** Ends the session with a Cease, hard where both sides know hard resets. */
  cease(subcode: number): void {
    const { main } = this
    const data = this.#isHardReset(subcode) ? [CEASE.code, subcode] : []
    if (main.tcp !== undefined && main.state !== 'Connect') {
      main.notify(CEASE.code, data.length > 0 ? CEASE.hardReset : subcode, data)
    }
    this.accepted?.dispose()
    this.accepted = undefined
    main.stop()
  }

  /** `maximum-prefix` is exceeded: Cease, then Idle (PfxCt) until cleared or the restart minutes are over. */
  overflow(): void {
    if (this.isOverflown) return
    this.isOverflown = true
    this.cease(CEASE.maximumPrefixes)
    this.recordReset(PEER_DOWN.prefixCount)
    const minutes = this.family.maximumPrefix?.restartMinutes
    if (minutes === undefined) return
    const restart = (): void => {
      this.isOverflown = false
      if (this.state === 'Idle') this.release()
    }
    this.host.simulator.schedule(this.host.origin, minutes * 60 * SECOND_NS, restart, 'background')
  }

  receiveUpdate(update: BgpUpdate): void {
    this.speaker.receiveUpdate(this, update)
  }

  /** Takes a part of a burst of UPDATEs at once if none of its routes can be used and none replaces one. Returns whether. */
  receiveEchoes(burst: UpdateBurst, from: number, to: number): boolean {
    if (!this.isFamilyNegotiated || !this.speaker.receiveEchoes(this, burst, from, to)) return false
    this.received.updates += to - from
    return true
  }

  receiveRouteRefresh(message: BgpRouteRefresh): void {
    this.speaker.receiveRouteRefresh(this, message)
  }

  /** Keeps a route as it was received. */
  keepReceived(prefix: Prefix, route: ReceivedRoute): void {
    this.#adjIn ??= new Map()
    this.#adjIn.set(prefix, route)
  }

  forgetReceived(prefix: Prefix): void {
    this.#adjIn?.delete(prefix)
  }

  forgetAllReceived(): void {
    this.#adjIn = undefined
  }

  /** Returns how many were refused for the reason before. */
  countRejected(reason: ImportRejection, routes: number): number {
    this.#rejections ??= new Map()
    const before = this.#rejections.get(reason) ?? 0
    this.#rejections.set(reason, before + routes)
    return before
  }

  countSent(type: BgpMessage['type'], count = 1): void {
    this.sent[COUNTER[type]] += count
    this.lastWriteAtNs = this.host.simulator.nowNs
  }

  countReceived(message: BgpMessage): void {
    if (message.type === 'update') this.received.updates += 1
    else this.received[COUNTER[message.type]] += 1
  }

  recordReset(reason: { readonly text: string; readonly code: number }): void {
    this.lastReset = { atNs: this.host.simulator.nowNs, text: reason.text, code: reason.code }
  }

  recordNotification(notification: { code: number; subcode: number; data: readonly number[]; isSent: boolean }): void {
    const { code, subcode, data, isSent } = notification
    const text = notificationText(code, subcode, data)
    this.lastReset = {
      atNs: this.host.simulator.nowNs,
      text: `Notification ${isSent ? 'sent' : 'received'} (${text})`,
      code: (isSent ? PEER_DOWN.notificationSent : PEER_DOWN.notificationReceived).code,
      notification: { code, subcode, isSent },
    }
    this.host.simulator.journal.record(this.host.name, 'bgp.notification', {
      peer: this.speaker.nameOf(this),
      direction: isSent ? 'sent' : 'received',
      text,
    })
  }

  /** Forgets the peer: timers, connections, next hop. */
  dispose(): void {
    this.accepted?.dispose()
    this.main.dispose()
    this.routeTimer.stop()
    if (this.nextHop !== undefined) this.speaker.nextHops.releaseSession(this.nextHop, this)
    this.nextHop = undefined
  }

  /** FRR peer_calc_sort. */
  #sort(): PeerType {
    const { asn, confederation } = this.speaker.model
    if (this.model.remoteAs === 'internal') return 'ibgp'
    if (this.model.remoteAs === 'external') return 'ebgp'
    if (this.remoteAsn === asn) return 'ibgp'
    return confederation?.memberAsns.includes(this.remoteAsn) === true ? 'confed' : 'ebgp'
  }

  #isPolicyMissing(names: PeerFamilyModel['in']): boolean {
    if (!this.speaker.model.ebgpRequiresPolicy || this.type === 'ibgp') return false
    if (this.type === 'confed') return true // bgp_inbound_policy_exists knows policies of eBGP peers only
    return (
      names.routeMap === undefined &&
      names.prefixList === undefined &&
      names.distributeList === undefined &&
      names.filterList === undefined
    )
  }

  /** False: the connection that heard the OPEN was the one to go. */
  #resolveCollision(connection: PeerConnection, open: BgpOpen): boolean {
    const other = connection === this.main ? this.accepted : this.main
    const loser = other === undefined ? undefined : collisionLoser(this, connection, other, open)
    if (loser === undefined) return true
    loser.notify(CEASE.code, CEASE.collision)
    this.#end(loser)
    return loser !== connection
  }

  #end(connection: PeerConnection): void {
    if (connection.isAccepted && connection !== this.main) {
      connection.dispose()
      this.dropAccepted(connection)
    } else connection.stop()
  }

  /** FRR bgp_notify_send_hard_reset. */
  #isHardReset(subcode: number): boolean {
    if (this.main.negotiated?.hardReset !== true || !this.isEstablished) return false
    if (subcode === CEASE.administrativeReset) return this.speaker.model.hardAdministrativeReset
    return (
      subcode === CEASE.maximumPrefixes ||
      subcode === CEASE.bfdDown ||
      subcode === CEASE.administrativeShutdown ||
      subcode === CEASE.peerDeconfigured
    )
  }
}

function newCounters() {
  return { opens: 0, notifications: 0, updates: 0, keepalives: 0, routeRefreshes: 0 }
}

const COUNTER = {
  open: 'opens',
  update: 'updates',
  notification: 'notifications',
  keepalive: 'keepalives',
  'route-refresh': 'routeRefreshes',
} as const
