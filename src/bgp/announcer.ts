import { DEFAULT_ROUTE } from '../wire/address.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import { type Attributes, DEFAULT_ATTRIBUTES } from './attributes.ts'
import { exportDefault, exportPath } from './export.ts'
import type { Destination } from './rib.ts'
import type { Session } from './session.ts'
import type { Speaker } from './speaker.ts'

const MILLISECOND_NS = 1e6
const SECOND_NS = 1e9
/** FRR BGP_DEFAULT_SUBGROUP_COALESCE_TIME, BGP_PEER_ADJUST_SUBGROUP_COALESCE_TIME, BGP_MAX_SUBGROUP_COALESCE_TIME. */
const COALESCE = { baseMs: 1000, perPeerMs: 50, maximumMs: 10_000 } as const
/** Between the begin of a refresh and its routes. */
const REFRESH_DELAY_NS = 100e6

/**
 * Tells peers about best paths: the whole table once after a session came up, when the coalesce timer of the peer's update
 * group is over; every change from then on, at once or when the advertisement interval allows.
 */
export class Announcer {
  readonly #speaker: Speaker
  /** Instants at which groups of peers with the same policy get their first table. */
  readonly #groups = new Map<string, number>()
  readonly #defaults: Attributes

  constructor(speaker: Speaker) {
    this.#speaker = speaker
    this.#defaults = speaker.table.table.intern({ ...DEFAULT_ATTRIBUTES, med: 0 })
  }

  /** A session is up: its first UPDATE waits for the coalesce timer. */
  startSession(session: Session): void {
    const { behaviour, host } = this.#speaker
    if (!behaviour.coalesces) {
      session.routeTimer.restart(0)
      return
    }
    const key = updateGroupKey(session)
    const now = host.simulator.nowNs
    let due = this.#groups.get(key)
    if (due === undefined || due <= now) {
      due = now + this.#coalesceNs()
      this.#groups.set(key, due)
    }
    session.routeTimer.restart(due - now)
  }

  announceAll(sessions: Iterable<Session>, destination: Destination): void {
    for (const session of sessions) {
      if (session.isSynchronised && session.isFamilyNegotiated) this.#announce(session, destination, false)
    }
  }

  flushAll(sessions: Iterable<Session>): void {
    for (const session of sessions) if (session.isSynchronised && !session.queue.isEmpty) this.#schedule(session)
  }

  /** The session's timer: the first table, or the end of an advertisement interval. */
  onTimer(session: Session): void {
    if (!session.isEstablished) return
    if (session.isSynchronised) this.#send(session)
    else {
      session.isSynchronised = true
      this.announceTable(session, false)
    }
  }

  /** Goes through the whole table and sends what is new; `force`: everything. */
  announceTable(session: Session, force: boolean): void {
    if (!session.isFamilyNegotiated) {
      return
    }
    this.#announceDefault(session, force)
    for (const destination of this.#speaker.table.rib.sorted()) {
      if (destination.best !== undefined) this.#announce(session, destination, force)
    }
    this.#send(session)
  }

  /** Answers a ROUTE-REFRESH; between begin and end markers where both sides know them (RFC 7313). */
  refresh(session: Session): void {
    const { host } = this.#speaker
    const isEnhanced = session.main.negotiated?.enhancedRefresh === true
    const marker = (subtype: 1 | 2): void =>
      session.main.send({ protocol: 'bgp', type: 'route-refresh', afi: 1, safi: 1, subtype })
    if (isEnhanced) marker(1)
    const answer = (): void => {
      if (!session.isFamilyNegotiated) return
      this.announceTable(session, true)
      if (isEnhanced) marker(2)
    }
    host.simulator.schedule(host.origin, REFRESH_DELAY_NS, answer, 'work')
  }

  #coalesceNs(): number {
    const { model, peerStructures } = this.#speaker
    const computed = Math.min(COALESCE.baseMs + COALESCE.perPeerMs * peerStructures, COALESCE.maximumMs)
    return (model.coalesceMs ?? computed) * MILLISECOND_NS
  }

  #announce(session: Session, destination: Destination, force: boolean): void {
    const { best, prefix } = destination
    const route = best === undefined ? undefined : exportPath(this.#speaker.table, best, session)
    if (route !== undefined) session.queue.announce(prefix, route, force || !this.#speaker.model.suppressDuplicates)
    else if (prefix !== DEFAULT_ROUTE || !session.isDefaultSent) session.queue.withdraw(prefix)
  }

  #announceDefault(session: Session, force: boolean): void {
    if (session.family.defaultOriginate === undefined) return
    const { table } = this.#speaker
    const route = exportDefault(table, session, this.#defaults, table.rib.sorted())
    session.isDefaultSent = route !== undefined
    if (route !== undefined) session.queue.announce(DEFAULT_ROUTE, route, force)
    else session.queue.withdraw(DEFAULT_ROUTE)
  }

  /** FRR bgp_adjust_routeadv. */
  #schedule(session: Session): void {
    const intervalNs = session.model.advertisementIntervalSeconds * SECOND_NS
    if (intervalNs === 0) {
      this.#send(session)
      return
    }
    if (session.routeTimer.isRunning) return
    const sinceNs = this.#speaker.host.simulator.nowNs - session.lastUpdateAtNs
    if (sinceNs > intervalNs) this.#send(session)
    else session.routeTimer.restart(intervalNs - sinceNs)
  }

  #send(session: Session): void {
    const { negotiated } = session.main
    if (negotiated === undefined) return
    this.#reconsiderDefault(session)
    const messages: BgpUpdate[] = session.queue.take(negotiated.maximumBytes, negotiated.fourOctetAsn)
    if (messages.length > 0) session.lastUpdateAtNs = this.#speaker.host.simulator.nowNs
    if (!session.isEndOfRibSent && negotiated.endOfRib) {
      session.isEndOfRibSent = true
      session.endOfRibAtNs = this.#speaker.host.simulator.nowNs
      messages.push(endOfRib(negotiated.fourOctetAsn))
    }
    const { work } = this.#speaker.table
    work.updatesSent += messages.length
    for (const message of messages) work.prefixesSent += message.withdrawn.length + message.announced.length
    session.main.sendAll(messages)
  }

  /** `default-originate route-map`: the table has changed, and with it perhaps what the map finds. */
  #reconsiderDefault(session: Session): void {
    if (session.family.defaultOriginate?.routeMap !== undefined && session.isSynchronised) {
      this.#announceDefault(session, false)
    }
  }
}

/** Peers with equal keys share FRR's update group, and so the timer of their first table. */
function updateGroupKey(session: Session): string {
  const { family, model } = session
  return JSON.stringify([
    session.type,
    session.localAsn,
    { ...family, in: undefined, weight: undefined, maximumPrefix: undefined, softReconfigurationInbound: undefined },
    model.localAs,
    model.advertisementIntervalSeconds,
    model.solo || family.asOverride || family.removePrivateAs !== undefined ? session.address : '',
  ])
}

function endOfRib(fourOctetAsn: boolean): BgpUpdate {
  return { protocol: 'bgp', type: 'update', withdrawn: [], announced: [], fourOctetAsn }
}
