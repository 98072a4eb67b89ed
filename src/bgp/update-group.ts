import type { PeerFamilyModel } from '../model/bgp.ts'
import type { Attributes } from './attributes.ts'
import { areAlike, type ExportContext, type ExportedRoute, judgeExport, passesNextHopOn } from './export.ts'
import type { Path } from './path.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import type { Rib } from './rib.ts'
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
  readonly #numbers: PrefixNumbers
  readonly #routes = new Map<Attributes, ExportedRoute[]>()
  /** Answers as long as the table does not change: for peers to which the next hop is passed on, and for the others. */
  readonly #passed = new Map<Path, ExportedRoute | undefined>()
  readonly #reset = new Map<Path, ExportedRoute | undefined>()
  #last: Path | undefined
  #lastPasses = false
  #lastRoute: ExportedRoute | undefined
  #tableChanges = 0
  #batch = new UpdateBatch()
  readonly #left = new Set<Session>()
  #table: TableBatch | undefined

  constructor(context: ExportContext, numbers: PrefixNumbers) {
    this.#context = context
    this.#numbers = numbers
  }

  /** Has the new route of a prefix in the batch of this decision run, for all to which no next hop is passed on. */
  note(number: number, route: ExportedRoute | undefined): void {
    this.#batch.add(number, route)
  }

  /** The peer is told something of its own: it goes its own way until the run is over. */
  leave(peer: Session): void {
    this.#left.add(peer)
    peer.queue.follow(this.#batch)
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
    if (this.#left.size > 0) this.#left.clear()
    if (this.#batch.numbers.length > 0) this.#batch = new UpdateBatch()
  }

  /** All of the table as a batch, the same for all who ask while nothing changes; undefined: not for this peer. */
  tableFor(peer: Session, rib: Rib, nowNs: number): UpdateBatch | undefined {
    if (this.#table?.isOf(rib, this.#context.changes, nowNs) !== true) {
      this.#table = new TableBatch(this.#context, rib, nowNs, (best, number) =>
        this.exportPath(best, number, peer, false),
      )
    }
    return this.#table.passesNextHopTo(peer) ? undefined : this.#table.batch
  }

  /** The route for one of the peers, of a prefix with this best path; undefined when it is not for it. */
  exportPath(
    path: Path,
    number: number,
    peer: Session,
    passesNextHop = passesNextHopOn(this.#context, path, peer),
  ): ExportedRoute | undefined {
    // the first asks for the peer's own AS, the others for the single prefix
    if (peer.family.senderAsPathLoopDetection || !isJudgedByPath(path, peer)) {
      return this.#work(path, number, peer, passesNextHop)
    }
    if (this.#tableChanges !== this.#context.changes) this.forget()
    // mostly one path is asked for on behalf of one peer after the other
    if (path === this.#last && passesNextHop === this.#lastPasses) return this.#lastRoute
    const answers = passesNextHop ? this.#passed : this.#reset
    let route = answers.get(path)
    if (route === undefined && !answers.has(path)) {
      route = this.#work(path, number, peer, passesNextHop)
      answers.set(path, route)
    }
    this.#last = path
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

  #work(path: Path, number: number, peer: Session, passesNextHop: boolean): ExportedRoute | undefined {
    const prefix = this.#numbers.prefixOf(number)
    const outcome = judgeExport(this.#context, path, prefix, peer, passesNextHop)
    return typeof outcome === 'string' ? undefined : this.#share(outcome)
  }

  #share(route: ExportedRoute): ExportedRoute {
    const alike = this.#routes.get(route.view)
    const known = alike?.find(
      one =>
        one.template === route.template &&
        one.nextHop === route.nextHop &&
        one.nextHopChange === route.nextHopChange &&
        areAlike(one, route),
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

/** Whether nothing about the prefix matters to the group's policy: then a path looks the same for all prefixes of its set. */
function isJudgedByPath(path: Path, { family, model }: Session): boolean {
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
  const { type, localAsn, family, model } = session
  const isAlone = model.solo || family.asOverride || family.removePrivateAs !== undefined
  const alone = isAlone ? session.address : ''
  const localAs = JSON.stringify(model.localAs)
  return [type, localAsn, localAs, model.advertisementIntervalSeconds, alone, outboundText(family)].join(' ')
}

/** By family: all plain peers of a router share one. */
const OUTBOUND_TEXTS = new WeakMap<PeerFamilyModel, string>()
const INBOUND = { in: undefined, weight: undefined, maximumPrefix: undefined, softReconfigurationInbound: undefined }

/** What a family says of sending routes. */
function outboundText(family: PeerFamilyModel): string {
  let text = OUTBOUND_TEXTS.get(family)
  if (text === undefined) {
    text = JSON.stringify({ ...family, ...INBOUND })
    OUTBOUND_TEXTS.set(family, text)
  }
  return text
}
