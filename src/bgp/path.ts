import { type Ipv4Address, UNSPECIFIED } from '../wire/address.ts'
import type { Attributes, NextHopChange } from './attributes.ts'
import type { DestinationSet } from './destination-set.ts'
import type { NextHopEntry } from './next-hop.ts'
import type { PrefixTracking } from './route-manager.ts'
import type { DecisionStep, PathOrigin } from './snapshot.ts'

/** What the decision asks of a path's sender; `SELF` stands for the speaker itself. */
export interface PathPeer {
  readonly type: PeerType
  readonly address: Ipv4Address | undefined
  readonly remoteAsn: number
  readonly remoteRouterId: Ipv4Address
  readonly isEstablished: boolean
  readonly isReflectorClient: boolean
  readonly isRouteServerClient: boolean
}

/** `confed`: another member AS of the own confederation. */
export type PeerType = 'ibgp' | 'ebgp' | 'confed' | 'self'

/** An instant; what happens at it shares one object. */
export interface Moment {
  readonly atNs: number
}

/** What policy, or a statement, may set beside the attributes. */
export interface PathSettings {
  readonly nextHop: Ipv4Address
  readonly weight: number
  readonly tag: number | undefined
  readonly distance: number | undefined
  /** What a route-map did to the next hop when the path came in. */
  readonly nextHopChange: NextHopChange
  /** Interface of a redistributed route. */
  readonly interface: string | undefined
}

/** What the message, or the statement, says that brings a path in or changes it. */
export interface PathNews {
  readonly attributes: Attributes
  readonly settings: PathSettings
  readonly moment: Moment
}

/** What few paths have: all others share the default. The next hop is here where no entry of the cache tells it. */
interface PathExtras extends PathSettings {
  readonly importCheck: PrefixTracking | undefined
  readonly sourceProtocol: string
  readonly suppressors: number
  readonly igpMetric: number
}

/** Nothing set. */
export const NO_SETTINGS: PathSettings = {
  nextHop: UNSPECIFIED,
  weight: 0,
  tag: undefined,
  distance: undefined,
  nextHopChange: 'none',
  interface: undefined,
}

const NO_EXTRAS: PathExtras = {
  ...NO_SETTINGS,
  importCheck: undefined,
  sourceProtocol: 'bgp',
  suppressors: 0,
  igpMetric: 0,
}

/** Bits of a path's state. */
const VALID = 1 << 0
const REMOVED = 1 << 1
const STALE = 1 << 2
const SELECTED = 1 << 3
const MULTIPATH = 1 << 4
const AS_WINNER = 1 << 5
const CHANGED_ATTRIBUTES = 1 << 6
const CHANGED_METRIC = 1 << 7
const UNSORTED = 1 << 8
const TRACKED = 1 << 9
const HAD_NEXT_HOP = 1 << 20
const CHOSEN = 1 << 21
const USABLE = 1 << 22
/** Three bits: the number of its kind in `KINDS`. */
const KIND_SHIFT = 23
const KIND_MASK = 7
/** Five bits each: the number of a step in `STEPS`, 0 for none. */
const LOST_STEP_SHIFT = 10
const REASON_SHIFT = 15
const STEP_MASK = 31

const STEPS: readonly (DecisionStep | 'first' | undefined)[] = [
  undefined,
  'first',
  'invalid',
  'llgr-stale',
  'weight',
  'local-preference',
  'local-route',
  'as-path',
  'confed-as-path',
  'origin',
  'med',
  'peer-type',
  'igp-metric',
  'confed-peer-type',
  'older-path',
  'router-id',
  'cluster-length',
  'stale',
  'locally-configured',
  'neighbor-address',
  'nothing-left',
]

const KINDS: readonly PathOrigin[] = ['learned', 'network', 'redistributed', 'aggregate', 'originated']

const STEP_NUMBERS = new Map(STEPS.map((step, number) => [step, number]))
/** The step looked up last: most paths of a fabric lose at the same one. */
let lastStep: DecisionStep | 'first' | undefined
let lastStepNumber = 0

/**
 * One path to the destinations of a set. Mutable: an update of the same peer changes it in place, as FRR does. A large fabric
 * holds millions, so that every field counts: what is yes or no lies in one integer, what few have lies elsewhere, and there are
 * no private methods, for which the engine would add a field to each object.
 */
export class Path {
  readonly destinations: DestinationSet
  readonly peer: PathPeer
  attributes: Attributes
  /** Of the next-hop cache; undefined for own paths, and where the next hop would lead to itself. */
  nextHopEntry: NextHopEntry | undefined = undefined
  #moment: Moment
  #extras = NO_EXTRAS
  #state = UNSORTED

  /** A path that says nothing yet but its attributes; `take` does the rest. */
  constructor(destinations: DestinationSet, peer: PathPeer, kind: PathOrigin, news: Omit<PathNews, 'settings'>) {
    this.destinations = destinations
    this.peer = peer
    this.attributes = news.attributes
    this.#moment = news.moment
    this.#state |= KINDS.indexOf(kind) << KIND_SHIFT
  }

  /**
   * Becomes what a message says; its state stays.
   *
   * @param entry that of the next hop in the cache
   */
  take(news: PathNews, entry?: NextHopEntry): void {
    this.attributes = news.attributes
    this.nextHopEntry = entry
    this.#moment = news.moment
    const { settings } = news
    const { weight, tag, distance, nextHopChange } = settings
    const nextHop = entry === undefined ? settings.nextHop : UNSPECIFIED
    const isPlain =
      nextHop === UNSPECIFIED &&
      weight === 0 &&
      tag === undefined &&
      distance === undefined &&
      nextHopChange === 'none' &&
      settings.interface === undefined
    if (isPlain && this.#extras === NO_EXTRAS) return
    this.#extras = { ...this.#extras, nextHop, weight, tag, distance, nextHopChange, interface: settings.interface }
  }

  /** Whether the message says what is known already. */
  says({ attributes, settings }: PathNews): boolean {
    return (
      this.attributes === attributes &&
      this.nextHop === settings.nextHop &&
      this.weight === settings.weight &&
      this.tag === settings.tag
    )
  }

  /** The same path to other destinations, with which things go another way from now on. Not yet among those of its next hop. */
  copyFor(destinations: DestinationSet): Path {
    const copy = new Path(destinations, this.peer, this.kind, this)
    copy.nextHopEntry = this.nextHopEntry
    copy.#extras = this.#extras
    copy.#state = this.#state & ~(TRACKED | HAD_NEXT_HOP)
    return copy
  }

  get kind(): PathOrigin {
    return KINDS[(this.#state >> KIND_SHIFT) & KIND_MASK]!
  }

  get moment(): Moment {
    return this.#moment
  }

  /** NEXT_HOP as it was received, or as policy made it; 0.0.0.0 for own routes without gateway. */
  get nextHop(): Ipv4Address {
    return this.nextHopEntry?.address ?? this.#extras.nextHop
  }

  get weight(): number {
    return this.#extras.weight
  }

  get tag(): number | undefined {
    return this.#extras.tag
  }

  get distance(): number | undefined {
    return this.#extras.distance
  }

  get nextHopChange(): NextHopChange {
    return this.#extras.nextHopChange
  }

  get interface(): string | undefined {
    return this.#extras.interface
  }

  get updatedAtNs(): number {
    return this.#moment.atNs
  }

  get isValid(): boolean {
    return (this.#state & VALID) !== 0
  }

  set isValid(value: boolean) {
    Path.#put(this, VALID, value)
  }

  /** Withdrawn, waiting for the next decision run. */
  get isRemoved(): boolean {
    return (this.#state & REMOVED) !== 0
  }

  set isRemoved(value: boolean) {
    Path.#put(this, REMOVED, value)
  }

  get isStale(): boolean {
    return (this.#state & STALE) !== 0
  }

  set isStale(value: boolean) {
    Path.#put(this, STALE, value)
  }

  get isSelected(): boolean {
    return (this.#state & SELECTED) !== 0
  }

  set isSelected(value: boolean) {
    Path.#put(this, SELECTED, value)
  }

  get isMultipath(): boolean {
    return (this.#state & MULTIPATH) !== 0
  }

  /** The decision that runs has chosen it to be used beside others; `adoptChoice` ends that. */
  choose(): void {
    this.#state |= CHOSEN
  }

  /** Is a multipath from now on if it was chosen. Whether that is new, or it is one whose route has changed. */
  adoptChoice(): boolean {
    const state = this.#state
    const isMember = (state & CHOSEN) !== 0
    const wasMember = (state & MULTIPATH) !== 0
    this.#state = (state & ~(CHOSEN | MULTIPATH)) | (isMember ? MULTIPATH : 0)
    return isMember !== wasMember || (isMember && (state & (CHANGED_METRIC | CHANGED_ATTRIBUTES)) !== 0)
  }

  /** A decision has taken its changes in. */
  forgetChanges(): void {
    this.#state &= ~(CHANGED_METRIC | CHANGED_ATTRIBUTES)
  }

  /** Won its neighbour AS under deterministic-med. */
  get isAsWinner(): boolean {
    return (this.#state & AS_WINNER) !== 0
  }

  set isAsWinner(value: boolean) {
    Path.#put(this, AS_WINNER, value)
  }

  get hasChangedAttributes(): boolean {
    return (this.#state & CHANGED_ATTRIBUTES) !== 0
  }

  set hasChangedAttributes(value: boolean) {
    Path.#put(this, CHANGED_ATTRIBUTES, value)
  }

  get hasChangedMetric(): boolean {
    return (this.#state & CHANGED_METRIC) !== 0
  }

  set hasChangedMetric(value: boolean) {
    Path.#put(this, CHANGED_METRIC, value)
  }

  /** Waits for its place in the sorted list (FRR 10.1 and later). */
  get isUnsorted(): boolean {
    return (this.#state & UNSORTED) !== 0
  }

  set isUnsorted(value: boolean) {
    Path.#put(this, UNSORTED, value)
  }

  /** Stands among the paths of its next hop. */
  get isTracked(): boolean {
    return (this.#state & TRACKED) !== 0
  }

  set isTracked(value: boolean) {
    Path.#put(this, TRACKED, value)
  }

  /** Was in the list of a next hop before. */
  get hadNextHop(): boolean {
    return (this.#state & HAD_NEXT_HOP) !== 0
  }

  set hadNextHop(value: boolean) {
    Path.#put(this, HAD_NEXT_HOP, value)
  }

  /** Where it lost against the best path in the last run. */
  get lostStep(): DecisionStep | undefined {
    return STEPS[(this.#state >> LOST_STEP_SHIFT) & STEP_MASK] as DecisionStep | undefined
  }

  set lostStep(step: DecisionStep | undefined) {
    Path.#putStep(this, LOST_STEP_SHIFT, step)
  }

  /** FRR 10.1 and later: why it stands where it stands. */
  get reason(): DecisionStep | 'first' | undefined {
    return STEPS[(this.#state >> REASON_SHIFT) & STEP_MASK]
  }

  set reason(step: DecisionStep | 'first' | undefined) {
    Path.#putStep(this, REASON_SHIFT, step)
  }

  /** Metric of the way to the next hop, or of the route that a `network` statement stands for. */
  get igpMetric(): number {
    return this.#extras.igpMetric
  }

  set igpMetric(igpMetric: number) {
    if (igpMetric !== this.igpMetric) this.#extras = { ...this.#extras, igpMetric }
  }

  get importCheck(): PrefixTracking | undefined {
    return this.#extras.importCheck
  }

  set importCheck(importCheck: PrefixTracking | undefined) {
    if (importCheck !== this.importCheck) this.#extras = { ...this.#extras, importCheck }
  }

  /** Protocol of a redistributed route. */
  get sourceProtocol(): string {
    return this.#extras.sourceProtocol
  }

  set sourceProtocol(sourceProtocol: string) {
    if (sourceProtocol !== this.sourceProtocol) this.#extras = { ...this.#extras, sourceProtocol }
  }

  /** Number of aggregates that suppress it. */
  get suppressors(): number {
    return this.#extras.suppressors
  }

  set suppressors(suppressors: number) {
    if (suppressors !== this.suppressors) this.#extras = { ...this.#extras, suppressors }
  }

  /** Takes part in the decision: valid, there, and from a session that is up or whose peer restarts gracefully. */
  get isUsable(): boolean {
    return (this.#state & (VALID | REMOVED)) === VALID && (this.peer.isEstablished || this.isStale)
  }

  get isLocal(): boolean {
    return ((this.#state >> KIND_SHIFT) & KIND_MASK) !== 0
  }

  /** Forgets what the decision before left: a new run begins. */
  resetDecision(): void {
    this.#state &= ~(USABLE | AS_WINNER | (STEP_MASK << LOST_STEP_SHIFT))
    if (this.isUsable) this.#state |= USABLE
    else this.lostStep = 'invalid'
  }

  /** `isUsable` when the decision run began: nothing changes while it lasts. */
  get takesPart(): boolean {
    return (this.#state & USABLE) !== 0
  }

  static #put(path: Path, bit: number, value: boolean): void {
    if (value) path.#state |= bit
    else path.#state &= ~bit
  }

  static #putStep(path: Path, shift: number, step: DecisionStep | 'first' | undefined): void {
    if (step !== lastStep) {
      lastStep = step
      lastStepNumber = STEP_NUMBERS.get(step)!
    }
    path.#state = (path.#state & ~(STEP_MASK << shift)) | (lastStepNumber << shift)
  }
}
