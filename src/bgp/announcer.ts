import { DEFAULT_ROUTE } from '../wire/address.ts'
import { type Attributes, DEFAULT_ATTRIBUTES } from './attributes.ts'
import type { DestinationSet } from './destination-set.ts'
import { exportDefault, passesNextHopOn } from './export.ts'
import type { Path } from './path.ts'
import type { Session } from './session.ts'
import type { Speaker } from './speaker.ts'
import type { UpdateBatch } from './update-batch.ts'
import type { UpdateBurst } from './update-burst.ts'
import { sharesBatches, UpdateGroup, updateGroupKey } from './update-group.ts'

const MILLISECOND_NS = 1e6
const SECOND_NS = 1e9
/** FRR BGP_DEFAULT_SUBGROUP_COALESCE_TIME, BGP_PEER_ADJUST_SUBGROUP_COALESCE_TIME, BGP_MAX_SUBGROUP_COALESCE_TIME. */
const COALESCE = { baseMs: 1000, perPeerMs: 50, maximumMs: 10_000 } as const
/** Between the begin of a refresh and its routes. */
const REFRESH_DELAY_NS = 100e6

/** Update groups, each with one of its peers, and the peers that are looked at for themselves. */
interface Audience {
  readonly groups: ReadonlyMap<UpdateGroup, Session>
  readonly singles: readonly Session[]
}

/**
 * Tells peers about best paths: the whole table once after a session came up, when the coalesce timer of the peer's update
 * group is over; every change from then on, at once or when the advertisement interval allows.
 */
export class Announcer {
  readonly #speaker: Speaker
  readonly #groups = new Map<string, UpdateGroup>()
  readonly #defaults: Attributes
  /** The set of which the last prefix was told, and to whom. */
  #told: DestinationSet | undefined
  #audience: Audience = { groups: new Map(), singles: [] }

  constructor(speaker: Speaker) {
    this.#speaker = speaker
    this.#defaults = speaker.table.table.intern({ ...DEFAULT_ATTRIBUTES, med: 0 })
  }

  /** A session is up: its first UPDATE waits for the coalesce timer. */
  startSession(session: Session): void {
    const { behaviour, host } = this.#speaker
    const group = this.#groupFor(session)
    session.updateGroup = group
    session.queue.shareWith(group.sent)
    if (!behaviour.coalesces) {
      session.routeTimer.restart(0)
      return
    }
    const now = host.simulator.nowNs
    if (group.firstTableAtNs <= now) group.firstTableAtNs = now + this.#coalesceNs()
    session.routeTimer.restart(group.firstTableAtNs - now)
  }

  /**
   * Tells of the best path that a prefix has with its set. Peers that are told the same get a batch when the run is over; the
   * others are looked at one by one, now.
   */
  announceAll(sessions: Iterable<Session>, destinations: DestinationSet, number: number): void {
    const { best } = destinations
    if (this.#told !== destinations) {
      this.#told = destinations
      this.#audience = this.#audienceOf(sessions, best)
    }
    const { groups, singles } = this.#audience
    for (const session of singles) this.#announce(session, best, number, false)
    for (const [group, peer] of groups) {
      group.note(number, best === undefined ? undefined : group.exportPath(best, number, peer, false))
    }
  }

  /** Who is told of a best path, the same for all prefixes of a set that come one after the other. */
  #audienceOf(sessions: Iterable<Session>, best: Path | undefined): Audience {
    const { table } = this.#speaker
    const groups = new Map<UpdateGroup, Session>()
    const singles: Session[] = []
    for (const session of sessions) {
      if (!session.isSynchronised || !session.isFamilyNegotiated) continue
      const group = session.updateGroup!
      if (!sharesBatches(session) || group.hasLeft(session)) singles.push(session)
      else if (best !== undefined && passesNextHopOn(table, best, session)) {
        group.leave(session)
        singles.push(session)
      } else if (!groups.has(group)) groups.set(group, session)
    }
    return { groups, singles }
  }

  flushAll(sessions: Iterable<Session>): void {
    this.#told = undefined
    for (const session of sessions) {
      if (!session.isSynchronised) continue
      const batch =
        session.isFamilyNegotiated && sharesBatches(session) ? session.updateGroup!.batchFor(session) : undefined
      if (batch === undefined) {
        if (!session.queue.isEmpty) this.#schedule(session)
      } else if (session.queue.isEmpty && this.#mayUpdate(session)) this.#sendBatch(session, batch)
      else {
        session.queue.follow(batch)
        if (!session.queue.isEmpty) this.#schedule(session)
      }
    }
    for (const group of this.#groups.values()) {
      group.endRun()
      group.forget()
    }
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
    if (!session.isFamilyNegotiated) return
    this.#announceDefault(session, force)
    const group = session.updateGroup
    const { rib, nowNs } = this.#speaker.table
    const isPlain = !force && session.queue.isEmpty && sharesBatches(session)
    const batch = isPlain ? group?.tableFor(session, rib, nowNs) : undefined
    if (batch !== undefined) this.#sendBatch(session, batch)
    else {
      for (const number of rib.sortedNumbers()) {
        const best = rib.at(number)?.best
        if (best !== undefined) this.#announce(session, best, number, force)
      }
      this.#send(session)
    }
    const isAwaited = (other: Session): boolean => other.updateGroup === group && !other.isSynchronised
    if (![...this.#speaker.sessions.values()].some(isAwaited)) group?.forget()
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

  #groupFor(session: Session): UpdateGroup {
    const key = updateGroupKey(session)
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = new UpdateGroup(this.#speaker.table, this.#speaker.numbers)
      this.#groups.set(key, group)
    }
    return group
  }

  #coalesceNs(): number {
    const { model, peerStructures } = this.#speaker
    const computed = Math.min(COALESCE.baseMs + COALESCE.perPeerMs * peerStructures, COALESCE.maximumMs)
    return (model.coalesceMs ?? computed) * MILLISECOND_NS
  }

  #announce(session: Session, best: Path | undefined, number: number, force: boolean): void {
    const route = best === undefined ? undefined : session.updateGroup?.exportPath(best, number, session)
    if (route !== undefined) session.queue.announce(number, route, force || !this.#speaker.model.suppressDuplicates)
    else if (!session.isDefaultSent || this.#speaker.numbers.prefixOf(number) !== DEFAULT_ROUTE) {
      session.queue.withdraw(number)
    }
  }

  #announceDefault(session: Session, force: boolean): void {
    if (session.family.defaultOriginate === undefined) return
    const { table } = this.#speaker
    const route = exportDefault(table, session, this.#defaults, table.rib.sorted())
    session.isDefaultSent = route !== undefined
    const number = table.rib.numbers.numberOf(DEFAULT_ROUTE)
    if (route !== undefined) session.queue.announce(number, route, force)
    else session.queue.withdraw(number)
  }

  /** FRR bgp_adjust_routeadv. */
  #schedule(session: Session): void {
    if (this.#mayUpdate(session)) this.#send(session)
    else if (!session.routeTimer.isRunning)
      session.routeTimer.restart(intervalOf(session) - this.#sinceUpdateNs(session))
  }

  /** The advertisement interval is over. */
  #mayUpdate(session: Session): boolean {
    const intervalNs = intervalOf(session)
    return intervalNs === 0 || (!session.routeTimer.isRunning && this.#sinceUpdateNs(session) > intervalNs)
  }

  #sinceUpdateNs(session: Session): number {
    return this.#speaker.host.simulator.nowNs - session.lastUpdateAtNs
  }

  #sendBatch(session: Session, batch: UpdateBatch): void {
    this.#deliver(session, session.queue.takeBatch(batch, session.main.negotiated!, owesEndOfRib(session)))
  }

  #send(session: Session): void {
    const { negotiated } = session.main
    if (negotiated === undefined) return
    this.#reconsiderDefault(session)
    this.#deliver(session, session.queue.take(negotiated, owesEndOfRib(session)))
  }

  #deliver(session: Session, burst: UpdateBurst | undefined): void {
    if (burst === undefined) return
    const { nowNs } = this.#speaker.host.simulator
    if (burst.prefixes > 0) session.lastUpdateAtNs = nowNs
    if (owesEndOfRib(session)) {
      session.isEndOfRibSent = true
      session.endOfRibAtNs = nowNs
    }
    const { work } = this.#speaker.table
    work.updatesSent += burst.contents.length
    work.prefixesSent += burst.prefixes
    session.main.sendUpdates(burst)
  }

  /** `default-originate route-map`: the table has changed, and with it perhaps what the map finds. */
  #reconsiderDefault(session: Session): void {
    if (session.family.defaultOriginate?.routeMap !== undefined && session.isSynchronised) {
      this.#announceDefault(session, false)
    }
  }
}

function intervalOf({ model }: Session): number {
  return model.advertisementIntervalSeconds * SECOND_NS
}

/** RFC 4724: the marker behind the first table. */
function owesEndOfRib({ isEndOfRibSent, main }: Session): boolean {
  return !isEndOfRibSent && main.negotiated?.endOfRib === true
}
