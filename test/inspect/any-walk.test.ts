import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import type { Act } from '../../src/inspect/act.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { digest } from './digest.ts'
import { replay } from './replay.ts'

const PATH = 'topologies/clos-2x4/lab.clab.yml'
const open = (): Promise<TimeMachine> => TimeMachine.open({ path: join(ROOT, PATH), files: realFiles, maxReplicas: 3 })

const ACTS: readonly Act[] = [
  { kind: 'fail', fault: { link: 'leaf1:eth1' } },
  { kind: 'restore', fault: { link: 'leaf1:eth1' } },
  { kind: 'fail', fault: { link: 'leaf2:eth2', loss: '20%', delay: '5ms' } },
  { kind: 'fail', fault: { node: 'spine2' } },
  { kind: 'restore', fault: { node: 'spine2' } },
  { kind: 'fail', fault: { daemon: 'leaf3:bgpd' } },
  { kind: 'restore', fault: { daemon: 'leaf3:bgpd' } },
  { kind: 'command', node: 'host1', text: 'ping -i 0.3 -c 20 10.100.4.10' },
  {
    kind: 'command',
    node: 'host2',
    text: 'for i in 1 2 3; do ping -c 1 -W 1 10.100.3.10; sleep 0.5; done | grep -c from',
  },
  { kind: 'command', text: 'sleep 1; docker exec clab-clos-2x4-leaf4 ip route flush cache; sleep 2' },
  { kind: 'stop', command: 1 },
  { kind: 'stop', command: 2 },
]

const step = fc.oneof(
  fc.constantFrom(...ACTS).map(act => ({ kind: 'act' as const, act })),
  fc.integer({ min: 0, max: 30_000_000 }).map(us => ({ kind: 'goTo' as const, atNs: us * 1000 })),
  fc.integer({ min: 1, max: 4_000_000 }).map(us => ({ kind: 'run' as const, spanNs: us * 1000 + 1 })),
  fc.nat({ max: 20 }).map(count => ({ kind: 'step' as const, count })),
  fc.constant({ kind: 'change' as const }),
  fc.nat({ max: 300 }).map(events => ({ kind: 'idle' as const, events })),
)

test('wherever one walks in time, the lab is what its own acts make of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
      const machine = await open()
      for (const one of steps) {
        if (one.kind === 'act') await machine.act(one.act)
        else if (one.kind === 'goTo') await machine.goTo(one.atNs)
        else if (one.kind === 'run') await machine.runTo(machine.nowNs + one.spanNs)
        else if (one.kind === 'change') await machine.stepToChange()
        else if (one.kind === 'idle') await machine.idle(one.events)
        else for (let event = 0; event < one.count; event += 1) await machine.stepEvent()
      }
      await machine.runTo(machine.endNs + 1e9)
      const straight = await open()
      const numbers = new Map<number, number>()
      for (const { act, atNs, number } of machine.acts) {
        await straight.runTo(atNs)
        const again = act.kind === 'stop' ? { ...act, command: numbers.get(act.command)! } : act
        const outcome = await straight.act(again)
        if (!outcome.ok) throw new Error(outcome.message)
        numbers.set(number, outcome.dated.number)
      }
      await straight.runTo(machine.nowNs)
      expect(digest(machine.lab)).toEqual(digest(straight.lab))
      const brief = ({ commands }: TimeMachine) => commands.map(({ number: _, ...command }) => command)
      expect(brief(machine)).toEqual(brief(straight))
      const file = join(ROOT, 'topologies/clos-2x4/walk.yaml')
      const saved = await replay(machine.toScenario(file), file)
      expect(saved.failed).toEqual([])
      expect(digest(saved.lab)).toEqual(digest(machine.lab))
      const marks = ({ marks }: TimeMachine) => marks.map(({ act: _, ...mark }) => mark)
      expect(marks(machine)).toEqual(marks(straight))
    }),
    { numRuns: Number(process.env.RUNS ?? 5) },
  )
}, 120_000)
