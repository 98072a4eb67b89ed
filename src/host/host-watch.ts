import type { Simulator } from '../sim/simulator.ts'
import type { Host } from './host.ts'

const WATCHERS = new WeakMap<Simulator, (host: Host) => void>()

/** Calls back for each host that is made in the simulation from now on: who notes changes everywhere wants to know. */
export function watchHosts(simulator: Simulator, onHost: (host: Host) => void): void {
  WATCHERS.set(simulator, onHost)
}

/** Called by a new host. */
export function announceHost(host: Host): void {
  WATCHERS.get(host.simulator)?.(host)
}
