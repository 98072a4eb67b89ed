import type { Attributes } from './attributes.ts'
import { type ExportContext, type ExportedRoute, judgeExport, passesNextHopOn } from './export.ts'
import type { Path, PathNews } from './path.ts'
import type { Destination, Rib } from './rib.ts'
import { SharedPages } from './sent-routes.ts'
import type { Session } from './session.ts'
import { TableBatch } from './table-batch.ts'
import { UpdateBatch } from './update-batch.ts'

/**
 * Peers with the same policy (FRR's update groups): what a path looks like to them is worked out once for all, and equal
 * routes are one object, so that a peer's table compares by identity.
 */
export class UpdateGroup {
  /** When peers that come up now get their first table; in the past until somebody sets it anew. */
  firstTableAtNs = Number.NEGATIVE_INFINITY
  /** What its peers have been told. */
  readonly sent = new SharedPages()
  readonly #context: ExportContext
  readonly #routes = new Map<Attributes, ExportedRoute[]>()
  /** Answers as long as the table does not change: for peers to which the next hop is passed on, and for the others. */
  readonly #passed = new Map<Path | PathNews, ExportedRoute | undefined>()
  readonly #reset = new Map<Path | PathNews, ExportedRoute | undefined>()
  #last: Path | PathNews | undefined
  #lastPasses = false
  #lastRoute: ExportedRoute | undefined
  #tableChanges = 0
  #batch = new UpdateBatch()
  /** The destination that went into the batch last. */
  #noted: Destination | undefined
  readonly #left = new Set<Session>()
  #table: TableBatch | undefined

  constructor(context: ExportContext) {
    this.#context = context
  }

  /** Has a destination's new best path in the batch of this decision run, for the peer and all to which no next hop is passed on. */
  note(destination: Destination, peer: Session): void {
    if (this.#noted === destination) return
    const { best, number } = destination
    this.#noted = destination
    this.#batch.add(number, best === undefined ? undefined : this.exportPath(best, peer, false))
  }

  /** The peer is told something of its own about the destination: it goes its own way until the run is over. */
  leave(peer: Session, destination: Destination): void {
    if (this.#left.has(peer)) return
    this.#left.add(peer)
    const { length } = this.#batch.numbers
    peer.queue.follow(this.#batch, this.#noted === destination ? length - 1 : length)
  }

  hasLeft(peer: Session): boolean {
    return this.#left.size > 0 && this.#left.has(peer)
  }

  /** The batch of this run, where there is something in it for the peer. */
  batchFor(peer: Session): UpdateBatch | undefined {
    return this.#batch.numbers.length === 0 || this.hasLeft(peer) ? undefined : this.#batch
  }

  /** The run is over, and everybody has its part. */
  endRun(): void {
    this.#noted = undefined
    if (this.#left.size > 0) this.#left.clear()
    if (this.#batch.numbers.length > 0) this.#batch = new UpdateBatch()
  }

  /** All of the table as a batch, the same for all who ask while nothing changes; undefined: not for this peer. */
  tableFor(peer: Session, rib: Rib, nowNs: number): UpdateBatch | undefined {
    if (this.#table?.isOf(rib, this.#context.changes, nowNs) !== true) {
      this.#table = new TableBatch(this.#context, rib, nowNs, best => this.exportPath(best, peer, false))
    }
    return this.#table.passesNextHopTo(peer) ? undefined : this.#table.batch
  }

  /** The route for one of the peers; undefined when it is not for it. */
  exportPath(
    path: Path,
    peer: Session,
    passesNextHop = passesNextHopOn(this.#context, path, peer),
  ): ExportedRoute | undefined {
    // this one asks for the peer's own AS
    if (peer.family.senderAsPathLoopDetection) return this.#work(path, peer, passesNextHop)
    if (this.#tableChanges !== this.#context.changes) this.forget()
    const subject = isJudgedByNews(path, peer) ? path.news : path
    // mostly one path is asked for on behalf of one peer after the other
    if (subject === this.#last && passesNextHop === this.#lastPasses) return this.#lastRoute
    const answers = passesNextHop ? this.#passed : this.#reset
    let route = answers.get(subject)
    if (route === undefined && !answers.has(subject)) {
      route = this.#work(path, peer, passesNextHop)
      answers.set(subject, route)
    }
    this.#last = subject
    this.#lastPasses = passesNextHop
    this.#lastRoute = route
    return route
  }

  /** Drops what was worked out; the next question asks anew. */
  forget(): void {
    if (this.#passed.size > 0) this.#passed.clear()
    if (this.#reset.size > 0) this.#reset.clear()
    this.#last = undefined
    this.#lastRoute = undefined
    this.#table = undefined
    this.#tableChanges = this.#context.changes
  }

  #work(path: Path, peer: Session, passesNextHop: boolean): ExportedRoute | undefined {
    const outcome = judgeExport(this.#context, path, peer, passesNextHop)
    return typeof outcome === 'string' ? undefined : this.#share(outcome)
  }

  #share(route: ExportedRoute): ExportedRoute {
    const alike = this.#routes.get(route.view)
    const known = alike?.find(
      one =>
        one.template === route.template && one.weight === route.weight && one.nextHopChange === route.nextHopChange,
    )
    if (known !== undefined) return known
    if (alike === undefined) this.#routes.set(route.view, [route])
    else alike.push(route)
    return route
  }
}

/**
 * Whether the peers of the session's group are told the same, but for next hops that are passed on: where policy asks for the
 * single peer, or the default route comes out of configuration, every peer is looked at for itself.
 */
export function sharesBatches({ family, speaker }: Session): boolean {
  return speaker.model.suppressDuplicates && family.defaultOriginate === undefined && !family.senderAsPathLoopDetection
}

/** Whether nothing about the prefix matters to the group's policy: then all paths of one UPDATE look alike to it. */
function isJudgedByNews(path: Path, { family, model }: Session): boolean {
  const { out } = family
  return (
    out.routeMap === undefined &&
    out.prefixList === undefined &&
    out.distributeList === undefined &&
    family.defaultOriginate === undefined &&
    !model.solo &&
    path.isValid &&
    !path.isRemoved &&
    path.suppressors === 0
  )
}

/** What decides to which update group a peer belongs, as text. */
export function updateGroupKey(session: Session): string {
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
