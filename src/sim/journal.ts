/** One line of what happened. `detail` values are plain data so that two runs can be compared byte for byte. */
export interface JournalEntry {
  readonly atNs: number
  /** The node (or other origin) it happened at. */
  readonly node: string
  /** Dotted kind: `bgp.session`, `route.add`, `neighbor.state`, `packet.drop` … */
  readonly kind: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

type Detail = JournalEntry['detail']

/** An entry whose detail is put together when somebody reads it: most entries are never read. */
class LazyEntry<Subject> implements JournalEntry {
  readonly atNs: number
  readonly node: string
  readonly kind: string
  readonly #subject: Subject
  readonly #describe: (subject: Subject) => Detail

  constructor(atNs: number, node: string, kind: string, subject: Subject, describe: (subject: Subject) => Detail) {
    this.atNs = atNs
    this.node = node
    this.kind = kind
    this.#subject = subject
    this.#describe = describe
  }

  get detail(): Detail {
    return this.#describe(this.#subject)
  }

  toJSON(): JournalEntry {
    const { atNs, node, kind, detail } = this
    return { atNs, node, kind, detail }
  }
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

  record(node: string, kind: string, detail: Detail = {}): void {
    this.#add({ atNs: this.#now(), node, kind, detail })
  }

  /** For what happens very often: the detail is put together when it is read. The subject must stay what it is. */
  recordLazily<Subject>(node: string, kind: string, subject: Subject, describe: (subject: Subject) => Detail): void {
    this.#add(new LazyEntry(this.#now(), node, kind, subject, describe))
  }

  #add(entry: JournalEntry): void {
    this.#entries.push(entry)
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
