import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { digest } from './digest.ts'
import { replay } from './replay.ts'

const open = (path: string): Promise<TimeMachine> => TimeMachine.open({ path: join(ROOT, path), files: realFiles })

describe('saved as a scenario', () => {
  test('acts on a fabric come to the same state', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    await machine.act({ kind: 'command', node: 'host1', text: 'ping -i 0.2 10.100.4.10' })
    await machine.runTo(20.5e9 + 7)
    await machine.act({ kind: 'fail', fault: { link: 'leaf1:eth1' } })
    await machine.act({ kind: 'fail', fault: { node: 'spine2' } })
    for (let event = 0; event < 9; event += 1) await machine.stepEvent()
    await machine.act({ kind: 'command', text: 'docker exec clab-clos-2x4-leaf1 ip route | grep -c via; false' })
    await machine.act({ kind: 'restore', fault: { node: 'spine2' } })
    await machine.runTo(60e9)
    await machine.act({ kind: 'stop', command: 1 })
    await machine.act({
      kind: 'command',
      text: 'for i in 1 2 3; do sleep 1; docker exec clab-clos-2x4-leaf2 ping -c 1 10.100.4.10; done',
    })
    await machine.runTo(61.5e9)
    await machine.act({ kind: 'fail', fault: { link: 'leaf2:eth1', loss: '30%' } })
    await machine.runTo(100e9)
    expect(machine.commands.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1])
    for (const file of [join(ROOT, 'topologies/clos-2x4/saved.yaml'), '/tmp/saved.yaml']) {
      const text = machine.toScenario(file)
      expect(text).toMatch(/^# yaml-language-server: \$schema=/)
      const { lab, status, failed } = await replay(text, file)
      expect(failed).toEqual([])
      expect(status).toBe('holds')
      expect(digest(lab)).toEqual(digest(machine.lab))
    }
  })

  test('acts in the midst of a scenario come to the same state', async () => {
    const machine = await open('scenarios/article-1-bgp.yaml')
    const isSettling = (): boolean => machine.marks.at(-1)?.text === 'settle: 300s'
    while (!isSettling()) await machine.stepToChange(['act'])
    await machine.runTo(machine.nowNs + 2.3e9)
    expect((await machine.act({ kind: 'fail', fault: { link: 'leaf01:eth2' } })).ok).toBe(true)
    await machine.runTo(machine.nowNs + 1e9)
    expect((await machine.act({ kind: 'restore', fault: { link: 'leaf01:eth2' } })).ok).toBe(true)
    while (machine.coming.length > 0) await machine.stepToChange(['act'])
    await machine.settle()
    await machine.runTo(machine.nowNs + 3e9)
    await machine.act({ kind: 'apply', file: '../topologies/cilium-bgp/manifests/l2.yaml' })
    await machine.act({ kind: 'fail', fault: { pod: 'nginx-' } })
    await machine.runTo(machine.nowNs + 30e9)
    for (const file of [join(ROOT, 'scenarios/saved.yaml'), join(ROOT, 'saved.yaml')]) {
      const { lab, status } = await replay(machine.toScenario(file), file)
      expect(status).not.toBe('wrong')
      expect(digest(lab)).toEqual(digest(machine.lab))
    }
  }, 60_000)

  test('what cannot be said in a scenario is refused', async () => {
    const machine = await open('topologies/cilium-bgp/setup.sh')
    await machine.runTo(10e9)
    const fault = { link: 'leaf01:eth1' }
    expect(await machine.act({ kind: 'fail', fault })).toMatchObject({ ok: false, message: /still being built/ })
    await machine.settle()
    for (const [act, message] of [
      [{ kind: 'fail', fault: { link: 'leaf01:eth9' } }, /there is no link at "leaf01:eth9"/],
      [{ kind: 'fail', fault: { pod: 'x-' } }, /there is no pod "x-"/],
      [{ kind: 'command', node: 'leaf09', text: 'ls' }, /there is no node "leaf09"/],
      [{ kind: 'stop', command: 7 }, /has ended/],
    ] as const) {
      expect(await machine.act(act)).toMatchObject({ ok: false, message: expect.stringMatching(message) })
    }
  })
})
