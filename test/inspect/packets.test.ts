import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import type { Hop, Journey } from '../../src/inspect/packet-follower.ts'
import { PacketFollower } from '../../src/inspect/packet-follower.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { digest } from './digest.ts'

const open = (path: string): Promise<TimeMachine> => TimeMachine.open({ path: join(ROOT, path), files: realFiles })

/** Nodes in order, each once for as long as the packet is there; the machine's bridges left out. */
const nodes = (way: readonly Hop[]): string[] =>
  way
    .map(({ node }) => node)
    .filter(node => node !== 'machine')
    .filter((node, index, all) => node !== all[index - 1])

const changes = (way: readonly Hop[]): string[] =>
  way.flatMap(hop => hop.changes).filter(text => !text.startsWith('TTL'))

describe('a capture', () => {
  test('holds what had passed by then, after going back too', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    const capture = machine.capture({ node: 'leaf1', interface: 'any', filter: 'icmp' })
    await machine.act({ kind: 'command', node: 'host1', text: 'ping -c 5 10.100.4.10' })
    await machine.runTo(machine.nowNs + 2.5e9)
    const texts = capture.lines.map(({ text }) => text)
    const early = machine.nowNs
    expect(texts.length).toBe(12)
    expect(texts[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{6} eth3 {2}In {2}IP 10\.100\.1\.10 > 10\.100\.4\.10: ICMP echo request, id \d+, seq 1, length 64$/,
    )
    await machine.runTo(early + 4e9)
    const all = capture.lines.map(({ text }) => text)
    expect(all.length).toBe(20)
    await machine.goTo(early)
    expect(capture.lines.map(({ text }) => text)).toEqual(texts)
    await machine.goTo(early + 4e9)
    expect(capture.lines.map(({ text }) => text)).toEqual(all)
  })

  test('holds after a look ahead that found no change what it held before', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    const capture = machine.capture({ node: 'leaf1', interface: 'any', limit: 10 })
    await machine.runTo(machine.nowNs + 60e9)
    const texts = () => capture.lines.map(({ text }) => text)
    const before = texts()
    expect(before.length).toBeGreaterThan(0)
    expect(await machine.stepToChange()).toBe('unchanged')
    expect(texts()).toEqual(before)
    await machine.runTo(machine.nowNs + 1e9)
    expect(texts().slice(0, before.length)).toEqual(before)
  })

  test('says what is wrong with its filter or device', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    expect(machine.capture({ node: 'leaf1', interface: 'eth77' }).mistake).toBe('leaf1 eth77: No such device exists')
    expect(machine.capture({ node: 'leaf1', interface: 'eth1', filter: 'foo bar' }).mistake).toMatch(/syntax error/)
  })

  test('keeps the newest lines', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    const capture = machine.capture({ node: 'leaf1', interface: 'any', limit: 10 })
    await machine.runTo(30e9)
    expect(capture.lines.length).toBeLessThan(20)
    expect(capture.dropped).toBeGreaterThan(10)
  })
})

describe('a packet', () => {
  test('is followed there and back, whichever of its frames is picked, and the lab is left as it was', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    const captures = ['host1', 'leaf4', 'spine1', 'spine2'].map(node =>
      machine.capture({ node, interface: 'any', filter: 'icmp' }),
    )
    await machine.act({ kind: 'command', node: 'host1', text: 'ping -c 1 10.100.4.10' })
    await machine.runTo(machine.nowNs + 5e9)
    const before = digest(machine.lab)
    const follower = new PacketFollower(machine)
    const lines = captures.flatMap(capture => capture.lines)
    expect(lines.length).toBe(2 + 4 + 4)
    const journeys: (Journey | undefined)[] = []
    for (const { handle } of lines) journeys.push(await follower.follow(handle))
    for (const [index, journey] of journeys.entries()) {
      expect(nodes(journey!.there)).toEqual(['host1', 'leaf1', expect.stringMatching(/spine[12]/), 'leaf4', 'host4'])
      expect(nodes(journey!.back)).toEqual(['host4', 'leaf4', expect.stringMatching(/spine[12]/), 'leaf1', 'host1'])
      const { way, index: at } = journey!.at
      expect(journey![way][at]).toMatchObject({
        atNs: lines[index]!.handle.atNs,
        interface: lines[index]!.handle.interface,
      })
      expect(journey!.end).toBe('delivered to host4 eth1; the answer reached host1')
    }
    expect(digest(machine.lab)).toEqual(before)
  })

  test('is followed through DSR: rewritten at the holder, answered from the pod without it', async () => {
    const machine = await open('scenarios/article-3-dsr.yaml')
    const capture = machine.capture({
      node: 'leaf02',
      interface: 'eth3',
      filter: 'host 10.0.5.20 and tcp[tcpflags] & tcp-syn != 0',
    })
    while (machine.coming.length > 0) await machine.stepToChange(['act'])
    await machine.runTo(machine.nowNs + 1e9)
    expect(capture.lines.map(({ text }) => text.split(' ').slice(2, 5).join(' '))).toEqual([
      expect.stringMatching(/^10\.0\.5\.20\.\d+ > 10\.1\.1\.134\.80:$/),
      expect.stringMatching(/^10\.0\.5\.100\.80 > 10\.0\.5\.20\.\d+:$/),
    ])
    for (const { handle } of capture.lines) {
      const journey = (await new PacketFollower(machine).follow(handle))!
      expect(nodes(journey.there).slice(0, 6)).toEqual([
        'client2',
        'cilium-bgp-worker3',
        'leaf01',
        'spine02',
        'leaf02',
        'cilium-bgp-worker',
      ])
      expect(changes(journey.there)).toEqual(['destination 10.0.5.100:80 -> 10.1.1.134:80', 'IP option added'])
      expect(nodes(journey.back).slice(-5)).toEqual([
        'cilium-bgp-worker',
        'leaf02',
        expect.stringMatching(/spine0/),
        'leaf01',
        'client2',
      ])
      expect(changes(journey.back)).toEqual(['source 10.1.1.134:80 -> 10.0.5.100:80'])
    }
  }, 60_000)

  test('that is dropped says where and why', async () => {
    const machine = await open('topologies/clos-2x4/lab.clab.yml')
    await machine.settle()
    const capture = machine.capture({ node: 'host1', interface: 'eth1', filter: 'icmp' })
    await machine.act({ kind: 'command', node: 'host1', text: 'ping -c 1 -t 2 10.100.4.10' })
    await machine.runTo(machine.nowNs + 2e9)
    const [first] = capture.lines
    const journey = (await new PacketFollower(machine).follow(first!.handle))!
    expect(journey.end).toMatch(/^dropped at spine[12]: .*ttl/)
    expect(nodes(journey.back)).toEqual([expect.stringMatching(/spine[12]/), 'leaf1', 'host1'])
  })
})
