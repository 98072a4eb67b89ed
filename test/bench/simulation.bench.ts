import { join } from 'node:path'
import { expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { runScenario } from '../../src/scenario/run-scenario.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { openSettledLab, output, ROOT } from '../support/open-settled-lab.ts'

/** Few rounds: the smallest figure of each is what counts. */
const ROUNDS = { iterations: 10, time: 0, warmupIterations: 2, warmupTime: 0 }

test('the event queue alone: 100,000 events', async ({ bench }) => {
  await bench('schedule and run', () => {
    const simulator = new Simulator()
    const origins = Array.from({ length: 100 }, (_, index) => simulator.origin(`o${index}`))
    for (let index = 0; index < 100_000; index += 1)
      simulator.schedule(origins[index % 100]!, (index * 7919) % 1_000_003, () => {})
    simulator.runUntil(2_000_000)
  }).run(ROUNDS)
})

test('a Clos of two spines and four leaves, from nothing to settled', async ({ bench }) => {
  await bench('deploy and settle', () => openSettledLab('topologies/clos-2x4/lab.clab.yml')).run(ROUNDS)
})

test('a thousand pings over four routers', async ({ bench }) => {
  const lab = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
  await bench('ping', async () => {
    expect(await output(lab, 'host1', 'ping -q -c 1000 10.100.4.10')).toContain('1000 received')
  }).run(ROUNDS)
})

test("the article's first part", async ({ bench }) => {
  const file = join(ROOT, 'scenarios/article-1-bgp.yaml')
  const { model } = parseScenario(realFiles.readText(file)!, file)
  await bench('replay', async () => {
    expect((await runScenario(model!, { files: realFiles })).status).toBe('holds')
  }).run(ROUNDS)
})
