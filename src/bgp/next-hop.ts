import type { Ipv4Address } from '../wire/address.ts'
import type { Path } from './path.ts'
import type { NextHopTracking, RouteManager } from './route-manager.ts'

/**
 * The next-hop cache (FRR bgpd/bgp_nht.c): one tracked entry per address, shared by the paths through it and by the session
 * with it. A path or session that demands a connected route makes the entry demand it for all, as in FRR.
 */
export class NextHopCache {
  readonly #routes: RouteManager
  readonly #now: () => number
  readonly #onChange: (entry: NextHopEntry) => void
  readonly #entries = new Map<Ipv4Address, NextHopEntry>()

  /** @param onChange runs synchronously when validity or metric of an entry changes */
  constructor(routes: RouteManager, now: () => number, onChange: (entry: NextHopEntry) => void) {
    this.#routes = routes
    this.#now = now
    this.#onChange = onChange
  }

  /** Whether the address is tracked already, so that its state is known at once. */
  has(address: Ipv4Address): boolean {
    return this.#entries.has(address)
  }

  /** The entry of an address for paths of the table; `connectedOnly` as their session demands. */
  entryFor(address: Ipv4Address, connectedOnly: boolean): NextHopEntry {
    return this.#entryFor(address, connectedOnly, false)
  }

  /** The path is told of changes of its entry from now on. */
  track(path: Path): void {
    if (!path.isTracked) path.nextHopEntry?.paths.add(path)
  }

  /** The entry of the address of a session's peer. */
  useSession(address: Ipv4Address, session: NextHopSession, connectedOnly: boolean): NextHopEntry {
    const entry = this.#entryFor(address, connectedOnly, true)
    entry.session = session
    return entry
  }

  /** The path is not told any more; an entry nobody uses is dropped. */
  untrack(path: Path): void {
    const entry = path.nextHopEntry
    if (!path.isTracked || entry === undefined) return
    path.isTracked = false
    entry.paths.removed()
    this.#dropUnused(entry)
  }

  releaseSession(entry: NextHopEntry, session: NextHopSession): void {
    if (entry.session === session) entry.session = undefined
    this.#dropUnused(entry)
  }

  /** By address. */
  sorted(): NextHopEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.address - b.address)
  }

  /** Tracks nothing any more. */
  stop(): void {
    for (const entry of this.#entries.values()) entry.tracking?.stop()
    this.#entries.clear()
  }

  #entryFor(address: Ipv4Address, connectedOnly: boolean, isForSession: boolean): NextHopEntry {
    let entry = this.#entries.get(address)
    if (entry === undefined) {
      entry = new NextHopEntry(address, connectedOnly, this.#now())
      this.#entries.set(address, entry)
      this.#track(entry)
    } else if (connectedOnly !== entry.connectedOnly && (connectedOnly || isForSession)) {
      entry.connectedOnly = connectedOnly
      entry.tracking?.stop()
      this.#track(entry)
      this.#onChange(entry)
    }
    return entry
  }

  #dropUnused(entry: NextHopEntry): void {
    if (entry.session !== undefined || entry.paths.size > 0) return
    entry.tracking?.stop()
    entry.tracking = undefined
    this.#entries.delete(entry.address)
  }

  #track(entry: NextHopEntry): void {
    entry.tracking = this.#routes.trackNextHop(entry.address, { connectedOnly: entry.connectedOnly }, () => {
      entry.updatedAtNs = this.#now()
      this.#onChange(entry)
    })
  }
}

/** A session that waits for its peer's address to be reachable. */
export interface NextHopSession {
  onNextHopChange(isValid: boolean): void
}

/**
 * The paths that have a next hop. One slot of an array for each, as there are very many:
 * those that have left are found out by what they say of themselves and swept out together.
 */
class NextHopPaths {
  readonly #entry: NextHopEntry
  #paths: Path[] = []
  #size = 0

  constructor(entry: NextHopEntry) {
    this.#entry = entry
  }

  get size(): number {
    return this.#size
  }

  add(path: Path): void {
    // one that has been here before must not be seen at its old place again
    if (path.hadNextHop && this.#paths.length > this.#size) this.#sweep()
    this.#paths.push(path)
    this.#size += 1
    path.hadNextHop = true
    path.isTracked = true
  }

  removed(): void {
    this.#size -= 1
    if (this.#paths.length > 2 * this.#size) this.#sweep()
  }

  /** The latest first: the order in which bgpd visits them (path_nh_map and evaluate_paths, bgpd/bgp_nht.c; recorded on 8.4.4). */
  all(): readonly Path[] {
    return this.#paths.filter(path => this.#isHere(path)).reverse()
  }

  #isHere(path: Path): boolean {
    return path.isTracked && path.nextHopEntry === this.#entry
  }

  #sweep(): void {
    this.#paths = this.#size === 0 ? [] : this.#paths.filter(path => this.#isHere(path))
  }
}

export class NextHopEntry {
  readonly address: Ipv4Address
  connectedOnly: boolean
  tracking: NextHopTracking | undefined
  readonly paths = new NextHopPaths(this)
  session: NextHopSession | undefined
  updatedAtNs: number

  constructor(address: Ipv4Address, connectedOnly: boolean, atNs: number) {
    this.address = address
    this.connectedOnly = connectedOnly
    this.updatedAtNs = atNs
  }

  get isValid(): boolean {
    return this.tracking?.isValid ?? false
  }

  get metric(): number {
    return this.tracking?.isValid ? this.tracking.metric : 0
  }
}
