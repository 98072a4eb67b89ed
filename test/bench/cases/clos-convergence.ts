import { findCable, nodeDown, setLink } from '../../../src/lab/actions.ts'
import type { Benchmark, Sample, Size } from '../benchmark.ts'
import { heapBytes, measurePhase, settle, stopwatch } from '../support/measure.ts'
import { closFiles, openInMemory } from '../support/memory-lab.ts'

/** Sizes beyond this many paths at the end run only with `--full`. */
const LARGE_PATHS = 1_000_000

const FABRICS = [
  { spines: 4, leaves: 16 },
  { spines: 8, leaves: 64 },
  { spines: 16, leaves: 128 },
  { spines: 32, leaves: 512 },
]

/** A generated eBGP fabric: from the files to all routes in place, then a link dies, then a spine. */
export const closConvergence: Benchmark = {
  name: 'clos',
  what: 'a Clos fabric, eBGP on FRR: deployment, start to settled, one link lost, one spine lost',
  unit: 'prefix updates; files for the deployment; decisions where a failure sends no update',
  sizes: FABRICS.flatMap(fabric => [1, 10, 100].map(prefixes => size(fabric.spines, fabric.leaves, prefixes))),
}

function size(spines: number, leaves: number, prefixesPerLeaf: number): Size {
  // every leaf hears every other leaf's prefixes from every spine, every spine every leaf's once
  const paths = spines * leaves * leaves * prefixesPerLeaf
  return {
    name: `${spines}x${leaves}, ${prefixesPerLeaf} per leaf`,
    series: `${prefixesPerLeaf} per leaf`,
    isLarge: paths > LARGE_PATHS,
    run: () => converge(spines, leaves, prefixesPerLeaf),
  }
}

async function converge(spines: number, leaves: number, prefixesPerLeaf: number): Promise<readonly Sample[]> {
  const files = closFiles({ spines, leaves, prefixesPerLeaf, hostsPerLeaf: 0 })
  const elapsed = stopwatch()
  const { lab } = await openInMemory(files)
  const { simulator } = lab
  const deploy: Sample = {
    phase: 'deploy',
    ...elapsed(),
    amount: files.size,
    events: simulator.executedEvents,
  }
  const heap = heapBytes()
  const samples = [deploy, await measurePhase(simulator, 'converge', () => settle(simulator), heap)]
  const cable = findCable(lab, 'spine1', 'eth1')!
  const during = (phase: string, act: () => void): Promise<Sample> =>
    measurePhase(simulator, phase, () => {
      act()
      settle(simulator)
    })
  samples.push(await during('link failure', () => setLink(lab, cable, false)))
  samples.push(await during('link repair', () => setLink(lab, cable, true)))
  samples.push(await during('spine failure', () => nodeDown(lab, lab.node('spine1')!)))
  return samples
}
