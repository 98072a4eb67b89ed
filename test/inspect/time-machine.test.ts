import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { digest } from './digest.ts'

const open = (path: string, seed?: number) =>
  TimeMachine.open({ path: join(ROOT, path), files: realFiles, ...(seed === undefined ? {} : { seed }) })

describe('time', () => {
  test('starts at 0 and goes on event by event while a setup script runs', async () => {
    const machine = await open('topologies/cilium-bgp/setup.sh')
    expect([machine.nowNs, machine.setup.exitCode]).toEqual([0, undefined])
    const start = machine.lab.simulator.executedEvents
    await machine.stepEvent()
    expect(machine.lab.simulator.executedEvents).toBe(start + 1)
    await machine.runTo(20e9)
    expect(machine.nowNs).toBe(20e9)
    expect(machine.setup.running).toMatch(/^(kubectl|kind|helm|clab)/)
    expect(await machine.settle()).toBe('settled')
    expect(machine.setup.exitCode).toBe(0)
  })

  test('comes by the same states however often it is stopped', async () => {
    const whole = await open('topologies/clos-2x4/lab.clab.yml')
    await whole.runTo(5e9)
    const parts = await open('topologies/clos-2x4/lab.clab.yml')
    for (let event = 0; event < 100; event += 1) await parts.stepEvent()
    while (parts.nowNs < 1e9) await parts.stepToChange()
    await parts.runTo(5e9, {})
    expect(digest(parts.lab)).toEqual(digest(whole.lab))
  })
})
