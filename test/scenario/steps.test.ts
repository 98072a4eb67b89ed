import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import type { ScenarioEvent, ScenarioResult } from '../../src/scenario/result.ts'
import { runScenario } from '../../src/scenario/run-scenario.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const FILE = join(ROOT, 'scenarios/test.yaml')
const HEAD = 'claim: x\nlab: ../topologies/clos-2x4/lab.clab.yml\nsteps:\n'

async function run(steps: string): Promise<ScenarioResult & { readonly events_: readonly ScenarioEvent[] }> {
  const { model, diagnostics } = parseScenario(HEAD + steps, FILE)
  if (model === undefined) throw new Error(diagnostics.map(one => one.message).join('; '))
  const events: ScenarioEvent[] = []
  return { ...(await runScenario(model, { files: realFiles, onEvent: event => events.push(event) })), events_: events }
}

describe('wait', () => {
  test('lets time pass up to an instant, exactly', async () => {
    const { status, simulatedNs } = await run('  - wait: 3s\n  - wait: {until: 12.000000007s}\n')
    expect([status, simulatedNs]).toEqual(['holds', 12_000_000_007])
  })

  test('fails when the instant is past', async () => {
    const { status, outcomes } = await run('  - wait: 3s\n  - wait: {until: 2s}\n')
    expect(status).toBe('fails')
    expect(outcomes[0]).toMatchObject({ expected: 'before 2s', seen: ['at 3s already'] })
  })

  test('says what is wrong with it', () => {
    const mistakes = (steps: string) => parseScenario(HEAD + steps, FILE).diagnostics.map(one => one.message)
    expect(mistakes('  - wait: {until: soon}\n')).toEqual([expect.stringContaining('expected a duration')])
    expect(mistakes('  - wait: {untill: 3s}\n')).not.toEqual([])
  })
})

describe('start', () => {
  test('runs shell language beside the steps that follow, and stop ends it', async () => {
    const { status, events_ } = await run(`\
  - settle: 60s
  - start: {as: loop, run: "while true; do docker exec clab-clos-2x4-host1 ping -c 1 10.100.4.10 > /dev/null && echo ok; sleep 1; done"}
  - start: {as: three, run: "for i in 1 2 3; do sleep 1; echo $i; done"}
  - wait: 5s
  - stop: three
    expect: {stdout: "1\\n2\\n3\\n", exit: 0}
  - stop: loop
    expect: {exit: 130}
`)
    expect(events_.filter(event => event.kind === 'check' && !event.outcome.holds)).toEqual([])
    expect(status).toBe('holds')
  })
})

describe('fail', () => {
  test('kills a daemon that starts only after the lab is deployed', async () => {
    const { status, events_ } = await run('  - settle: 60s\n  - fail: {daemon: "leaf3:bgpd"}\n')
    expect(events_).toContainEqual({ kind: 'note', text: 'leaf3:bgpd was killed' })
    expect(status).toBe('holds')
  })

  test('is wrong where no such daemon runs', async () => {
    expect((await run('  - settle: 60s\n  - fail: {daemon: "host1:bgpd"}\n')).status).toBe('wrong')
  })
})
