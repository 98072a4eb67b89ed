import type { Simulator } from '../sim/simulator.ts'

/**
 * What the speakers of one simulation have done so far: cheap integers that are equal in every run of the same lab, for
 * benchmarks (work per second) and for the test that watches the work itself rather than seconds.
 *
 * Bytes per path, as the benchmarks measure them: the heap after a collection once the lab has settled, less the heap after
 * a collection when it was loaded, divided by `paths`. Everything a path brings along counts: its place in the tables of
 * bgpd, zebra and the kernel, and what peers were told of it.
 */
export interface WorkCounters {
  /** Runs of the decision process over one destination. */
  decisions: number
  /** UPDATE messages taken from sessions, End-of-RIB included. */
  updatesReceived: number
  /** UPDATE messages given to sessions, End-of-RIB included. */
  updatesSent: number
  /** Prefixes announced or withdrawn in received UPDATEs. */
  prefixesReceived: number
  /** Prefixes announced or withdrawn in sent UPDATEs. */
  prefixesSent: number
  /** Paths held now, own ones included, by all speakers together. */
  paths: number
  /** Routes handed to route managers, and routes taken back from them. */
  installations: number
}

const COUNTERS = new WeakMap<Simulator, WorkCounters>()

/** The counters of a simulation, shared by all its speakers. */
export function workCounters(simulator: Simulator): WorkCounters {
  let counters = COUNTERS.get(simulator)
  if (counters === undefined) {
    counters = {
      decisions: 0,
      updatesReceived: 0,
      updatesSent: 0,
      prefixesReceived: 0,
      prefixesSent: 0,
      paths: 0,
      installations: 0,
    }
    COUNTERS.set(simulator, counters)
  }
  return counters
}
