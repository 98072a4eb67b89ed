import type { ScheduledEvent } from './event-queue.ts'
import type { Origin } from './origin.ts'
import type { Simulator } from './simulator.ts'

/** The part of xstate's Clock that actors use. Delays are nanoseconds. */
export interface SimulatorClock {
  setTimeout(callback: (...args: unknown[]) => void, delayNs: number): ScheduledEvent
  clearTimeout(event: ScheduledEvent): void
}

/**
 * The simulator as an xstate clock, so that `after` and delayed events run in simulated time. xstate's own SimulatedClock
 * is not used: it moves its time to the end first and fires afterwards.
 */
export function simulatorClock(simulator: Simulator, origin: Origin): SimulatorClock {
  return {
    setTimeout: (callback, delayNs) => simulator.schedule(origin, Math.round(delayNs), callback, 'background'),
    clearTimeout: event => simulator.cancel(event),
  }
}
