import type { Origin } from './origin.ts'

/** One thing that will happen. Held by its scheduler as a handle for `cancel`. */
export interface ScheduledEvent {
  /** Simulated instant, nanoseconds. */
  readonly atNs: number
  readonly origin: Origin
  /** Position among the events of the same origin. */
  readonly sequence: number
  /** Work keeps the simulation unsettled; background (keepalives, ageing, lease renewals) does not. */
  readonly kind: EventKind
  readonly action: () => void
  /** Cancelled events stay in the queue and are skipped when they come up. */
  cancelled: boolean
}

export type EventKind = 'work' | 'background'

/**
 * A binary min-heap of events, ordered by (atNs, origin name, sequence within the origin).
 *
 * The instants lie beside the events in an array of their own: nearly all comparisons need nothing else of an event.
 */
export class EventHeap {
  #heap: ScheduledEvent[] = []
  #times = new Float64Array(1024)

  get size(): number {
    return this.#heap.length
  }

  peek(): ScheduledEvent | undefined {
    return this.#heap[0]
  }

  /** The events in heap order, cancelled ones included. */
  events(): readonly ScheduledEvent[] {
    return this.#heap
  }

  /** Empties the heap; returns what was in it, in no useful order. */
  takeAll(): ScheduledEvent[] {
    const events = this.#heap
    this.#heap = []
    return events
  }

  push(event: ScheduledEvent): void {
    const heap = this.#heap
    const { atNs } = event
    let index = heap.push(event) - 1
    if (heap.length > this.#times.length) this.#grow()
    const times = this.#times
    while (index > 0) {
      const parent = (index - 1) >> 1
      const parentAtNs = times[parent]!
      if (parentAtNs < atNs || (parentAtNs === atNs && !isBeforeAtSameTime(event, heap[parent]!))) break
      heap[index] = heap[parent]!
      times[index] = parentAtNs
      index = parent
    }
    heap[index] = event
    times[index] = atNs
  }

  pop(): ScheduledEvent | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    const times = this.#times
    const { length } = heap
    const { atNs } = last
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      let childAtNs = times[child]!
      const other = child + 1
      if (other < length) {
        const otherAtNs = times[other]!
        if (otherAtNs < childAtNs || (otherAtNs === childAtNs && isBeforeAtSameTime(heap[other]!, heap[child]!))) {
          child = other
          childAtNs = otherAtNs
        }
      }
      if (childAtNs > atNs || (childAtNs === atNs && !isBeforeAtSameTime(heap[child]!, last))) break
      heap[index] = heap[child]!
      times[index] = childAtNs
      index = child
    }
    heap[index] = last
    times[index] = atNs
    return first
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#times.length)
    times.set(this.#times)
    this.#times = times
  }
}

function isBeforeAtSameTime(a: ScheduledEvent, b: ScheduledEvent): boolean {
  if (a.origin === b.origin) return a.sequence < b.sequence
  return a.origin.name < b.origin.name
}
