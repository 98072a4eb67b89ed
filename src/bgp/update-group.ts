import type { Attributes } from './attributes.ts'
import { type ExportContext, type ExportedRoute, judgeExport, passesNextHopOn } from './export.ts'
import type { Path, PathNews } from './path.ts'
import { SharedPages } from './sent-routes.ts'
import type { Session } from './session.ts'

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

  constructor(context: ExportContext) {
    this.#context = context
  }

  /** The route for one of the peers; undefined when it is not for it. */
  exportPath(path: Path, peer: Session): ExportedRoute | undefined {
    const passesNextHop = passesNextHopOn(this.#context, path, peer)
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
