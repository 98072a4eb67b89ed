import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BfdDaemon } from '../../src/bfd/bfd-daemon.ts'
import type { BfdSettings } from '../../src/model/bfd.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { BFD_STATES, type BfdControlPacket } from '../../src/wire/bfd.ts'
import { decodeBfd, encodeBfd } from '../../src/wire/bfd-codec.ts'
import { give, ip, join, newHost } from '../support/two-hosts.ts'

function pair(own: BfdSettings = {}, other: BfdSettings = {}) {
  const simulator = new Simulator()
  const [a, b] = [newHost(simulator, 'a'), newHost(simulator, 'b')]
  const [left, right, cable] = join(a, 'eth1', b, 'eth1')
  give(a, left, '10.0.0.1/24')
  give(b, right, '10.0.0.2/24')
  const changes: string[] = []
  const daemons = [a, b].map(host => new BfdDaemon(host, { profiles: new Map(), peers: new Map() }))
  for (const daemon of daemons) daemon.start()
  const watches = [
    daemons[0]!.watch(ip('10.0.0.2'), own, isUp => changes.push(`a ${isUp ? 'up' : 'down'}`)),
    daemons[1]!.watch(ip('10.0.0.1'), other, isUp => changes.push(`b ${isUp ? 'up' : 'down'}`)),
  ]
  const wait = (seconds: number): void => {
    simulator.runUntil(simulator.nowNs + seconds * 1e9)
  }
  const session = (index: number) => daemons[index]!.snapshot()[0]!.session
  return { simulator, cable, changes, daemons, watches, wait, session, a, b }
}

describe('RFC 5880: BFD', () => {
  test('each session has a source port of its own, counted up from 49152 as bfdd does (RFC 5881 §4)', () => {
    const { a, daemons, wait } = pair()
    daemons[0]!.watch(ip('10.0.0.3'), {}, () => {})
    daemons[0]!.watch(ip('10.0.0.4'), {}, () => {}).stop()
    daemons[0]!.watch(ip('10.0.0.5'), {}, () => {})
    wait(1)
    expect([49152, 49153, 49154, 49155, 49156].map(port => 'port' in a.udp.bind({ port }))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ])
  })

  test('two sides come up by the three-way handshake (§6.2)', () => {
    const { wait, changes, session } = pair()
    wait(3)
    expect(session(0).state).toBe('up')
    expect([...changes].sort()).toEqual(['a up', 'b up'])
  })

  test('a session is down after the detection time: multiplier times the slower interval (§6.8.4)', () => {
    const { wait, changes, session, cable } = pair()
    wait(3)
    cable.impairment = () => ({ drop: 'silent' })
    wait(0.6)
    expect(session(0).state).toBe('up')
    wait(0.31)
    expect(session(0).state).toBe('down')
    expect(session(0).diagnostic).toBe(1)
    expect(changes).toContain('a down')
  })

  test('the slower wish of the two rules the interval (§6.8.7)', () => {
    const { wait, session } = pair({ transmitMs: 100, receiveMs: 100 }, { receiveMs: 1000 })
    wait(5)
    const before = session(0).counters.output
    wait(10)
    expect(session(0).counters.output - before).toBeLessThan(15)
  })

  test('no more than one packet a second leaves while the session is not up (§6.8.3)', () => {
    const { wait, session, watches } = pair()
    watches[1]!.stop()
    wait(20)
    expect(session(0).state).toBe('down')
    expect(session(0).counters.output).toBeLessThan(29)
  })

  test('a neighbour that is taken away says so, and the session is down at once (§6.8.16)', () => {
    const { wait, session, watches } = pair()
    wait(3)
    watches[1]!.stop()
    wait(0.01)
    expect(session(0)).toMatchObject({ state: 'down', diagnostic: 3 })
  })

  test('the session comes up again when the loss is over', () => {
    const { wait, session, cable } = pair()
    wait(3)
    cable.impairment = () => ({ drop: 'silent' })
    wait(5)
    cable.impairment = undefined
    wait(4)
    expect(session(0).state).toBe('up')
  })

  test('a control packet survives the way to bytes and back (§4.1)', () => {
    const uint32 = fc.integer({ min: 0, max: 0xffffffff })
    const packet: fc.Arbitrary<BfdControlPacket> = fc.record({
      kind: fc.constant('bfd' as const),
      state: fc.constantFrom(...BFD_STATES),
      diagnostic: fc.integer({ min: 0, max: 31 }),
      isPoll: fc.boolean(),
      isFinal: fc.boolean(),
      detectMultiplier: fc.integer({ min: 0, max: 255 }),
      myDiscriminator: uint32,
      yourDiscriminator: uint32,
      desiredTransmitUs: uint32,
      requiredReceiveUs: uint32,
      requiredEchoReceiveUs: uint32,
    })
    fc.assert(
      fc.property(packet, value => {
        expect(decodeBfd(encodeBfd(value))).toEqual(value)
      }),
    )
  })
})
