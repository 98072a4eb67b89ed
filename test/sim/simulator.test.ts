import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Simulator } from '../../src/sim/simulator.ts'
import { Timer } from '../../src/sim/timer.ts'

describe('Simulator', () => {
  test('runs events in the order of their instants', () => {
    const simulator = new Simulator()
    const origin = simulator.origin('a')
    const seen: number[] = []
    for (const delay of [30, 10, 20]) simulator.schedule(origin, delay, () => seen.push(simulator.nowNs))
    simulator.runUntil(100)
    expect(seen).toEqual([10, 20, 30])
  })

  test('runs events of one instant by the name of their origin, whoever was first to schedule', () => {
    const order = (names: string[]): string[] => {
      const simulator = new Simulator()
      const seen: string[] = []
      for (const name of names) simulator.schedule(simulator.origin(name), 5, () => seen.push(name))
      simulator.runUntil(5)
      return seen
    }
    expect(order(['leaf2', 'leaf1', 'spine1'])).toEqual(order(['spine1', 'leaf1', 'leaf2']))
  })

  test('runs events of one origin and instant in the order they were scheduled', () => {
    const simulator = new Simulator()
    const seen: number[] = []
    for (const value of [1, 2, 3]) simulator.schedule(simulator.origin('a'), 5, () => seen.push(value))
    simulator.runUntil(5)
    expect(seen).toEqual([1, 2, 3])
  })

  test('never lets time go back, whatever is scheduled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), delays => {
        const simulator = new Simulator()
        const origin = simulator.origin('a')
        const seen: number[] = []
        for (const delay of delays) {
          simulator.schedule(origin, delay, () => {
            seen.push(simulator.nowNs)
            simulator.schedule(origin, delay % 7, () => seen.push(simulator.nowNs))
          })
        }
        simulator.runUntil(1000)
        expect(seen).toEqual([...seen].sort((a, b) => a - b))
        expect(seen).toHaveLength(2 * delays.length)
      }),
    )
  })

  test('is quiet as soon as only background events are pending', () => {
    const simulator = new Simulator()
    const origin = simulator.origin('a')
    simulator.schedule(origin, 10, () => {}, 'work')
    simulator.schedule(origin, 20, () => {}, 'background')
    expect(simulator.runUntilQuiet(1000)).toBe('quiet')
    expect(simulator.nowNs).toBe(10)
  })

  test('counts what a background event schedules as background', () => {
    const simulator = new Simulator()
    const origin = simulator.origin('a')
    simulator.schedule(origin, 10, () => simulator.schedule(origin, 10, () => {}), 'background')
    simulator.runUntil(10)
    expect(simulator.pendingWork).toBe(0)
  })

  test('does not run a cancelled event and counts it no longer as work', () => {
    const simulator = new Simulator()
    const event = simulator.schedule(simulator.origin('a'), 10, () => expect.unreachable(), 'work')
    simulator.cancel(event)
    simulator.cancel(event)
    expect(simulator.pendingWork).toBe(0)
    simulator.runUntil(100)
  })

  test('stops at its limit of events instead of running for ever', () => {
    const simulator = new Simulator({ maxEvents: 100 })
    const origin = simulator.origin('loop')
    const again = (): void => void simulator.schedule(origin, 1, again, 'work')
    again()
    expect(simulator.runUntilQuiet(1e9)).toBe('events')
    expect(simulator.pendingWorkOrigins()).toEqual(['loop'])
  })

  test('stands at the deadline when nothing is left before it', () => {
    const simulator = new Simulator()
    expect(simulator.runUntil(500)).toBe('deadline')
    expect(simulator.nowNs).toBe(500)
  })
})

describe('Timer', () => {
  test('expires once, at the last restart plus the delay', () => {
    const simulator = new Simulator()
    const seen: number[] = []
    const timer = new Timer(simulator, simulator.origin('a'), 'background', () => seen.push(simulator.nowNs))
    timer.restart(90)
    simulator.runUntil(60)
    timer.restart(90)
    simulator.runUntil(1000)
    expect(seen).toEqual([150])
  })

  test('tells the time that is left', () => {
    const simulator = new Simulator()
    const timer = new Timer(simulator, simulator.origin('a'), 'background', () => {})
    timer.restart(90)
    simulator.runUntil(60)
    expect(timer.remainingNs).toBe(30)
  })
})
