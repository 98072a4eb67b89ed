/*
 * One BGP speaker: its peers, its table, and when things happen. Sources: RFC 4271; FRR bgpd (bgpd.c, bgp_network.c,
 * bgp_updgrp.c) for the start hold, listening, the coalesce timer and the route advertisement timer.
 * Not modelled: IPv6 and unnumbered peers, add-path, VRFs, dampening.
 */
import type { BgpModel, BgpPeerModel } from '../model/bgp.ts'
import type { PolicyModel } from '../model/policy.ts'
import type { Random } from '../sim/random.ts'
import { formatIpv4, type Ipv4Address, type Prefix, prefixContains, UNSPECIFIED } from '../wire/address.ts'
import type { PathAttributes } from '../wire/bgp/attributes.ts'
import type { BgpRouteRefresh, BgpUpdate } from '../wire/bgp/message.ts'
import { Announcer } from './announcer.ts'
import type { BfdService, BfdWatch } from './bfd-service.ts'
import { type ExportedRoute, nextHopFor } from './export.ts'
import { GracefulRestart, type RestartTimers } from './graceful-restart.ts'
import { type BgpBehaviour, type BgpImplementation, behaviourOf } from './implementation.ts'
import type { NextHopCache } from './next-hop.ts'
import { CEASE, PEER_DOWN } from './notification.ts'
import { OpenMessages } from './open-messages.ts'
import { OwnRoutes } from './own-routes.ts'
import type { PeerConnection } from './peer-connection.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import type { RouteManager } from './route-manager.ts'
import { RouteTable } from './route-table.ts'
import { Session } from './session.ts'
import type { SessionSpeaker } from './session-speaker.ts'
import type { NextHopRow, PeerRoutes, PeersSnapshot, TableSnapshot } from './snapshot.ts'
import { advertisedRoutes, nextHopRows, peersSnapshot, receivedRoutes, tableSnapshot } from './take-snapshot.ts'
import type { SpeakerConnection, SpeakerHost, SpeakerListener } from './transport.ts'
import type { UpdateBurst } from './update-burst.ts'

export interface SpeakerOptions {
  readonly host: SpeakerHost
  readonly model: BgpModel
  readonly policy: PolicyModel
  readonly routes: RouteManager
  readonly implementation: BgpImplementation
  /** bfdd, where it runs. */
  readonly bfd?: BfdService | undefined
}

/** `clear bgp …`: hard resets the session; the soft forms re-run policy (in: from the stored copy, or by ROUTE-REFRESH). */
export type ClearHow = 'hard' | 'soft' | 'soft-in' | 'soft-out'

/** FRR's delay between a changed outbound policy and the routes. */
const SOFT_OUT_DELAY_NS = 100e6
/** Of accepted connections: the SYN-ACK leaves with it. */
const LISTEN_TTL = 255
const BGP_TOS = 0xc0

/** One BGP speaker on a host. */
export class Speaker implements SessionSpeaker {
  readonly host: SpeakerHost
  readonly model: BgpModel
  readonly behaviour: BgpBehaviour
  readonly routes: RouteManager
  readonly random: Random
  readonly table: RouteTable
  readonly announcer: Announcer
  startedAtNs = 0
  isReleased = false
  /** Peer structures when the last one was made: decides the coalesce time. */
  peerStructures = 0
  readonly opens: OpenMessages
  readonly #sessions = new Map<Ipv4Address, Session>()
  readonly #own: OwnRoutes
  readonly #graceful: GracefulRestart
  readonly #bfd: BfdService | undefined
  readonly #watches = new Map<Session, BfdWatch>()
  #routerId: Ipv4Address
  #listener: SpeakerListener | undefined
  readonly #unsubscribe: (() => void)[] = []
  #isRunning = false

  constructor(options: SpeakerOptions) {
    const { host, model, routes } = options
    this.host = host
    this.model = model
    this.routes = routes
    this.#bfd = options.bfd
    this.random = host.random.fork(`bgp ${model.asn}`)
    this.behaviour = behaviourOf(options.implementation, {
      hostName: host.name,
      hasRouteMaps: options.policy.routeMaps.size > 0,
    })
    this.opens = new OpenMessages(this.behaviour, model.gracefulRestart)
    this.#routerId = model.routerId ?? routes.routerId
    this.table = new RouteTable({
      host,
      model,
      policy: options.policy,
      routes,
      behaviour: this.behaviour,
      announce: (destinations, number) => this.announcer.announceAll(this.#sessions.values(), destinations, number),
      flush: () => this.announcer.flushAll(this.#sessions.values()),
      routerId: () => this.#routerId,
      hasOtherPeerOn: (network, except) => this.#hasOtherPeerOn(network, except),
    })
    this.announcer = new Announcer(this)
    this.#own = new OwnRoutes(this.table)
    this.#graceful = new GracefulRestart(host, this.table, model.gracefulRestart.stalePathSeconds)
  }

  get routerId(): Ipv4Address {
    return this.#routerId
  }

  get nextHops(): NextHopCache {
    return this.table.nextHops
  }

  get numbers(): PrefixNumbers {
    return this.table.rib.numbers
  }

  /** What is left of a peer's restart time and of the own stale-path time, while they run. */
  restartTimers(session: Session): RestartTimers {
    return this.#graceful.timers(session)
  }

  get sessions(): ReadonlyMap<Ipv4Address, Session> {
    return this.#sessions
  }

  /** Reads the configuration (at this instant) and begins. */
  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.startedAtNs = this.host.simulator.nowNs
    this.#routerId = this.model.routerId ?? this.routes.routerId
    this.#listen()
    this.#unsubscribe.push(
      this.routes.onRouterIdChange(() => this.#adoptRouterId()),
      this.routes.onInterfaceDown(name => this.#onInterfaceDown(name)),
    )
    this.#own.start()
    for (const peer of this.model.peers) this.#makeSession(peer)
    const release = (): void => this.#release()
    if (this.behaviour.startHoldNs === 0) release()
    else this.host.simulator.schedule(this.host.origin, this.behaviour.startHoldNs, release, 'work')
  }

  /** Sends Cease to everybody and closes everything; own routes leave the routing table. */
  stop(): void {
    this.#end(session => session.cease(CEASE.peerDeconfigured))
  }

  /** Vanishes: connections are reset, nothing is said. */
  crash(): void {
    this.#end(session => session.main.crash())
  }

  /** Announces an own route (GoBGP's AddPath; Cilium's services). Own next hop unless the attributes say otherwise. */
  originate(prefix: Prefix, attributes: Partial<PathAttributes> = {}): void {
    this.#own.originate(prefix, attributes)
  }

  withdrawOriginated(prefix: Prefix): void {
    this.#own.withdraw(prefix)
  }

  /** Adds a peer to a running speaker, or replaces its configuration (which resets the session). */
  addPeer(model: BgpPeerModel): void {
    if (model.address !== undefined && this.#sessions.has(model.address)) {
      this.#drop(this.#sessions.get(model.address)!, CEASE.otherConfigurationChange)
    }
    const session = this.#makeSession(model)
    if (this.isReleased) session?.release()
  }

  removePeer(address: Ipv4Address): void {
    const session = this.#sessions.get(address)
    if (session !== undefined) this.#drop(session, CEASE.peerDeconfigured)
  }

  /** False when there is no such peer. */
  clear(peer: Ipv4Address | '*', how: ClearHow): boolean {
    const sessions = peer === '*' ? [...this.#sessions.values()] : [this.#sessions.get(peer)]
    if (sessions.some(session => session === undefined)) return false
    for (const session of sessions as Session[]) this.#clearOne(session, how)
    return true
  }

  snapshotTable(): TableSnapshot {
    return tableSnapshot(this)
  }

  snapshotPeers(): PeersSnapshot {
    return peersSnapshot(this)
  }

  /** Undefined: no such peer, family not active, or not Established. */
  snapshotAdvertised(peer: Ipv4Address): PeerRoutes | undefined {
    const session = this.#sessions.get(peer)
    return session?.isFamilyNegotiated === true ? advertisedRoutes(session) : undefined
  }

  /** Undefined: no such peer or no `soft-reconfiguration inbound`. */
  snapshotReceived(peer: Ipv4Address): PeerRoutes | undefined {
    const session = this.#sessions.get(peer)
    const isKept = session?.family.softReconfigurationInbound === true || this.behaviour.rejectsImports
    return session !== undefined && isKept ? receivedRoutes(this, session) : undefined
  }

  snapshotNextHops(): readonly NextHopRow[] {
    return nextHopRows(this)
  }

  // What sessions ask for

  nameOf(session: Session): string {
    return session.model.interface ?? formatIpv4(session.address)
  }

  nextHopFor(session: Session, route: ExportedRoute): Ipv4Address {
    return nextHopFor(this.table, route, session)
  }

  onPeerStructure(extra: number): void {
    this.peerStructures = this.#sessions.size + extra
  }

  onSessionUp(session: Session): void {
    if (!session.isEstablished) return
    session.interfaceName = this.routes.connectedNetwork(session.address)?.interface
    this.host.simulator.journal.record(this.host.name, 'bgp.session', { peer: this.nameOf(session), state: 'up' })
    this.#graceful.resume(session)
    this.#watches.get(session)?.bind(session.nextHopAddress, session.interfaceName)
    this.announcer.startSession(session)
  }

  onSessionDown(session: Session, connection: PeerConnection): void {
    const { name, simulator, origin } = this.host
    const detail = { peer: this.nameOf(session), state: 'down', reason: session.lastReset.text }
    simulator.journal.record(name, 'bgp.session', detail)
    const isKept = this.#graceful.keeps(connection)
    const clear = (): void => {
      if (isKept) this.#graceful.begin(session, connection)
      else {
        this.#graceful.forget(session)
        this.table.received.clearPeer(session)
      }
      if (session.dynamicRange !== undefined) this.#forget(session)
      else connection.cleared()
      if (![...this.#sessions.values()].some(each => each.isEstablished)) this.#adoptRouterId()
    }
    const delayNs = session.acceptedPrefixes.size === 0 ? 0 : this.behaviour.clearDelayNs
    simulator.schedule(origin, delayNs, clear, 'work')
  }

  receiveUpdate(session: Session, update: BgpUpdate): void {
    if (!session.isFamilyNegotiated) return
    this.table.received.receive(session, update)
    const isEndOfRib = update.attributes === undefined && update.withdrawn.length + update.announced.length === 0
    if (!isEndOfRib) return
    session.isEndOfRibReceived = true
    this.#graceful.finish(session)
  }

  receiveEchoes(session: Session, burst: UpdateBurst, from: number, to: number): boolean {
    return this.table.received.receiveEchoes(session, burst, from, to)
  }

  receiveRouteRefresh(session: Session, message: BgpRouteRefresh): void {
    if (message.subtype === 0 && message.afi === 1) this.announcer.refresh(session)
  }

  flush(session: Session): void {
    this.announcer.onTimer(session)
  }

  #end(say: (session: Session) => void): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    this.isReleased = false
    this.#listener?.close()
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    this.#own.stop()
    for (const session of this.#sessions.values()) {
      say(session)
      this.#graceful.forget(session)
      this.#unwatch(session)
      session.dispose()
    }
    this.#sessions.clear()
    this.table.stop()
  }

  #listen(): void {
    const port = this.behaviour.listenPort
    if (port === undefined) return
    const listener = this.host.tcp.listen({
      port,
      ttl: LISTEN_TTL,
      tos: BGP_TOS,
      onConnection: connection => this.#accept(connection),
    })
    if ('error' in listener) {
      this.host.simulator.journal.record(this.host.name, 'bgp.listen', { port, error: listener.error })
    } else this.#listener = listener
  }

  #release(): void {
    if (!this.#isRunning) return
    this.isReleased = true
    for (const session of this.#sessions.values()) session.release()
  }

  #makeSession(model: BgpPeerModel, dynamicRange?: Prefix): Session | undefined {
    if (model.address === undefined) {
      this.host.simulator.journal.record(this.host.name, 'bgp.unmodelled', {
        peer: model.interface ?? '',
        detail: 'IPv6 link-local sessions',
      })
      return undefined
    }
    const session = new Session(this, model, dynamicRange)
    this.#sessions.set(model.address, session)
    if (model.password !== undefined) this.#listener?.md5Passwords?.set(model.address, model.password)
    if (model.bfd && this.#bfd !== undefined) {
      const watch = this.#bfd.watch(model.address, model.bfdSettings ?? {}, isUp => this.#onBfdChange(session, isUp))
      this.#watches.set(session, watch)
    }
    this.onPeerStructure(0)
    return session
  }

  /** FRR bgp_accept: unknown or held-back peers are accepted by the kernel and closed by the daemon. */
  #accept(connection: SpeakerConnection): void {
    const { remoteAddress } = connection
    if (!this.isReleased) {
      connection.close()
      return
    }
    const session = this.#sessions.get(remoteAddress) ?? this.#makeDynamic(remoteAddress)
    if (session === undefined) connection.close()
    else session.acceptConnection(connection)
  }

  #makeDynamic(address: Ipv4Address): Session | undefined {
    const ranges = this.model.listenRanges.filter(each => prefixContains(each.prefix, address))
    const range = ranges.sort((a, b) => (b.prefix % 64) - (a.prefix % 64))[0]
    const group = this.model.peerGroups.find(each => each.name === range?.peerGroup)
    if (range === undefined || group === undefined) return undefined
    const dynamic = [...this.#sessions.values()].filter(each => each.dynamicRange !== undefined).length
    if (dynamic >= this.model.listenLimit) return undefined
    return this.#makeSession({ ...group.template, address, peerGroup: group.name }, range.prefix)
  }

  #drop(session: Session, subcode: number): void {
    session.cease(subcode)
    this.table.received.clearPeer(session)
    this.#forget(session)
  }

  #forget(session: Session): void {
    this.#graceful.forget(session)
    this.#unwatch(session)
    session.dispose()
    this.#listener?.md5Passwords?.delete(session.address)
    this.#sessions.delete(session.address)
  }

  #clearOne(session: Session, how: ClearHow): void {
    if (how === 'hard') {
      session.isOverflown = false
      if (session.isEstablished) session.cease(CEASE.administrativeReset)
      else session.release()
      return
    }
    if (!session.isFamilyNegotiated) return
    if (how !== 'soft-out') this.#clearInbound(session)
    if (how !== 'soft-in') {
      const { simulator, origin } = this.host
      simulator.schedule(origin, SOFT_OUT_DELAY_NS, () => this.announcer.announceTable(session, true), 'work')
    }
  }

  #clearInbound(session: Session): void {
    if (session.family.softReconfigurationInbound) {
      for (const [prefix, route] of [...session.adjIn]) this.table.received.take(session, prefix, route)
    } else if (session.main.negotiated?.routeRefresh === true) {
      session.main.send({ protocol: 'bgp', type: 'route-refresh', afi: 1, safi: 1, subtype: 0 })
    }
  }

  /** Without `bgp router-id` the route manager's is taken over while no session is up. */
  #adoptRouterId(): void {
    if (this.model.routerId !== undefined) return
    const isUp = [...this.#sessions.values()].some(session => session.isEstablished)
    if (!isUp || this.#routerId === UNSPECIFIED) this.#routerId = this.routes.routerId
  }

  /** Fast external failover: single-hop sessions over the interface end at once, without a NOTIFICATION. */
  #onInterfaceDown(name: string): void {
    if (!this.model.fastExternalFailover) return
    for (const session of this.#sessions.values()) {
      const isSingleHop = session.ttl === 1 || session.model.ttlSecurityHops === 1
      if (!isSingleHop || session.interfaceName !== name || !session.isEstablished) continue
      session.recordReset(PEER_DOWN.interfaceDown)
      session.main.stop()
    }
  }

  /** FRR bgp_bfd_session_status_change: a session that was up and goes down takes the BGP session with it. */
  #onBfdChange(session: Session, isUp: boolean): void {
    if (isUp || session.state === 'Idle' || session.state === 'Clearing') return
    session.recordReset(PEER_DOWN.bfdDown)
    session.cease(CEASE.bfdDown)
  }

  #unwatch(session: Session): void {
    this.#watches.get(session)?.stop()
    this.#watches.delete(session)
  }

  #hasOtherPeerOn(network: Prefix, except: object): boolean {
    for (const session of this.#sessions.values()) {
      if (session === except || session.type !== 'ebgp' || !session.isEstablished) continue
      if (this.routes.connectedNetwork(session.address)?.prefix === network) return true
    }
    return false
  }
}
