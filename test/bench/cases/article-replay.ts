import { resolve } from 'node:path'
import { realFiles } from '../../../src/cli/real-files.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { runScenario } from '../../../src/scenario/run-scenario.ts'
import type { Benchmark, Sample } from '../benchmark.ts'

/** The whole scenario with its checks: the first time in a new process, and the shortest of ten after that. */
export const articleReplay: Benchmark = {
  name: 'article-replay',
  what: 'a part of the article from nothing to its last check; cold is the first run of a process',
  unit: 'replays',
  sizes: ['article-1-bgp', 'article-2-l2', 'article-3-dsr'].map(name => ({
    name,
    series: name,
    run: () => replay(`scenarios/${name}.yaml`),
  })),
}

async function replay(path: string): Promise<readonly Sample[]> {
  const file = resolve(path)
  const once = async (phase: string): Promise<Sample> => {
    const start = performance.now()
    const { model } = parseScenario(realFiles.readText(file)!, file)
    const result = await runScenario(model!, { files: realFiles })
    if (result.status !== 'holds') throw new Error(`${path} does not hold`)
    return { phase, seconds: (performance.now() - start) / 1000, amount: 1 }
  }
  const cold = await once('cold')
  let warm = await once('warm')
  for (let round = 0; round < 9; round += 1) {
    const next = await once('warm')
    if (next.seconds < warm.seconds) warm = next
  }
  return [cold, warm]
}
