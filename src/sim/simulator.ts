import { assert } from '../assert.ts'
import { type EventKind, EventQueue, type ScheduledEvent } from './event-queue.ts'
import { Journal } from './journal.ts'
import type { Origin } from './origin.ts'
import { Random } from './random.ts'

export interface SimulatorOptions {
  /** Source of every random choice. Default 1. */
  readonly seed?: number
  /** What the simulated wall clock shows at instant 0, milliseconds since the epoch. Default 2025-01-01T00:00:00Z. */
  readonly epochMs?: number
  /** Most events one run may take before it is stopped. Default 50 million. */
  readonly maxEvents?: number
  /** Most journal entries kept; older ones are dropped. */
  readonly journalSize?: number
  /**
   * By what names origins order events and random choices are drawn: so that a lab that was only renamed runs as the other.
   * One to one.
   */
  readonly rename?: (label: string) => string
}

/** Why a run came back. `quiet`: no work is pending. `deadline`: the time asked for is reached. `events`: the limit is hit. */
export type RunOutcome = 'quiet' | 'deadline' | 'events'

const DEFAULT_EPOCH_MS = Date.UTC(2025, 0, 1)
const DEFAULT_MAX_EVENTS = 50_000_000

/**
 * The discrete-event kernel: a clock in integer nanoseconds and the pending events. It knows no networks.
 *
 * An event scheduled without a kind inherits the kind of the event that is running, so what a keepalive causes is
 * background too. Code that reacts to news (a session came up, a route changed) schedules with `work`.
 */
export class Simulator {
  readonly random: Random
  readonly journal: Journal
  readonly epochMs: number
  readonly #queue = new EventQueue()
  readonly #origins = new Map<string, Origin>()
  readonly #maxEvents: number
  readonly #rename: ((label: string) => string) | undefined
  #nowNs = 0
  #pendingWork = 0
  #executed = 0
  #currentKind: EventKind = 'work'
  #deadlineNs = 0

  constructor(options: SimulatorOptions = {}) {
    this.random = new Random(options.seed ?? 1, options.rename)
    this.epochMs = options.epochMs ?? DEFAULT_EPOCH_MS
    this.#rename = options.rename
    this.#maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS
    this.journal = new Journal(() => this.#nowNs, options.journalSize)
  }

  /** The present instant, nanoseconds since the start. */
  get nowNs(): number {
    return this.#nowNs
  }

  /** What a wall clock inside the lab shows, milliseconds since the epoch (fractions kept). */
  get wallMs(): number {
    return this.epochMs + this.#nowNs / 1e6
  }

  /** The instant to which the present or last run goes at most. */
  get deadlineNs(): number {
    return this.#deadlineNs
  }

  /** Number of events executed so far. */
  get executedEvents(): number {
    return this.#executed
  }

  /** Number of pending work events: zero means settled. */
  get pendingWork(): number {
    return this.#pendingWork
  }

  /** The origin with this name, made on first use. */
  origin(name: string): Origin {
    let origin = this.#origins.get(name)
    if (origin === undefined) {
      origin = { name: this.#rename?.(name) ?? name, nextSequence: 0 }
      this.#origins.set(name, origin)
    }
    return origin
  }

  /** Schedules `action` in `delayNs` (integer, not negative). Returns the handle for `cancel`. */
  schedule(origin: Origin, delayNs: number, action: () => void, kind: EventKind = this.#currentKind): ScheduledEvent {
    assert(Number.isSafeInteger(delayNs) && delayNs >= 0, 'delay must be an integer of nanoseconds')
    const event: ScheduledEvent = {
      atNs: this.#nowNs + delayNs,
      origin,
      sequence: origin.nextSequence++,
      kind,
      action,
      cancelled: false,
    }
    this.#queue.push(event)
    if (kind === 'work') this.#pendingWork += 1
    return event
  }

  /** Takes an event back. Cancelling twice, or after it ran, does nothing. */
  cancel(event: ScheduledEvent | undefined): void {
    if (event === undefined || event.cancelled) return
    event.cancelled = true
    if (event.kind === 'work') this.#pendingWork -= 1
  }

  /** Executes the next event. False when there is none. */
  step(): boolean {
    const next = this.#peek()
    if (next === undefined) return false
    this.#queue.pop()
    this.#execute(next)
    return true
  }

  /** Runs everything due up to and including `atNs`, then sets the clock to it. */
  runUntil(atNs: number): RunOutcome {
    return this.runWhile(() => true, atNs)
  }

  /** Runs until no work is pending, at most until `deadlineNs`. */
  runUntilQuiet(deadlineNs: number): RunOutcome {
    return this.runWhile(() => this.#pendingWork > 0, deadlineNs)
  }

  /**
   * Runs while `goOn()` holds, checked before every event. `quiet` means that it ceased to hold; otherwise the clock ends
   * at `deadlineNs`.
   */
  runWhile(goOn: () => boolean, deadlineNs: number): RunOutcome {
    this.#deadlineNs = deadlineNs
    while (goOn()) {
      const next = this.#peek()
      if (next === undefined || next.atNs > deadlineNs) {
        this.#nowNs = Math.max(this.#nowNs, deadlineNs)
        return 'deadline'
      }
      if (this.#executed >= this.#maxEvents) return 'events'
      this.#queue.pop()
      this.#execute(next)
    }
    return 'quiet'
  }

  /** Runs `action` now with events scheduled inside it counted as `kind` unless they say otherwise. */
  as(kind: EventKind, action: () => void): void {
    const outer = this.#currentKind
    this.#currentKind = kind
    try {
      action()
    } finally {
      this.#currentKind = outer
    }
  }

  /** The pending work events, soonest first: what a run that does not settle is waiting for. */
  pendingWorkOrigins(): readonly string[] {
    const names = new Set<string>()
    const copy = this.#queue.snapshot()
    for (const event of copy) if (!event.cancelled && event.kind === 'work') names.add(event.origin.name)
    return [...names].sort()
  }

  #peek(): ScheduledEvent | undefined {
    for (;;) {
      const next = this.#queue.peek()
      if (next === undefined || !next.cancelled) return next
      this.#queue.pop()
    }
  }

  #execute(event: ScheduledEvent): void {
    assert(event.atNs >= this.#nowNs, 'time must not go back')
    this.#nowNs = event.atNs
    this.#executed += 1
    if (event.kind === 'work') this.#pendingWork -= 1
    event.cancelled = true // so that a later cancel does not count it again
    const outer = this.#currentKind
    this.#currentKind = event.kind
    try {
      event.action()
    } finally {
      this.#currentKind = outer
    }
  }
}
