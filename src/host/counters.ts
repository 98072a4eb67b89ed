import type { DropReason } from './drop-reason.ts'

/** What a host counts, for `/proc/net/snmp`-like reports and for tests. */
export class Counters {
  /** Packets received for this host. */
  delivered = 0
  /** Packets passed on. */
  forwarded = 0
  /** Packets of this host's own that were sent. */
  sent = 0
  /** Packets dropped, for whatever reason. */
  totalDrops = 0
  readonly #drops = new Map<DropReason, number>()

  drop(reason: DropReason): void {
    this.totalDrops += 1
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1)
  }

  /** How many packets were dropped for this reason. */
  drops(reason: DropReason): number {
    return this.#drops.get(reason) ?? 0
  }

  /** All reasons with their counts, by name. */
  snapshot(): readonly (readonly [DropReason, number])[] {
    return [...this.#drops].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
