/** One line of what happened. `detail` values are plain data so that two runs can be compared byte for byte. */
export interface JournalEntry {
  readonly atNs: number
  /** The node (or other origin) it happened at. */
  readonly node: string
  /** Dotted kind: `bgp.session`, `route.add`, `neighbor.state`, `packet.drop` … */
  readonly kind: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

const DEFAULT_SIZE = 100_000

/** Append-only record of what happened and why; the oldest entries fall off beyond its size. */
export class Journal {
  readonly #now: () => number
  readonly #size: number
  #entries: JournalEntry[] = []
  #dropped = 0

  constructor(now: () => number, size = DEFAULT_SIZE) {
    this.#now = now
    this.#size = size
  }

  record(node: string, kind: string, detail: JournalEntry['detail'] = {}): void {
    this.#entries.push({ atNs: this.#now(), node, kind, detail })
    if (this.#entries.length >= 2 * this.#size) {
      this.#dropped += this.#size
      this.#entries = this.#entries.slice(this.#size)
    }
  }

  /** Entries that are still kept, oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries
  }

  /** How many entries have fallen off. */
  get dropped(): number {
    return this.#dropped
  }
}
