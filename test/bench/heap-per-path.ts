// Prints how many bytes of heap a path adds to a settled fabric, for test/work.test.ts. Start it so that the engine does the
// same on every run: `node --predictable --no-flush-bytecode --hash-seed=1 --random-seed=1 test/bench/run.mjs test/bench/heap-per-path.ts`.
import { workCounters } from '../../src/bgp/work-counters.ts'
import { heapBytes, settle } from './support/measure.ts'
import { closFiles, openInMemory } from './support/memory-lab.ts'

async function held(prefixesPerLeaf: number): Promise<readonly [bytes: number, paths: number]> {
  const { lab } = await openInMemory(closFiles({ spines: 4, leaves: 16, prefixesPerLeaf, hostsPerLeaf: 0 }))
  const before = heapBytes()
  settle(lab.simulator)
  return [heapBytes() - before, workCounters(lab.simulator).paths]
}

// the first fabric is for what the engine keeps of its own; the others differ in nothing but the number of paths
await held(1)
const [fewBytes, fewPaths] = await held(10)
const [manyBytes, manyPaths] = await held(150)
process.stdout.write(`${(manyBytes - fewBytes) / (manyPaths - fewPaths)}\n`)
