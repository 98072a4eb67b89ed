/*
 * The table of one speaker and what moves it: own routes, reachability of next hops, decision runs (`received` has what peers send).
 * A change only queues its destination; one run per hold of the queue (50 ms in FRR) decides all of them (bgpd/bgp_route.c
 * bgp_process, bgp_process_main_one).
 */
import type { BgpModel } from '../model/bgp.ts'
import type { PolicyModel } from '../model/policy.ts'
import { Timer } from '../sim/timer.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import { AggregateSet } from './aggregates.ts'
import { type Attributes, type AttributeTable, attributeTable, type RouteDraft } from './attributes.ts'
import { type DecisionOptions, decisionOptions, selectPaths } from './decision.ts'
import type { ExportContext } from './export.ts'
import type { BgpBehaviour } from './implementation.ts'
import type { ImportContext } from './import.ts'
import { installBest } from './install.ts'
import { NextHopCache, type NextHopEntry } from './next-hop.ts'
import { NextHopLists } from './next-hop-lists.ts'
import { type OscillationWatch, oscillationWatch } from './oscillation.ts'
import { Path, type PathNews, type PathPeer, saysTheSame } from './path.ts'
import { PolicyEngine } from './policy.ts'
import { prefixNumbers } from './prefix-numbers.ts'
import { ReceivedRoutes } from './received-routes.ts'
import { type Destination, Rib } from './rib.ts'
import type { RouteManager } from './route-manager.ts'
import type { PathOrigin } from './snapshot.ts'
import type { SpeakerHost } from './transport.ts'
import { type WorkCounters, workCounters } from './work-counters.ts'

/** Weight of own routes. */
export const OWN_WEIGHT = 32768

export interface RouteTableOptions {
  readonly host: SpeakerHost
  readonly model: BgpModel
  readonly policy: PolicyModel
  readonly routes: RouteManager
  readonly behaviour: BgpBehaviour
  /** Tells the sessions of a destination's new best path (undefined: none). */
  readonly announce: (destination: Destination) => void
  /** A decision run is over: what was queued may leave. */
  readonly flush: () => void
  readonly routerId: () => Ipv4Address
  readonly hasOtherPeerOn: (network: Prefix, except: PathPeer) => boolean
}

export class RouteTable implements ExportContext, ImportContext {
  readonly rib: Rib
  readonly model: BgpModel
  readonly policy: PolicyEngine
  readonly table: AttributeTable
  readonly routes: RouteManager
  readonly nextHops: NextHopCache
  readonly nextHopLists = new NextHopLists()
  readonly aggregates: AggregateSet
  readonly received: ReceivedRoutes
  readonly decision: DecisionOptions
  readonly reflectsMedZero: boolean
  readonly detectsLoopAlone: boolean
  readonly self: PathPeer
  readonly work: WorkCounters
  changes = 0
  readonly #options: RouteTableOptions
  readonly #oscillations: OscillationWatch
  readonly #timer: Timer
  /** In the order of their first change. */
  #queue: Destination[] = []

  constructor(options: RouteTableOptions) {
    const { host, model, behaviour } = options
    this.#options = options
    this.#oscillations = oscillationWatch(host.simulator)
    this.rib = new Rib(prefixNumbers(host.simulator))
    this.model = model
    this.routes = options.routes
    this.policy = new PolicyEngine(options.policy)
    this.table = attributeTable(host.simulator)
    this.decision = decisionOptions(model, behaviour)
    this.reflectsMedZero = behaviour.reflectsMedZero
    this.detectsLoopAlone = behaviour.detectsLoopAlone
    this.self = selfPeer(model.asn)
    this.work = workCounters(host.simulator)
    this.#timer = new Timer(host.simulator, host.origin, 'work', () => this.runDecision())
    this.nextHops = new NextHopCache(
      options.routes,
      () => host.simulator.nowNs,
      entry => this.#reevaluate(entry),
    )
    this.aggregates = new AggregateSet(this, model.aggregates)
    this.received = new ReceivedRoutes(host, behaviour, this)
  }

  get routerId(): Ipv4Address {
    return this.#options.routerId()
  }

  get nowNs(): number {
    return this.#options.host.simulator.nowNs
  }

  isLocalAddress(address: Ipv4Address): boolean {
    return this.#options.host.isLocalAddress(address)
  }

  hasOtherPeerOn(network: Prefix, except: PathPeer): boolean {
    return this.#options.hasOtherPeerOn(network, except)
  }

  /** Puts the destination into the next decision run. */
  queue(destination: Destination): void {
    this.changes += 1
    if (destination.isQueued) return
    destination.isQueued = true
    this.#queue.push(destination)
    this.schedule()
  }

  /** Makes sure that a decision run comes. */
  schedule(): void {
    if (!this.#timer.isRunning) this.#timer.restart(this.#options.behaviour.decisionDelayNs)
  }

  /** Takes the routes back from the route manager; nothing is tracked or decided any more. */
  stop(): void {
    this.#timer.stop()
    for (const destination of this.rib.sorted()) {
      if (destination.isInstalled) this.routes.withdraw([destination.prefix])
      destination.isInstalled = false
      for (const path of destination.paths) path.importCheck?.stop()
      this.work.paths -= destination.paths.length
    }
    this.nextHops.stop()
  }

  /** Adds or changes an own path. */
  setOwn(prefix: Prefix, kind: PathOrigin, draft: RouteDraft, sourceProtocol = 'bgp'): Path {
    const destination = this.rib.getOrAdd(prefix)
    const news = this.newsOf(this.self, kind, draft.finish(this.table), draft)
    let path = destination.find(this.self, kind)
    if (path === undefined) {
      path = new Path(destination, news)
      path.isValid = true
      this.insert(path)
    } else if (!path.isRemoved && saysTheSame(path.news, news)) {
      path.sourceProtocol = sourceProtocol
      return path
    } else {
      path.isRemoved = false
      this.changed(path)
    }
    path.news = news
    path.sourceProtocol = sourceProtocol
    this.aggregates.onChange(prefix)
    this.queue(destination)
    return path
  }

  /** Removes an own path. */
  removeOwn(prefix: Prefix, kind: PathOrigin): void {
    const destination = this.rib.get(prefix)
    const path = destination?.find(this.self, kind)
    if (path === undefined) return
    path.importCheck?.stop()
    path.importCheck = undefined
    this.markRemoved(path)
  }

  /** Sets validity and metric of a `network` path (import-check). */
  setReachability(path: Path, isValid: boolean, metric: number): void {
    if (path.isValid === isValid && path.igpMetric === metric) return
    path.isValid = isValid
    path.igpMetric = metric
    path.hasChangedMetric = true
    this.#resort(path)
    this.aggregates.onChange(path.destination.prefix)
    this.queue(path.destination)
  }

  /** Decides every queued destination now. */
  runDecision(): void {
    this.aggregates.refresh()
    this.#timer.stop()
    const queued = this.#queue
    this.#queue = []
    for (const destination of queued) {
      destination.isQueued = false
      this.#process(destination)
    }
    this.#options.flush()
  }

  /** What the paths of an UPDATE, or of an own statement, have in common. */
  newsOf(peer: PathPeer, kind: PathOrigin, attributes: Attributes, draft: RouteDraft): PathNews {
    const { weight, tag, distance, nextHopChange } = draft
    return {
      peer,
      kind,
      attributes,
      weight,
      tag,
      distance,
      nextHopChange,
      interface: draft.interface,
      atNs: this.nowNs,
    }
  }

  #reevaluate(entry: NextHopEntry): void {
    const { isValid, metric } = entry
    for (const path of entry.paths.all()) {
      if (path.isRemoved) continue
      if (path.isValid === isValid && path.igpMetric === metric) {
        // The route behind the next hop changed: zebra is told again.
        path.hasChangedMetric = true
        this.queue(path.destination)
      } else this.setReachability(path, isValid, metric)
    }
    entry.session?.onNextHopChange(entry.isValid)
  }

  /** A path that is new to its destination. */
  insert(path: Path): void {
    this.work.paths += 1
    const { destination } = path
    // an array that grows reserves sixteen places, too many for the paths of a few; the next run cuts it to its size
    destination.paths.unshift(path)
    destination.hasGrown = true
  }

  /** A path is about to get other news. */
  changed(path: Path): void {
    path.hasChangedAttributes = true
    path.isStale = false
    this.#resort(path)
  }

  /** Sorted lists: the path is taken out and finds its place anew. */
  #resort(path: Path): void {
    if (!this.decision.sorts || path.isUnsorted) return
    path.isUnsorted = true
    const { paths } = path.destination
    paths.splice(paths.indexOf(path), 1)
    paths.unshift(path)
  }

  /** Takes a path out with the next decision run. */
  markRemoved(path: Path): void {
    path.isRemoved = true
    const { nextHop } = path
    if (nextHop !== undefined) {
      path.nextHop = undefined
      this.nextHops.releasePath(nextHop)
    }
    this.aggregates.onChange(path.destination.prefix)
    this.queue(path.destination)
  }

  #process(destination: Destination): void {
    this.work.decisions += 1
    const old = destination.best
    const { best, multipath, reason } = selectPaths(destination, this.decision)
    destination.reason = reason
    const hasRouteChanged = markMultipath(destination.paths, multipath)
    if (best !== undefined && best === old && !best.hasChangedAttributes) {
      if (hasRouteChanged) installBest(this, destination, multipath, this.#options.behaviour)
    } else if (best !== undefined || old !== undefined) {
      this.rib.version += 1
      destination.version = this.rib.version
      if (old !== undefined) old.isSelected = false
      if (best !== undefined) best.isSelected = true
      destination.best = best
      this.#oscillations.note(this.#options.host.name, destination, this.nowNs)
      this.#options.announce(destination)
      installBest(this, destination, multipath, this.#options.behaviour)
    }
    this.#tidy(destination)
  }

  #tidy(destination: Destination): void {
    let removed = 0
    for (const path of destination.paths) {
      path.hasChangedAttributes = false
      path.hasChangedMetric = false
      if (path.isRemoved) removed += 1
    }
    if (removed > 0) {
      this.work.paths -= removed
      destination.paths = destination.paths.filter(path => !path.isRemoved)
    }
    if (destination.hasGrown) {
      destination.hasGrown = false
      destination.paths = destination.paths.slice()
    }
    this.rib.prune(destination)
  }
}

/**
 * Marks the paths in use, none where there is but one. Whether the route is another one even with the same best path (FRR
 * bgp_zebra_has_route_changed): members, their next hops or the way to them.
 */
function markMultipath(paths: readonly Path[], multipath: readonly Path[]): boolean {
  let hasChanged = multipath[0]?.hasChangedMetric === true || multipath[0]?.hasChangedAttributes === true
  if (multipath.length > 1) for (const path of multipath) path.isChosen = true
  for (const path of paths) {
    const isMember = path.isChosen
    path.isChosen = false
    if (isMember !== path.isMultipath) hasChanged = true
    else if (isMember && (path.hasChangedMetric || path.hasChangedAttributes)) hasChanged = true
    path.isMultipath = isMember
  }
  return hasChanged
}

function selfPeer(asn: number): PathPeer {
  return {
    type: 'self',
    address: undefined,
    remoteAsn: asn,
    remoteRouterId: 0 as Ipv4Address,
    isEstablished: true,
    isReflectorClient: false,
    isRouteServerClient: false,
  }
}
