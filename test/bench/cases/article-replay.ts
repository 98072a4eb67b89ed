import { resolve } from 'node:path'
import { realFiles } from '../../../src/cli/real-files.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { runScenario } from '../../../src/scenario/run-scenario.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { shorter, stopwatch } from '../support/measure.ts'

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
    const elapsed = stopwatch()
    const { model } = parseScenario(realFiles.readText(file)!, file)
    const result = await runScenario(model!, { files: realFiles })
    if (result.status !== 'holds') throw new Error(`${path} does not hold`)
    return { phase, ...elapsed(), amount: 1 }
  }
  const cold = await once('cold')
  let warm = await once('warm')
  for (let round = 0; round < 9; round += 1) warm = shorter(warm, await once('warm'))
  return [cold, warm]
}
