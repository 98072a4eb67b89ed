import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { Attributes, NextHopChange } from './attributes.ts'
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

/** One path of a destination. Mutable: an update of the same peer changes it in place, as FRR does. */
export class Path {
  readonly destination: Destination
  readonly peer: PathPeer
  readonly kind: PathOrigin
  attributes: Attributes
  weight: number
  tag: number | undefined
  distance: number | undefined
  /** What a route-map did to the next hop when the path came in. */
  nextHopChange: NextHopChange = 'none'
  /** Interface of a redistributed route. */
  interface: string | undefined
  isValid = false
  /** Withdrawn, waiting for the next decision run. */
  isRemoved = false
  isStale = false
  isSelected = false
  isMultipath = false
  /** Won its neighbour AS under deterministic-med. */
  isAsWinner = false
  hasChangedAttributes = false
  hasChangedMetric = false
  /** Waits for its place in the sorted list (FRR 10.1 and later). */
  isUnsorted = true
  igpMetric = 0
  nextHop: NextHopEntry | undefined
  importCheck: PrefixTracking | undefined
  /** Protocol of a redistributed route. */
  sourceProtocol = 'bgp'
  updatedAtNs: number
  /** Number of aggregates that suppress it. */
  suppressors = 0
  /** Where it lost against the best path in the last run. */
  lostStep: DecisionStep | undefined
  /** FRR 10.1 and later: why it stands where it stands. */
  reason: DecisionStep | 'first' | undefined

  constructor(
    destination: Destination,
    peer: PathPeer,
    kind: PathOrigin,
    options: { attributes: Attributes; weight: number; atNs: number },
  ) {
    this.destination = destination
    this.peer = peer
    this.kind = kind
    this.attributes = options.attributes
    this.weight = options.weight
    this.updatedAtNs = options.atNs
  }

  /** Takes part in the decision: valid, there, and from a session that is up or whose peer restarts gracefully. */
  get isUsable(): boolean {
    return this.isValid && !this.isRemoved && (this.peer.isEstablished || this.isStale)
  }

  get isLocal(): boolean {
    return this.kind !== 'learned'
  }
}

/** A prefix with its paths in list order. */
export class Destination {
  readonly prefix: Prefix
  paths: Path[] = []
  best: Path | undefined
  /** The best path first. */
  multipath: readonly Path[] = []
  version = 0
  reason: DecisionStep | 'first' | 'none' = 'none'
  isQueued = false
  isInstalled = false

  constructor(prefix: Prefix) {
    this.prefix = prefix
  }

  find(peer: PathPeer, kind: PathOrigin): Path | undefined {
    for (const path of this.paths) if (path.peer === peer && path.kind === kind) return path
    return undefined
  }
}

/** The table of one address family. */
export class Rib {
  readonly #destinations = new Map<Prefix, Destination>()
  /** Number of best-path changes. */
  version = 0

  get(prefix: Prefix): Destination | undefined {
    return this.#destinations.get(prefix)
  }

  getOrAdd(prefix: Prefix): Destination {
    let destination = this.#destinations.get(prefix)
    if (destination === undefined) {
      destination = new Destination(prefix)
      this.#destinations.set(prefix, destination)
    }
    return destination
  }

  /** Forgets a destination that has no path any more. */
  prune(destination: Destination): void {
    if (destination.paths.length === 0) this.#destinations.delete(destination.prefix)
  }

  get size(): number {
    return this.#destinations.size
  }

  /** By address, the shorter prefix first. */
  sorted(): Destination[] {
    return [...this.#destinations.values()].sort((a, b) => a.prefix - b.prefix)
  }

  /** In no useful order: for scans whose result does not depend on it. */
  all(): Iterable<Destination> {
    return this.#destinations.values()
  }
}
