import { formatIpv4, formatPrefix, type Prefix, prefixOf } from '../wire/address.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import type { Attributes } from './attributes.ts'
import type { BgpBehaviour } from './implementation.ts'
import { checkAttributes, type ImportRejection, importRoute, isEcho, judgesByAttributes } from './import.ts'
import { Path, type PathNews, saysTheSame } from './path.ts'
import type { RouteTable } from './route-table.ts'
import type { Session } from './session.ts'
import type { SpeakerHost } from './transport.ts'

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
    const { attributes, announced, withdrawn } = update
    this.#table.work.updatesReceived += 1
    this.#table.work.prefixesReceived += withdrawn.length + announced.length
    for (const prefix of withdrawn) this.withdraw(session, prefix)
    if (attributes === undefined || announced.length === 0) return
    if (!this.#keepsReceived(session) && isEcho(this.#table, session, attributes)) {
      this.#rejectAll(session, announced, 'as-loop')
      return
    }
    const check = checkAttributes(this.#table, session, attributes)
    if (check.action === 'accept') this.take(session, announced, check.attributes)
    else {
      for (const prefix of announced) session.adjIn.delete(prefix)
      this.#rejectAll(session, announced, check.reason)
    }
  }

  /** Received routes: kept as received where configured, judged, and taken into the table. */
  take(session: Session, prefixes: readonly Prefix[], attributes: Attributes): void {
    const { rejectsImports } = this.#behaviour
    if (this.#keepsReceived(session)) for (const prefix of prefixes) session.adjIn.set(prefix, attributes)
    const judge = (prefix: Prefix): PathNews | ImportRejection => {
      if (rejectsImports) return 'import-default-reject'
      const outcome = importRoute(this.#table, session, prefix, attributes)
      return outcome.kind === 'reject'
        ? outcome.reason
        : this.#table.newsOf(session, 'learned', outcome.attributes, outcome.draft)
    }
    const shared = judgesByAttributes(session) ? judge(prefixes[0]!) : undefined
    if (typeof shared === 'string') {
      this.#rejectAll(session, prefixes, shared)
      return
    }
    const numbers = this.#table.rib.numbers.numbersOf(prefixes)
    for (let index = 0; index < numbers.length; index += 1) {
      const news = shared ?? judge(prefixes[index]!)
      if (typeof news !== 'string') this.#accept(session, numbers[index]!, news)
      else {
        this.#countRejected(session, prefixes[index]!, news, 1)
        this.#remove(session, numbers[index]!)
      }
    }
  }

  /** Whether what the peer sends is stored before it is judged. */
  #keepsReceived(session: Session): boolean {
    return session.family.softReconfigurationInbound || this.#behaviour.rejectsImports
  }

  /** The peer takes a route back. */
  withdraw(session: Session, prefix: Prefix): void {
    session.adjIn.delete(prefix)
    if (session.paths.size === 0) return
    const number = this.#table.rib.numbers.find(prefix)
    if (number !== undefined) this.#remove(session, number)
  }

  /** The peer restarts: its routes stay for now (FRR bgp_clear_route_node with NSF wait). */
  markStale(session: Session): void {
    for (const path of session.paths.sorted()) path.isStale = true
  }

  /** Removes what a restarted peer has not sent again (FRR bgp_clear_stale_route). */
  clearStale(session: Session): void {
    for (const path of session.paths.sorted()) {
      if (path.isStale) this.withdraw(session, path.destination.prefix)
    }
  }

  /** Removes everything a peer sent. */
  clearPeer(session: Session): void {
    for (const path of session.paths.sorted()) this.#remove(session, path.destination.number)
    session.adjIn.clear()
  }

  #accept(session: Session, number: number, news: PathNews): void {
    const destination = this.#table.rib.getOrAddNumber(number)
    let path = session.paths.get(destination.number)
    let isNew = false
    if (path === undefined) {
      path = destination.find(session, 'learned')
      if (path !== undefined) {
        path.isRemoved = false // flapped quicker than it was processed: it keeps its place
        path.hasChangedAttributes = true
      }
      if (path === undefined) {
        if (this.#isOverflowing(session)) {
          this.#table.rib.prune(destination)
          return
        }
        path = new Path(destination, news)
        this.#table.insert(path)
        isNew = this.#table.nextHops.has(news.attributes.nextHop)
      }
      session.paths.set(destination.number, path)
    } else if (saysTheSame(path.news, news)) {
      path.news = news
      if (path.isStale) {
        path.isStale = false
        this.#table.queue(destination)
      }
      return
    } else this.#table.changed(path)
    path.news = news
    this.#trackNextHop(path, session)
    this.#table.aggregates.onChange(destination.prefix, isNew && path.isValid ? path : undefined)
    this.#table.queue(destination)
  }

  /** FRR bgp_find_or_add_nexthop: a host route cannot be reached through itself, unless a reflector client sent it. */
  #trackNextHop(path: Path, session: Session): void {
    const { nextHop } = path.attributes
    const loops = !session.isReflectorClient && path.destination.prefix === prefixOf(nextHop, 32)
    const before = path.nextHop
    const entry = loops ? undefined : this.#table.nextHops.usePath(nextHop, path, session.needsConnected)
    path.nextHop = entry
    if (before !== undefined && before !== entry) this.#table.nextHops.releasePath(before)
    path.isValid = entry?.isValid ?? false
    path.igpMetric = entry?.metric ?? 0
  }

  #remove(session: Session, number: number): void {
    const path = session.paths.get(number)
    if (path === undefined) return
    session.paths.delete(number)
    this.#table.markRemoved(path)
  }

  /** None of the routes is taken, and what the peer sent before for their prefixes goes. */
  #rejectAll(session: Session, prefixes: readonly Prefix[], reason: ImportRejection): void {
    this.#countRejected(session, prefixes[0]!, reason, prefixes.length)
    if (session.paths.size === 0) return
    for (const number of this.#table.rib.numbers.numbersOf(prefixes)) this.#remove(session, number)
  }

  /** Counted always; journalled once for each reason of a session, as eBGP echoes every route. */
  #countRejected(session: Session, first: Prefix, reason: ImportRejection, routes: number): void {
    const count = session.rejections.get(reason) ?? 0
    session.rejections.set(reason, count + routes)
    if (count > 0) return
    const detail = { peer: formatIpv4(session.address), prefix: formatPrefix(first), reason }
    this.#host.simulator.journal.record(this.#host.name, 'bgp.reject', detail)
  }

  /** `maximum-prefix`: true when the session is being ended over it. */
  #isOverflowing(session: Session): boolean {
    const { maximumPrefix } = session.family
    if (maximumPrefix === undefined || session.paths.size < maximumPrefix.limit) return false
    if (maximumPrefix.warningOnly) return false
    session.overflow()
    return true
  }
}
