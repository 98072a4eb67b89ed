import { assert } from '../assert.ts'
import type { History } from './history.ts'
import { perform } from './perform.ts'
import { hasReached, type World } from './world.ts'

/** Bounds of a run. */
export interface RunLimits {
  /** Aborted: the run stops where it is, within a few hundred events. */
  readonly signal?: AbortSignal
  /** Most events, for slices of a frame's length. */
  readonly maxEvents?: number
}

interface RunOptions {
  readonly untilNs: number
  /** Looked at after every event: enough. */
  readonly isOver: () => boolean
  readonly limits: RunLimits
  readonly breathe: (() => Promise<void>) | undefined
  /** A world that goes beyond the history's end widens it; others may look ahead, but nobody takes note. */
  readonly isLeader: boolean
}

/** `reached`: the instant; `over`: `isOver`; `events`: the limit; `quiet`: the simulator's own limit of events. */
export type RunEnd = 'reached' | 'over' | 'cancelled' | 'events' | 'quiet'

/** Between two looks at the signal, and two breaths: some 20 ms of a lab at work. */
const EVENTS_PER_SLICE = 100

/** Runs a world forward along its history, doing at each position the acts that were done there. */
export async function runAlong(world: World, history: History, options: RunOptions): Promise<RunEnd> {
  const { untilNs, isOver, limits, breathe, isLeader } = options
  const { simulator } = world.lab
  let left = limits.maxEvents ?? Number.POSITIVE_INFINITY
  for (;;) {
    if (limits.signal?.aborted === true) return 'cancelled'
    if (isOver()) return 'over'
    if (left <= 0) return 'events'
    const { frontier } = history
    const next = history.acts[world.applied]
    const isKnown = next !== undefined || !hasReached(world.position, frontier)
    world.isExploring = isLeader && !isKnown
    const endNs = Math.min(untilNs, next?.atNs ?? untilNs, isKnown ? frontier.atNs : untilNs)
    const start = simulator.executedEvents
    const most = Math.min(EVENTS_PER_SLICE, left)
    const outcome = await world.advance(
      () =>
        simulator.executedEvents - start < most &&
        !isOver() &&
        !(isKnown && next === undefined && hasReached(world.position, frontier)),
      Math.max(endNs, simulator.nowNs),
    )
    left -= simulator.executedEvents - start
    if (world.isExploring) history.see(world.position)
    if (outcome === 'events') return 'quiet'
    if (outcome === 'deadline') {
      if (next !== undefined && next.atNs <= simulator.nowNs) {
        assert(world.position.events === next.events, 'history must repeat itself')
        await perform(world, next)
        world.applied += 1
        await world.advance(() => false, simulator.nowNs)
      } else if (simulator.nowNs >= untilNs) return 'reached'
    }
    await breathe?.()
  }
}
