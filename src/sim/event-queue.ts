import { EventHeap, type EventKind, type ScheduledEvent } from './event-heap.ts'

export type { EventKind, ScheduledEvent }

/** A heap of this size stays in the processor's caches; more events than this are kept by span of time. */
const LARGEST_HEAP = 8192

/** Spans into which the events of the nearer future are parted. */
const SPANS = 1024

/** Of so many events it is guessed how the far future is spread. */
const SAMPLES = 64

/**
 * The pending events, ordered by (atNs, origin name, sequence within the origin).
 *
 * Events that are due at the same nanosecond run in an order that depends only on who scheduled them and in which order
 * that one did, never on the order in which independent parts of the lab happened to be built.
 *
 * Few events are one heap. Of many (a large fabric has hundreds of thousands of timers pending) only those of the nearest
 * span of time are in the heap; the rest lies unsorted, by span, and beyond the last span all together. So an event costs
 * the same with a million others pending as with a thousand: a look into a heap of that size waits for memory at each level.
 * This is a ladder queue (W. T. Tang, R. S. M. Goh, I. L.-J. Thng, 2005) with one rung.
 */
export class EventQueue {
  /** Everything before `#nearEndNs`. */
  readonly #near = new EventHeap()
  #nearEndNs = Number.POSITIVE_INFINITY
  /** Events of [start + i * width, start + (i + 1) * width), from `#nextSpan` on; earlier ones are in the heap or done. */
  #spans: ScheduledEvent[][] = []
  #spanStartNs = 0
  #spanWidthNs = 1
  #nextSpan = 0
  /** From here on events are in `#beyond`. */
  #spansEndNs = Number.POSITIVE_INFINITY
  #beyond: ScheduledEvent[] = []
  #farCount = 0

  get size(): number {
    return this.#near.size + this.#farCount
  }

  peek(): ScheduledEvent | undefined {
    const next = this.#near.peek()
    if (next !== undefined || this.#farCount === 0) return next
    this.#refill()
    return this.#near.peek()
  }

  /** All events in no useful order, cancelled ones included. */
  snapshot(): readonly ScheduledEvent[] {
    return [...this.#near.events(), ...this.#spans.slice(this.#nextSpan).flat(), ...this.#beyond]
  }

  push(event: ScheduledEvent): void {
    if (event.atNs >= this.#nearEndNs) {
      this.#pushFar(event)
      return
    }
    this.#near.push(event)
    if (this.#near.size > LARGEST_HEAP && this.#farCount === 0) this.#partHeap()
  }

  pop(): ScheduledEvent | undefined {
    if (this.peek() === undefined) return undefined
    return this.#near.pop()
  }

  #pushFar(event: ScheduledEvent): void {
    this.#farCount += 1
    if (event.atNs >= this.#spansEndNs) this.#beyond.push(event)
    else this.#spans[this.#spanOf(event.atNs)]!.push(event)
  }

  #spanOf(atNs: number): number {
    return Math.floor((atNs - this.#spanStartNs) / this.#spanWidthNs)
  }

  /** The heap has grown large and is all there is: from now on only the nearest span is in it. */
  #partHeap(): void {
    this.#beyond = this.#near.takeAll().filter(isPending)
    this.#farCount = this.#beyond.length
    this.#nextSpan = this.#spans.length
    this.#refill()
  }

  /** Takes the next span that has events into the empty heap. */
  #refill(): void {
    while (this.#near.size === 0 && this.#farCount > 0) {
      if (this.#nextSpan === this.#spans.length) this.#partBeyond()
      else this.#take(this.#nextSpan)
    }
    if (this.#farCount === 0) this.#nearEndNs = Number.POSITIVE_INFINITY
  }

  #take(span: number): void {
    const events = this.#spans[span]!
    this.#spans[span] = []
    this.#nextSpan = span + 1
    this.#nearEndNs = this.#spanStartNs + this.#nextSpan * this.#spanWidthNs
    this.#farCount -= events.length
    for (const event of events) if (!event.cancelled) this.#near.push(event)
  }

  /** All spans are done: parts the nearer part of what lies beyond into new ones. */
  #partBeyond(): void {
    const events = this.#beyond.filter(isPending)
    this.#beyond = []
    this.#farCount = 0
    if (events.length === 0) return
    const [start, width] = spread(events)
    this.#spanStartNs = start
    this.#spanWidthNs = width
    this.#spans = Array.from({ length: SPANS }, () => [])
    this.#nextSpan = 0
    this.#nearEndNs = start
    this.#spansEndNs = start + SPANS * width
    for (const event of events) this.#pushFar(event)
  }
}

function isPending(event: ScheduledEvent): boolean {
  return !event.cancelled
}

/**
 * The first instant of the events and a width of spans: the spans hold three quarters of the events, so that a few in the
 * distant future do not make them wide. The width is a power of two: dividing by it is exact.
 */
function spread(events: readonly ScheduledEvent[]): readonly [startNs: number, widthNs: number] {
  let start = Number.POSITIVE_INFINITY
  for (const { atNs } of events) if (atNs < start) start = atNs
  const step = Math.max(1, Math.floor(events.length / SAMPLES))
  const times: number[] = []
  for (let index = 0; index < events.length; index += step) times.push(events[index]!.atNs)
  times.sort((a, b) => a - b)
  const end = times[Math.floor((times.length * 3) / 4)]!
  return [start, 2 ** Math.ceil(Math.log2(Math.max(1, (end - start + 1) / SPANS)))]
}
