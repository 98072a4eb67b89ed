import { formatIpv4, formatPrefix, type Prefix, prefixOf, UNSPECIFIED } from '../wire/address.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import type { DestinationSet } from './destination-set.ts'
import type { BgpBehaviour } from './implementation.ts'
import {
  areEchoes,
  checkAttributes,
  type ImportRejection,
  importRoute,
  isEcho,
  judgesByAttributes,
  type ReceivedRoute,
} from './import.ts'
import { Path, type PathNews } from './path.ts'
import type { RouteTable } from './route-table.ts'
import type { Session } from './session.ts'
import type { SpeakerHost } from './transport.ts'
import type { UpdateBurst } from './update-burst.ts'

/** What peers send, on its way into the table of their speaker: judged, kept, changed, withdrawn. */
export class ReceivedRoutes {
  readonly #host: SpeakerHost
  readonly #behaviour: BgpBehaviour
  readonly #table: RouteTable

  constructor(host: SpeakerHost, behaviour: BgpBehaviour, table: RouteTable) {
    this.#host = host
    this.#behaviour = behaviour
    this.#table = table
  }

  /** Takes an UPDATE of an established session. */
  receive(session: Session, update: BgpUpdate): void {
    const { attributes, announced, withdrawn, nextHop = UNSPECIFIED } = update
    this.#table.work.updatesReceived += 1
    this.#table.work.prefixesReceived += withdrawn.length + announced.length
    if (withdrawn.length > 0) this.withdraw(session, withdrawn)
    if (attributes === undefined || announced.length === 0) return
    if (!this.#keepsReceived(session) && isEcho(this.#table, session, attributes)) {
      this.#rejectAll(session, update, 'as-loop')
      return
    }
    const check = checkAttributes(this.#table, session, attributes)
    if (check.action === 'accept') {
      const sender = nextHop === 'sender' ? session.address : nextHop
      this.#takeAll(session, update, { attributes: check.attributes, nextHop: sender })
    } else {
      for (const prefix of announced) session.forgetReceived(prefix)
      this.#rejectAll(session, update, check.reason)
    }
  }

  /**
   * Takes the messages `from` (included) to `to` (excluded) of a burst at once, if all are echoes and the table has no path of
   * the peer that they would replace. In a fabric every second UPDATE is like that. Returns whether.
   */
  receiveEchoes(session: Session, burst: UpdateBurst, from: number, to: number): boolean {
    if (this.#keepsReceived(session) || !areEchoes(this.#table, session, burst.common)) return false
    if (session.acceptedPrefixes.size > 0 && session.acceptedPrefixes.meets(burst.announced)) return false
    const prefixes = burst.prefixesIn(from, to)
    this.#table.work.updatesReceived += to - from
    this.#table.work.prefixesReceived += prefixes
    this.#countRejected(session, burst.contents[from]!.announced[0]!, 'as-loop', prefixes)
    return true
  }

  /** Received routes: kept as received where configured, judged, and taken into the table. */
  #takeAll(session: Session, update: BgpUpdate, route: ReceivedRoute): void {
    const { announced } = update
    if (this.#keepsReceived(session)) for (const prefix of announced) session.keepReceived(prefix, route)
    if (judgesByAttributes(session)) {
      this.#takeJudged(session, this.#numbersOf(update), this.#judge(session, announced[0]!, route))
    } else for (const prefix of announced) this.take(session, prefix, route)
  }

  /** Judges a received route and takes it into the table. */
  take(session: Session, prefix: Prefix, route: ReceivedRoute): void {
    const number = this.#table.rib.numbers.numberOf(prefix)
    this.#takeJudged(session, [number], this.#judge(session, prefix, route))
  }

  #numbersOf({ numbers, announced }: BgpUpdate): readonly number[] {
    return numbers ?? this.#table.rib.numbers.numbersOf(announced)
  }

  #judge(session: Session, prefix: Prefix, route: ReceivedRoute): PathNews | ImportRejection {
    if (this.#behaviour.rejectsImports) return 'import-default-reject'
    return importRoute(this.#table, session, prefix, route)
  }

  #takeJudged(session: Session, numbers: readonly number[], news: PathNews | ImportRejection): void {
    const { rib } = this.#table
    if (typeof news === 'string') {
      this.#countRejected(session, rib.numbers.prefixOf(numbers[0]!), news, numbers.length)
      this.#removeAll(session, numbers)
      return
    }
    const hostRoute = this.#routeToNextHop(session, news)
    if (hostRoute !== undefined && numbers.includes(hostRoute)) rib.alone(hostRoute)
    if (session.family.maximumPrefix !== undefined) for (const number of numbers) rib.alone(number)
    this.#table.changeAll(numbers, destinations => this.#accept(session, destinations, news, hostRoute))
  }

  /** Whether what the peer sends is stored before it is judged. */
  #keepsReceived(session: Session): boolean {
    return session.family.softReconfigurationInbound || this.#behaviour.rejectsImports
  }

  /** The peer takes routes back. */
  withdraw(session: Session, prefixes: readonly Prefix[]): void {
    if (session.adjIn.size > 0) for (const prefix of prefixes) session.forgetReceived(prefix)
    this.#removeAll(session, this.#table.rib.numbers.numbersOf(prefixes))
  }

  /** Numbers of the prefixes that the table has from a peer, by prefix: the order in which bgpd walks its table (bgp_clear_route). */
  #numbersFrom(session: Session): readonly number[] {
    const { acceptedPrefixes } = session
    return acceptedPrefixes.size === 0
      ? []
      : this.#table.rib.sortedNumbers().filter(number => acceptedPrefixes.has(number))
  }

  /** Whether the table has a path from the peer for the prefix. */
  has(session: Session, prefix: Prefix): boolean {
    const number = this.#table.rib.numbers.find(prefix)
    return number !== undefined && session.acceptedPrefixes.has(number)
  }

  /** The peer restarts: its routes stay for now (FRR bgp_clear_route_node with NSF wait). */
  markStale(session: Session): void {
    for (const number of this.#numbersFrom(session)) this.#pathOf(session, number)!.isStale = true
  }

  /** Removes what a restarted peer has not sent again (FRR bgp_clear_stale_route). */
  clearStale(session: Session): void {
    const { rib } = this.#table
    const stale = this.#numbersFrom(session).filter(number => this.#pathOf(session, number)!.isStale)
    if (stale.length > 0) {
      this.withdraw(
        session,
        stale.map(number => rib.numbers.prefixOf(number)),
      )
    }
  }

  /** Removes everything a peer sent. */
  clearPeer(session: Session): void {
    this.#removeAll(session, this.#numbersFrom(session))
    session.forgetAllReceived()
  }

  #pathOf(session: Session, number: number): Path | undefined {
    return this.#table.rib.at(number)?.find(session, 'learned')
  }

  #accept(session: Session, destinations: DestinationSet, news: PathNews, hostRoute: number | undefined): void {
    const { numbers } = destinations
    const { acceptedPrefixes } = session
    let path = this.#findPath(session, destinations)
    let isNew = false
    if (path === undefined) {
      if (this.#isOverflowing(session)) {
        this.#table.rib.prune(destinations)
        return
      }
      path = new Path(destinations, session, 'learned', news)
      this.#table.insert(path)
      isNew = this.#table.nextHops.has(news.settings.nextHop)
      acceptedPrefixes.addAll(numbers)
    } else if (path.isRemoved) {
      path.isRemoved = false // flapped quicker than it was processed: it keeps its place
      path.hasChangedAttributes = true
      acceptedPrefixes.addAll(numbers)
    } else if (path.says(news)) {
      path.take(news, path.nextHopEntry)
      if (path.isStale) {
        path.isStale = false
        this.#table.queue(destinations)
      }
      return
    } else this.#table.changed(path)
    this.#update(path, session, news, hostRoute)
    if (!this.#table.aggregates.isEmpty) {
      const prefix = this.#table.rib.numbers.prefixOf(numbers[0]!)
      this.#table.aggregates.onChange(prefix, isNew && path.isValid ? path : undefined)
    }
    this.#table.queue(destinations)
  }

  /** The path of the peer, be it one that is about to go. Most are new: no path is looked at then. */
  #findPath(session: Session, destinations: DestinationSet): Path | undefined {
    const isPossible = destinations.hasShrunk || session.acceptedPrefixes.has(destinations.numbers[0]!)
    return isPossible ? destinations.find(session, 'learned') : undefined
  }

  /** The path says what is new, and its next hop is tracked. */
  #update(path: Path, session: Session, news: PathNews, hostRoute: number | undefined): void {
    const { nextHops } = this.#table
    const loops = hostRoute !== undefined && path.destinations.numbers[0] === hostRoute
    const entry = loops ? undefined : nextHops.entryFor(news.settings.nextHop, session.needsConnected)
    if (path.nextHopEntry !== entry) nextHops.untrack(path)
    path.take(news, entry)
    nextHops.track(path)
    path.isValid = entry?.isValid ?? false
    path.igpMetric = entry?.metric ?? 0
  }

  /**
   * Number of the host route that cannot be reached through itself, as it would be its own next hop, unless a reflector client
   * sent it (FRR bgp_find_or_add_nexthop).
   */
  #routeToNextHop(session: Session, { settings }: PathNews): number | undefined {
    return session.isReflectorClient ? undefined : this.#table.rib.numbers.find(prefixOf(settings.nextHop, 32))
  }

  #removeAll(session: Session, numbers: readonly number[]): void {
    const { acceptedPrefixes } = session
    if (acceptedPrefixes.size === 0) return
    const held = numbers.filter(number => acceptedPrefixes.has(number))
    if (held.length === 0) return
    this.#table.changeAll(held, destinations => {
      acceptedPrefixes.deleteAll(destinations.numbers)
      this.#table.markRemoved(destinations.find(session, 'learned')!)
    })
  }

  /** None of the routes is taken, and what the peer sent before for their prefixes goes. */
  #rejectAll(session: Session, update: BgpUpdate, reason: ImportRejection): void {
    this.#countRejected(session, update.announced[0]!, reason, update.announced.length)
    if (session.acceptedPrefixes.size > 0) this.#removeAll(session, this.#numbersOf(update))
  }

  /** Counted always; journalled once for each reason of a session, as eBGP echoes every route. */
  #countRejected(session: Session, first: Prefix, reason: ImportRejection, routes: number): void {
    if (session.countRejected(reason, routes) > 0) return
    const detail = { peer: formatIpv4(session.address), prefix: formatPrefix(first), reason }
    this.#host.simulator.journal.record(this.#host.name, 'bgp.reject', detail)
  }

  /** `maximum-prefix`: true when the session is being ended over it. */
  #isOverflowing(session: Session): boolean {
    const { maximumPrefix } = session.family
    if (maximumPrefix === undefined || session.acceptedPrefixes.size < maximumPrefix.limit) return false
    if (maximumPrefix.warningOnly) return false
    session.overflow()
    return true
  }
}
