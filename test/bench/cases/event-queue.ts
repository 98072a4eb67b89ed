import { Simulator } from '../../../src/sim/simulator.ts'
import type { Benchmark, Sample, Size } from '../benchmark.ts'
import { shortest } from '../support/measure.ts'

const EMPTY = (): void => {}

/** All events at once, then all executed; and a thousand timers that each set themselves anew. */
export const eventQueue: Benchmark = {
  name: 'event-queue',
  what: 'empty events of 100 origins, scheduled and executed',
  unit: 'events',
  sizes: [100_000, 1_000_000, 4_000_000].map(size),
}

function size(count: number): Size {
  return { name: count.toLocaleString('en'), run: () => [allAtOnce(count), rolling(count)] }
}

function allAtOnce(count: number): Sample {
  const times = shortest(5, newSimulator, ({ simulator, origins }) => {
    for (let index = 0; index < count; index += 1)
      simulator.schedule(origins[index % 100]!, (index * 7919) % 1_000_003, EMPTY)
    simulator.runUntil(2_000_000)
  })
  return { phase: 'all at once', ...times, amount: count, events: count }
}

function rolling(count: number): Sample {
  const times = shortest(5, newSimulator, ({ simulator, origins }) => {
    let left = count
    for (let timer = 0; timer < 1000; timer += 1) {
      const origin = origins[timer % 100]!
      const again = (): void => {
        if (left-- > 0) simulator.schedule(origin, 1000 + ((timer * 7919) % 1009), again)
      }
      again()
    }
    simulator.runUntil(Number.MAX_SAFE_INTEGER)
  })
  return { phase: 'timers', ...times, amount: count, events: count }
}

function newSimulator() {
  const simulator = new Simulator({ maxEvents: 1e9 })
  return { simulator, origins: Array.from({ length: 100 }, (_, index) => simulator.origin(`o${index}`)) }
}
