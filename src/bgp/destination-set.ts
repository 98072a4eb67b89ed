import type { Path, PathPeer } from './path.ts'
import type { BgpRoute } from './route-manager.ts'
import type { DecisionStep, PathOrigin } from './snapshot.ts'

/** What a decision run means for each prefix of a set. */
export interface DecisionOutcome {
  /** Another best path, or the same one with other attributes: peers are told. */
  readonly isNewBest: boolean
  /** Zebra is told. */
  readonly isNewRoute: boolean
  readonly multipath: readonly Path[]
}

/**
 * Destinations (RFC 4271 §1.1, the prefixes of a route) that have had one history: the same paths, in the same order, and the
 * same choice among them. What came in one UPDATE mostly stays together for ever, so that a fabric has a tenth or a hundredth of
 * the paths, and its decision process of the work. An update that concerns some of the prefixes only splits the set.
 */
export class DestinationSet {
  /** Numbers of the prefixes, without repetition. The list may be shared: it is replaced, never changed. */
  numbers: readonly number[]
  /** In list order. */
  paths: Path[] = []
  best: Path | undefined
  reason: DecisionStep | 'first' | 'none' = 'none'
  /** All its prefixes wait for the next decision run. */
  isQueued = false
  /** Paths came since the last run. */
  hasGrown = false
  /** Paths are to go with the next run. */
  hasShrunk = false
  isInstalled = false
  /** What came out of the decision run that lasts. */
  outcome: DecisionOutcome | undefined
  /** For the route manager, worked out when the first prefix asks for it. */
  route: BgpRoute | undefined

  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }

  /** The paths in use, the best first. Worked out of their marks: a list of each set's own would cost as much again. */
  get multipath(): readonly Path[] {
    const { best } = this
    if (best === undefined) return []
    return best.isMultipath ? [best, ...this.paths.filter(path => path.isMultipath && path !== best)] : [best]
  }

  /** The path of a peer, be it one that is about to go. */
  find(peer: PathPeer, kind: PathOrigin): Path | undefined {
    for (const path of this.paths) if (path.peer === peer && path.kind === kind) return path
    return undefined
  }

  /** A set with the same state for some of the prefixes; the caller takes them away from this one. Not while a run lasts. */
  copyFor(numbers: readonly number[]): DestinationSet {
    const copy = new DestinationSet(numbers)
    for (const path of this.paths) {
      const twin = path.copyFor(copy)
      copy.paths.push(twin)
      if (path === this.best) copy.best = twin
    }
    copy.reason = this.reason
    copy.isQueued = this.isQueued
    copy.hasShrunk = this.hasShrunk
    copy.isInstalled = this.isInstalled
    return copy
  }
}
