import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { InspectError } from '../../src/inspect/lab-source.ts'
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

describe('changes', () => {
  test('are told by kind, with node and text', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    const texts = (kind: string) =>
      machine.marks.filter(mark => mark.kind === kind).map(({ node, text }) => `${node} ${text}`)
    expect(texts('session').length).toBe(16)
    expect(texts('session')).toContain('leaf1 BGP 10.1.1.0 up')
    expect(texts('routing')).toContain('leaf1 + 10.100.4.0/24 via 10.2.1.0 eth2, 10.1.1.0 eth1')
    expect(texts('node')).toContain('leaf1 frr 8.4 started')
    expect(texts('arp').some(text => /^leaf1 10\.1\.1\.0 eth1 is at aa:c1:ab(:\w\w){3}$/.test(text))).toBe(true)
    await machine.act({ kind: 'fail', fault: { link: 'leaf1:eth1' } })
    expect(await machine.stepToChange(['routing'])).toBe('changed')
    expect(machine.marks.at(-1)).toMatchObject({ kind: 'routing', atNs: machine.nowNs })
    expect(texts('carrier').slice(-2).sort()).toEqual(['leaf1 eth1 no-carrier', 'spine1 eth1 no-carrier'])
    expect(texts('act')).toEqual([' break link leaf1:eth1'])
  })

  test('that never come cost no time: with none ahead the lab stays at its moment', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    await machine.act({ kind: 'fail', fault: { link: 'leaf1:eth1' } })
    let stop = await machine.stepToChange()
    for (let steps = 0; stop === 'changed' && steps < 100; steps += 1) stop = await machine.stepToChange()
    const { nowNs, endNs, lab } = machine
    const seen = digest(lab)
    expect(stop).toBe('unchanged')
    expect(nowNs).toBeLessThan(400e9)
    expect(endNs).toBe(nowNs)
    expect(await machine.stepToChange()).toBe('unchanged')
    expect(machine.nowNs).toBe(nowNs)
    expect(digest(machine.lab)).toEqual(seen)
    await machine.act({ kind: 'restore', fault: { link: 'leaf1:eth1' } })
    expect(await machine.stepToChange()).toBe('changed')
    expect(machine.branches).toEqual([])
  })

  test('of leases are told by holder', async () => {
    const machine = await open('scenarios/lease-holder-dies.yaml')
    while (machine.coming.length > 0) await machine.stepToChange(['act'])
    await machine.settle()
    const holders = machine.marks.filter(({ kind, text }) => kind === 'lease' && text.startsWith('cilium-l2announce'))
    expect(holders.length).toBeGreaterThan(1)
    expect(holders[0]!.text).toMatch(/^cilium-l2announce-\S+ held by cilium-bgp-/)
  })
})

describe('a scenario', () => {
  test('plays its own steps, which are listed until they begin', async () => {
    const machine = await open('scenarios/leaf-loses-an-uplink.yaml')
    expect(machine.claim).toBeDefined()
    const { length } = machine.coming
    expect(length).toBeGreaterThan(2)
    while (machine.coming.length > 0) await machine.stepToChange(['act'])
    await machine.settle()
    // the first begins at once, since this lab is deployed in no time
    expect(machine.marks.filter(({ kind }) => kind === 'act').length).toBe(length + 1)
    const checks = machine.scenarioEvents.flatMap(event => (event.kind === 'check' ? [event.outcome.holds] : []))
    expect(checks.length).toBeGreaterThan(0)
    expect(checks.every(Boolean)).toBe(true)
  })

  test('can be left: its steps to come are dropped', async () => {
    const machine = await open('scenarios/leaf-loses-an-uplink.yaml')
    await machine.stepToChange(['act'])
    expect((await machine.act({ kind: 'drop-steps' })).ok).toBe(true)
    expect(machine.coming).toEqual([])
    await machine.runTo(400e9)
    expect(machine.marks.filter(({ kind }) => kind === 'act').length).toBeLessThan(8)
    expect(await machine.act({ kind: 'drop-steps' })).toMatchObject({ ok: false })
  })
})

describe('a wrong file', () => {
  test('is refused with its mistakes', async () => {
    await expect(open('scenarios/none.yaml')).rejects.toThrow(InspectError)
    const files = { ...realFiles, readText: () => 'claim: x\nlab: y\nsteps:\n  - wiat: 3s\n  - wait: long\n' }
    const opening = TimeMachine.open({ path: '/x/s.yaml', files })
    await expect(opening).rejects.toThrow(/s\.yaml:4:\d+: error: unknown key "wiat"[\s\S]*s\.yaml:5:\d+: error/)
  })

  test('of a lab says so in what the setup prints', async () => {
    const files = { ...realFiles, readText: () => 'topology: [' }
    const machine = await TimeMachine.open({ path: '/x/lab.clab.yml', files })
    expect(machine.setup.exitCode).not.toBe(0)
    expect(machine.setup.stderr).toContain('lab.clab.yml')
  })
})

test('what concerns copies only is no news of the lab', async () => {
  const machine = await open('topologies/clos-2x4/lab.clab.yml')
  await machine.settle()
  const { revision } = machine
  await machine.idle(100)
  await machine.ask(lab => lab.nodes().length)
  expect(machine.revision).toBe(revision)
  await machine.stepEvent()
  expect(machine.revision).toBeGreaterThan(revision)
})

test('a question about the lab leaves it as it is', async () => {
  const machine = await open('topologies/clos-2x4/lab.clab.yml')
  await machine.settle()
  await machine.act({ kind: 'fail', fault: { node: 'spine1' } })
  // right after an act, and in the midst of what it causes
  for (const events of [0, 5]) {
    for (let event = 0; event < events; event += 1) await machine.stepEvent()
    const before = digest(machine.lab)
    const answer = await machine.ask(async (lab, terminal) => {
      expect(digest(lab)).toEqual(before)
      return terminal.run('ping -c 3 10.100.4.10', { node: lab.node('host1')! })
    })
    expect(answer?.stdout).toContain('3 packets transmitted')
    expect(digest(machine.lab)).toEqual(before)
  }
})
