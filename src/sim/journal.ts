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

/** Entries of one instant that differ only in what they are about; they become entries when somebody reads the journal. */
class Burst {
  readonly atNs: number
  readonly node: string
  readonly kind: string
  readonly subjects: readonly unknown[]
  readonly common: unknown
  readonly describe: Describe

  constructor(
    atNs: number,
    node: string,
    kind: string,
    subjects: readonly unknown[],
    common: unknown,
    describe: Describe,
  ) {
    this.atNs = atNs
    this.node = node
    this.kind = kind
    this.subjects = subjects
    this.common = common
    this.describe = describe
  }

  entries(): readonly JournalEntry[] {
    return this.subjects.map(subject => new BurstEntry(this, subject))
  }
}

type Describe = (subject: unknown, common: unknown) => Detail

/** An entry whose detail is put together when somebody reads it: most entries are never read. */
class BurstEntry implements JournalEntry {
  readonly atNs: number
  readonly node: string
  readonly kind: string
  readonly #burst: Burst
  readonly #subject: unknown

  constructor(burst: Burst, subject: unknown) {
    this.atNs = burst.atNs
    this.node = burst.node
    this.kind = burst.kind
    this.#burst = burst
    this.#subject = subject
  }

  get detail(): Detail {
    return this.#burst.describe(this.#subject, this.#burst.common)
  }

  toJSON(): JournalEntry {
    const { atNs, node, kind, detail } = this
    return { atNs, node, kind, detail }
  }
}

const DEFAULT_SIZE = 100_000

/**
 * Append-only record of what happened and why. When twice its size has come together, the older half falls off.
 */
export class Journal {
  readonly #now: () => number
  readonly #size: number
  /** What is kept, and perhaps a little more. */
  #records: (JournalEntry | Burst)[] = []
  /** How many entries the records stand for. */
  #held = 0
  /** How many entries there have been. */
  #total = 0
  #hasBursts = false

  constructor(now: () => number, size = DEFAULT_SIZE) {
    this.#now = now
    this.#size = size
  }

  record(node: string, kind: string, detail: Detail = {}): void {
    this.#add({ atNs: this.#now(), node, kind, detail }, 1)
  }

  /**
   * For what happens very often: an entry for each subject, put together when it is read. Subjects and what they have in common
   * must stay what they are.
   */
  recordEach<Subject, Common>(
    node: string,
    kind: string,
    subjects: readonly Subject[],
    common: Common,
    describe: (subject: Subject, common: Common) => Detail,
  ): void {
    this.#add(new Burst(this.#now(), node, kind, subjects, common, describe as Describe), subjects.length)
    this.#hasBursts = true
  }

  #add(record: JournalEntry | Burst, count: number): void {
    this.#records.push(record)
    this.#held += count
    this.#total += count
    if (this.#held >= 3 * this.#size) this.#forget()
  }

  /** Lets records go that are all about entries which have fallen off. */
  #forget(): void {
    const kept = this.#total - this.dropped
    let gone = 0
    for (;;) {
      const count = countOf(this.#records[gone]!)
      if (this.#held - count < kept) break
      this.#held -= count
      gone += 1
    }
    this.#records = this.#records.slice(gone)
  }

  /** Entries that are still kept, oldest first. */
  get entries(): readonly JournalEntry[] {
    const kept = this.#total - this.dropped
    if (this.#hasBursts || this.#held !== kept) {
      const entries = this.#records.flatMap(record => (record instanceof Burst ? record.entries() : record))
      this.#records = entries.slice(entries.length - kept)
      this.#held = kept
      this.#hasBursts = false
    }
    return this.#records as JournalEntry[]
  }

  /** How many entries have fallen off. */
  get dropped(): number {
    return Math.max(0, Math.floor(this.#total / this.#size) - 1) * this.#size
  }
}

function countOf(record: JournalEntry | Burst): number {
  return record instanceof Burst ? record.subjects.length : 1
}
