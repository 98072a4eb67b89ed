import type { Simulator } from '../sim/simulator.ts'
import type { Cable } from './cable.ts'

const WATCHERS = new WeakMap<Simulator, (cable: Cable) => void>()

/** Calls back for each cable that is laid in the simulation from now on: who captures all links wants to know. */
export function watchCables(simulator: Simulator, onCable: (cable: Cable) => void): void {
  WATCHERS.set(simulator, onCable)
}

/** Called by a new cable. */
export function announceCable(simulator: Simulator, cable: Cable): void {
  WATCHERS.get(simulator)?.(cable)
}
