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
  /** Cancelled events stay in the heap and are skipped when they come up. */
  cancelled: boolean
}

export type EventKind = 'work' | 'background'

/**
 * The pending events as a binary min-heap, ordered by (atNs, origin name, sequence within the origin).
 *
 * Events that are due at the same nanosecond run in an order that depends only on who scheduled them and in which order
 * that one did, never on the order in which independent parts of the lab happened to be built.
 */
export class EventQueue {
  readonly #heap: ScheduledEvent[] = []

  get size(): number {
    return this.#heap.length
  }

  peek(): ScheduledEvent | undefined {
    return this.#heap[0]
  }

  /** The events in heap order, cancelled ones included. */
  snapshot(): readonly ScheduledEvent[] {
    return this.#heap
  }

  push(event: ScheduledEvent): void {
    const heap = this.#heap
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  pop(): ScheduledEvent | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs
  if (a.origin === b.origin) return a.sequence < b.sequence
  return a.origin.name < b.origin.name
}
