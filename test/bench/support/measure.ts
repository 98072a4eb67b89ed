import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { workCounters } from '../../../src/bgp/work-counters.ts'
import type { Simulator } from '../../../src/sim/simulator.ts'
import type { Sample } from '../benchmark.ts'

/** How long something took. */
export type Times = Pick<Sample, 'seconds' | 'processorSeconds'>

/** Starts to measure; the function that comes back tells how long it has been. */
export function stopwatch(): () => Times {
  const processor = process.cpuUsage()
  const start = performance.now()
  return () => {
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(processor)
    return { seconds, processorSeconds: (user + system) / 1e6 }
  }
}

/** The shortest of several rounds; what `prepare` does before each one does not count. */
export function shortest<Input>(rounds: number, prepare: () => Input, run: (input: Input) => void): Times {
  let best: Times | undefined
  for (let round = 0; round < rounds; round += 1) {
    const input = prepare()
    const elapsed = stopwatch()
    run(input)
    best = shorter(best, elapsed())
  }
  return best!
}

/** The one that took less time. */
export function shorter<Timed extends Times>(one: Timed | undefined, other: Timed): Timed {
  return one !== undefined && one.seconds <= other.seconds ? one : other
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Heap in use after a collection, bytes. Buffers outside of the heap count too. */
export function heapBytes(): number {
  for (let time = 0; time < 3; time += 1) collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * Runs a part of a simulation and tells what it took: seconds, and the differences of the counters. The amount is that of
 * prefix updates; where nobody sent any, as when a carrier is lost, that of decisions.
 *
 * @param heapBefore heap before the first phase; without it no heap is measured
 */
export async function measurePhase(
  simulator: Simulator,
  phase: string,
  run: () => void | Promise<void>,
  heapBefore?: number,
): Promise<Sample> {
  const work = workCounters(simulator)
  const before = {
    prefixUpdates: work.prefixesReceived,
    decisions: work.decisions,
    events: simulator.executedEvents,
    atNs: simulator.nowNs,
  }
  const elapsed = stopwatch()
  await run()
  const times = elapsed()
  const prefixUpdates = work.prefixesReceived - before.prefixUpdates
  return {
    phase,
    ...times,
    amount: prefixUpdates > 0 ? prefixUpdates : work.decisions - before.decisions,
    events: simulator.executedEvents - before.events,
    prefixUpdates,
    paths: work.paths,
    simulatedSeconds: (simulator.nowNs - before.atNs) / 1e9,
    ...(heapBefore === undefined ? {} : { heapBytes: heapBytes() - heapBefore }),
  }
}

/** Lets a lab come to rest. */
export function settle(simulator: Simulator): void {
  const outcome = simulator.runUntilQuiet(simulator.nowNs + 3600e9)
  if (outcome !== 'quiet') throw new Error(`not settled: ${outcome}, ${simulator.pendingWorkOrigins().slice(0, 5)}`)
}
