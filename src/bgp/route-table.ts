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
import { type AttributeTable, attributeTable, type RouteDraft } from './attributes.ts'
import { decide, tidy } from './decide.ts'
import { type DecisionOptions, decisionOptions } from './decision.ts'
import type { DestinationSet } from './destination-set.ts'
import type { ExportContext } from './export.ts'
import type { BgpBehaviour } from './implementation.ts'
import type { ImportContext } from './import.ts'
import { Installer } from './install.ts'
import { NextHopCache, type NextHopEntry } from './next-hop.ts'
import { NextHopLists } from './next-hop-lists.ts'
import { type OscillationWatch, oscillationWatch } from './oscillation.ts'
import { type Moment, NO_SETTINGS, Path, type PathPeer, type PathSettings } from './path.ts'
import { PolicyEngine } from './policy.ts'
import { prefixNumbers } from './prefix-numbers.ts'
import { ReceivedRoutes } from './received-routes.ts'
import { Rib } from './rib.ts'
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
  /** Tells the sessions of the new best path (undefined: none) that a prefix has with its set. */
  readonly announce: (destinations: DestinationSet, number: number) => void
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
  readonly packsAsSent: boolean
  readonly detectsLoopAlone: boolean
  readonly self: PathPeer
  readonly work: WorkCounters
  changes = 0
  readonly #options: RouteTableOptions
  readonly #oscillations: OscillationWatch
  readonly #timer: Timer
  /** Numbers of prefixes, in the order of their first change. */
  #queue: number[] = []
  #moment: Moment = { atNs: 0 }
  #plainSettings = NO_SETTINGS

  constructor(options: RouteTableOptions) {
    const { host, model, behaviour } = options
    this.#options = options
    this.#oscillations = oscillationWatch(host.simulator)
    this.rib = new Rib(prefixNumbers(host.simulator), (from, to) => this.#copyTracking(from, to))
    this.model = model
    this.routes = options.routes
    this.policy = new PolicyEngine(options.policy)
    this.table = attributeTable(host.simulator)
    this.decision = decisionOptions(model, behaviour)
    this.reflectsMedZero = behaviour.reflectsMedZero
    this.packsAsSent = behaviour.packsAsSent
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

  plainSettings(nextHop: Ipv4Address, weight: number): PathSettings {
    const last = this.#plainSettings
    if (last.nextHop === nextHop && last.weight === weight) return last
    this.#plainSettings = { ...NO_SETTINGS, nextHop, weight }
    return this.#plainSettings
  }

  isLocalAddress(address: Ipv4Address): boolean {
    return this.#options.host.isLocalAddress(address)
  }

  hasOtherPeerOn(network: Prefix, except: PathPeer): boolean {
    return this.#options.hasOtherPeerOn(network, except)
  }

  /** The present instant. */
  get moment(): Moment {
    if (this.#moment.atNs !== this.nowNs) this.#moment = { atNs: this.nowNs }
    return this.#moment
  }

  /**
   * Changes several prefixes, set by set, and puts those that `change` gives to `queue` into the next decision run in the order
   * of the list, as if each had been changed for itself.
   */
  changeAll(numbers: readonly number[], change: (destinations: DestinationSet) => void): void {
    const from = this.#queue.length
    const parts = this.#parts(numbers)
    for (const destinations of parts) change(destinations)
    if (parts.length > 1) this.#queueInOrder(from, numbers)
  }

  /** What the prefixes make up; each for itself where aggregates look at every one. */
  #parts(numbers: readonly number[]): readonly DestinationSet[] {
    return this.aggregates.isEmpty ? this.rib.parts(numbers) : numbers.map(number => this.rib.alone(number))
  }

  #queueInOrder(from: number, numbers: readonly number[]): void {
    const places = new Map(numbers.map((number, place) => [number, place]))
    const placeOf = (number: number): number => places.get(number) ?? -1
    const queued = this.#queue.splice(from)
    for (const number of queued.sort((a, b) => placeOf(a) - placeOf(b))) this.#queue.push(number)
  }

  /** Puts the destinations into the next decision run. @param numbers all of theirs, in another order */
  queue(destinations: DestinationSet, numbers = destinations.numbers): void {
    this.changes += 1
    if (destinations.isQueued) return
    destinations.isQueued = true
    for (const number of numbers) this.#queue.push(number)
    this.schedule()
  }

  /** Makes sure that a decision run comes. */
  schedule(): void {
    if (!this.#timer.isRunning) this.#timer.restart(this.#options.behaviour.decisionDelayNs)
  }

  /** Takes the routes back from the route manager; nothing is tracked or decided any more. */
  stop(): void {
    this.#timer.stop()
    const installed = this.rib.sortedNumbers().filter(number => this.rib.at(number)!.isInstalled)
    this.routes.withdraw(installed.map(number => this.rib.numbers.prefixOf(number)))
    for (const destinations of this.rib.sets()) {
      destinations.isInstalled = false
      for (const path of destinations.paths) path.importCheck?.stop()
      this.work.paths -= destinations.paths.length * destinations.numbers.length
    }
    this.nextHops.stop()
  }

  /** Adds or changes an own path. */
  setOwn(prefix: Prefix, kind: PathOrigin, draft: RouteDraft, sourceProtocol = 'bgp'): Path {
    const destinations = this.rib.alone(this.rib.numbers.numberOf(prefix))
    const news = { attributes: draft.finish(this.table), settings: draft, moment: this.moment }
    let path = destinations.find(this.self, kind)
    if (path === undefined) {
      path = new Path(destinations, this.self, kind, news)
      path.isValid = true
      this.insert(path)
    } else if (!path.isRemoved && path.says(news)) {
      path.sourceProtocol = sourceProtocol
      return path
    } else {
      path.isRemoved = false
      this.changed(path)
    }
    path.take(news)
    path.sourceProtocol = sourceProtocol
    this.aggregates.onChange(prefix)
    this.queue(destinations)
    return path
  }

  /** An own path, where there is one. */
  findOwn(prefix: Prefix, kind: PathOrigin): Path | undefined {
    const number = this.rib.numbers.find(prefix)
    return number === undefined ? undefined : this.rib.at(number)?.find(this.self, kind)
  }

  /** Removes an own path. */
  removeOwn(prefix: Prefix, kind: PathOrigin): void {
    const path = this.findOwn(prefix, kind)
    if (path === undefined) return
    path.importCheck?.stop()
    path.importCheck = undefined
    this.markRemoved(path)
  }

  /** Sets validity and metric of a `network` path (import-check). */
  setReachability(path: Path, isValid: boolean, metric: number, numbers = path.destinations.numbers): void {
    if (path.isValid === isValid && path.igpMetric === metric) return
    path.isValid = isValid
    path.igpMetric = metric
    path.hasChangedMetric = true
    this.#resort(path)
    this.#changeAggregates(path.destinations)
    this.queue(path.destinations, numbers)
  }

  #changeAggregates({ numbers }: DestinationSet): void {
    if (this.aggregates.isEmpty) return
    for (const number of numbers) this.aggregates.onChange(this.rib.numbers.prefixOf(number))
  }

  /** Decides every queued destination now. */
  runDecision(): void {
    this.aggregates.refresh()
    this.#timer.stop()
    const queued = this.#queue
    this.#queue = []
    const { rib } = this
    const installer = new Installer(this, this.#options.behaviour)
    const decided: DestinationSet[] = []
    for (const number of queued) {
      const destinations = rib.at(number)
      if (destinations === undefined) continue
      if (destinations.outcome === undefined) {
        this.#decide(destinations)
        decided.push(destinations)
      }
      const { isNewBest, isNewRoute } = destinations.outcome!
      if (isNewBest) {
        rib.raiseVersion(number)
        if (this.#oscillations.isLooking) this.#noteChange(destinations, number)
        this.#options.announce(destinations, number)
      }
      if (isNewRoute) installer.add(destinations, number)
    }
    installer.finish()
    for (const destinations of decided) this.#forget(destinations)
    this.#options.flush()
  }

  #noteChange({ best }: DestinationSet, number: number): void {
    const prefix = this.rib.numbers.prefixOf(number)
    this.#oscillations.note(this.#options.host.name, number, { prefix, best }, this.nowNs)
  }

  #reevaluate(entry: NextHopEntry): void {
    const { isValid, metric } = entry
    for (const path of entry.paths.all()) {
      if (path.isRemoved) continue
      // bgpd has a path for each prefix, and the last ones of a message came to the next hop last
      const numbers = path.destinations.numbers.toReversed()
      if (path.isValid === isValid && path.igpMetric === metric) {
        // The route behind the next hop changed: zebra is told again.
        path.hasChangedMetric = true
        this.queue(path.destinations, numbers)
      } else this.setReachability(path, isValid, metric, numbers)
    }
    entry.session?.onNextHopChange(entry.isValid)
  }

  /** A path that is new to its destinations. */
  insert(path: Path): void {
    const { destinations } = path
    this.work.paths += destinations.numbers.length
    // an array that grows reserves sixteen places, too many for the paths of a few; the next run cuts it to its size
    destinations.paths.unshift(path)
    destinations.hasGrown = true
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
    const { paths } = path.destinations
    paths.splice(paths.indexOf(path), 1)
    paths.unshift(path)
  }

  /** Takes a path out with the next decision run. */
  markRemoved(path: Path): void {
    path.isRemoved = true
    path.destinations.hasShrunk = true
    this.nextHops.untrack(path)
    this.#changeAggregates(path.destinations)
    this.queue(path.destinations)
  }

  #copyTracking(from: DestinationSet, to: DestinationSet): void {
    for (let index = 0; index < to.paths.length; index += 1) {
      if (from.paths[index]!.isTracked) this.nextHops.track(to.paths[index]!)
    }
  }

  #decide(destinations: DestinationSet): void {
    this.work.decisions += 1
    destinations.isQueued = false
    destinations.outcome = decide(destinations, this.decision)
    this.work.paths -= tidy(destinations) * destinations.numbers.length
  }

  /** The run is over for a set: what it was decided with goes, and so does a set without paths. */
  #forget(destinations: DestinationSet): void {
    destinations.outcome = undefined
    destinations.route = undefined
    this.rib.prune(destinations)
  }
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
