import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { digest } from './digest.ts'

const open = (path: string): Promise<TimeMachine> => TimeMachine.open({ path: join(ROOT, path), files: realFiles })

const LABS = [
  { path: 'topologies/clos-2x4/lab.clab.yml', endNs: 40e9, runs: 6 },
  { path: 'scenarios/article-1-bgp.yaml', endNs: 400e9, runs: 3 },
]

describe.each(LABS)('back in $path', ({ path, endNs, runs }) => {
  test('an instant has one state, whichever way one comes to it', async () => {
    const machine = await open(path)
    await machine.runTo(endNs)
    const marks = machine.marks.length
    /** By instant, from an execution of its own that only goes forwards. */
    const known = new Map<number, unknown>()
    const instants = fc.integer({ min: 0, max: endNs }).map(instant => instant - (instant % 1e3))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ instant: instants, idle: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 4 }),
        async ways => {
          for (const { instant, idle } of ways) {
            expect(await machine.goTo(instant)).toBe('reached')
            expect(machine.nowNs).toBe(instant)
            if (!known.has(instant)) {
              const fresh = await open(path)
              await fresh.runTo(instant)
              known.set(instant, digest(fresh.lab))
            }
            expect(digest(machine.lab)).toEqual(known.get(instant))
            for (let slice = 0; slice < idle; slice += 1) await machine.idle(300)
          }
        },
      ),
      { numRuns: runs },
    )
    await machine.goTo(endNs)
    expect(machine.marks.length).toBe(marks)
  }, 120_000)
})

describe('another way', () => {
  const LINK = { link: 'leaf1:eth1' }

  test('an act in the past drops what came after it, and keeps it as a branch', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.runTo(20e9)
    await machine.act({ kind: 'fail', fault: { node: 'spine1' } })
    await machine.runTo(60e9)
    const first = digest(machine.lab)
    await machine.goTo(10e9)
    expect(machine.acts.length).toBe(1)
    const outcome = await machine.act({ kind: 'fail', fault: LINK })
    expect(outcome.ok).toBe(true)
    expect(machine.acts.map(({ text }) => text)).toEqual(['break link leaf1:eth1'])
    expect(machine.endNs).toBe(10e9)
    expect(machine.marks.every(({ atNs }) => atNs <= 10e9)).toBe(true)
    await machine.runTo(60e9)
    expect(digest(machine.lab)).not.toEqual(first)
    const other = digest(machine.lab)
    expect(machine.branches.map(({ name }) => name)).toEqual(['1: break node spine1'])

    await machine.switchTo(machine.branches[0]!)
    expect(machine.nowNs).toBe(10e9)
    await machine.goTo(60e9)
    expect(digest(machine.lab)).toEqual(first)
    await machine.switchTo(machine.branches[0]!)
    await machine.goTo(60e9)
    expect(digest(machine.lab)).toEqual(other)
  })

  test('acts come again at their moments, in the midst of an instant too', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.runTo(20e9)
    await machine.act({ kind: 'fail', fault: LINK })
    await machine.act({ kind: 'command', node: 'leaf1', text: 'ping -c 3 10.0.0.1' })
    for (let event = 0; event < 7; event += 1) await machine.stepEvent()
    await machine.act({ kind: 'restore', fault: LINK })
    await machine.runTo(40e9)
    const after = digest(machine.lab)
    const outputs = machine.commands
    for (const instant of [30e9, 5e9, 20e9, 20.5e9, 39e9]) {
      await machine.goTo(instant)
      await machine.goTo(40e9)
      expect(digest(machine.lab)).toEqual(after)
      expect(machine.commands).toEqual(outputs)
    }
  })

  test('a way back that is cancelled leaves the lab where it was', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.runTo(20e9)
    const before = digest(machine.lab)
    const controller = new AbortController()
    controller.abort()
    expect(await machine.goTo(1e9, { signal: controller.signal })).toBe('cancelled')
    expect(digest(machine.lab)).toEqual(before)
  })
})
