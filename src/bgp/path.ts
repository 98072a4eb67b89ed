import type { Ipv4Address } from '../wire/address.ts'
import type { Attributes, NextHopChange } from './attributes.ts'
import type { NextHopEntry } from './next-hop.ts'
import type { Destination } from './rib.ts'
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

/** What paths have of the message, or the statement, that brought them; all prefixes of an UPDATE share one. */
export interface PathNews {
  readonly peer: PathPeer
  readonly kind: PathOrigin
  readonly attributes: Attributes
  readonly weight: number
  readonly tag: number | undefined
  readonly distance: number | undefined
  /** What a route-map did to the next hop when the path came in. */
  readonly nextHopChange: NextHopChange
  /** Interface of a redistributed route. */
  readonly interface: string | undefined
  readonly atNs: number
}

/** Whether a peer repeats itself. */
export function saysTheSame(before: PathNews, news: PathNews): boolean {
  return before.attributes === news.attributes && before.weight === news.weight && before.tag === news.tag
}

/** What few paths have: it lies beside them. */
interface PathExtras {
  importCheck: PrefixTracking | undefined
  sourceProtocol: string
  suppressors: number
  igpMetric: number
}

const NO_EXTRAS: Readonly<PathExtras> = { importCheck: undefined, sourceProtocol: 'bgp', suppressors: 0, igpMetric: 0 }

const EXTRAS = new WeakMap<Path, PathExtras>()

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
const HAD_NEXT_HOP = 1 << 9
const HAS_EXTRAS = 1 << 20
const CHOSEN = 1 << 21
const USABLE = 1 << 22
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

const STEP_NUMBERS = new Map(STEPS.map((step, number) => [step, number]))

/**
 * One path of a destination. Mutable: an update of the same peer changes it in place, as FRR does. A large fabric holds
 * millions, so that every field counts: what is yes or no lies in one integer, what came in one UPDATE is shared, what few
 * have lies elsewhere, and there are no private methods, for which the engine would add a field to each object.
 */
export class Path {
  readonly destination: Destination
  news: PathNews
  nextHop: NextHopEntry | undefined = undefined
  #state = UNSORTED

  constructor(destination: Destination, news: PathNews) {
    this.destination = destination
    this.news = news
  }

  get peer(): PathPeer {
    return this.news.peer
  }

  get kind(): PathOrigin {
    return this.news.kind
  }

  get attributes(): Attributes {
    return this.news.attributes
  }

  get weight(): number {
    return this.news.weight
  }

  get tag(): number | undefined {
    return this.news.tag
  }

  get distance(): number | undefined {
    return this.news.distance
  }

  get nextHopChange(): NextHopChange {
    return this.news.nextHopChange
  }

  get interface(): string | undefined {
    return this.news.interface
  }

  get updatedAtNs(): number {
    return this.news.atNs
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

  set isMultipath(value: boolean) {
    Path.#put(this, MULTIPATH, value)
  }

  /** The decision that runs has chosen it to be used; gone when that is over. */
  get isChosen(): boolean {
    return (this.#state & CHOSEN) !== 0
  }

  set isChosen(value: boolean) {
    Path.#put(this, CHOSEN, value)
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
    return Path.#extrasOf(this).igpMetric
  }

  set igpMetric(metric: number) {
    if (metric !== this.igpMetric) Path.#ownExtrasOf(this).igpMetric = metric
  }

  get importCheck(): PrefixTracking | undefined {
    return Path.#extrasOf(this).importCheck
  }

  set importCheck(tracking: PrefixTracking | undefined) {
    if (tracking !== this.importCheck) Path.#ownExtrasOf(this).importCheck = tracking
  }

  /** Protocol of a redistributed route. */
  get sourceProtocol(): string {
    return Path.#extrasOf(this).sourceProtocol
  }

  set sourceProtocol(protocol: string) {
    if (protocol !== this.sourceProtocol) Path.#ownExtrasOf(this).sourceProtocol = protocol
  }

  /** Number of aggregates that suppress it. */
  get suppressors(): number {
    return Path.#extrasOf(this).suppressors
  }

  set suppressors(count: number) {
    if (count !== this.suppressors) Path.#ownExtrasOf(this).suppressors = count
  }

  /** Takes part in the decision: valid, there, and from a session that is up or whose peer restarts gracefully. */
  get isUsable(): boolean {
    return (this.#state & (VALID | REMOVED)) === VALID && (this.peer.isEstablished || this.isStale)
  }

  get isLocal(): boolean {
    return this.kind !== 'learned'
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
    path.#state = (path.#state & ~(STEP_MASK << shift)) | (STEP_NUMBERS.get(step)! << shift)
  }

  static #extrasOf(path: Path): Readonly<PathExtras> {
    return (path.#state & HAS_EXTRAS) === 0 ? NO_EXTRAS : EXTRAS.get(path)!
  }

  static #ownExtrasOf(path: Path): PathExtras {
    if ((path.#state & HAS_EXTRAS) !== 0) return EXTRAS.get(path)!
    const extras = { ...NO_EXTRAS }
    EXTRAS.set(path, extras)
    path.#state |= HAS_EXTRAS
    return extras
  }
}
