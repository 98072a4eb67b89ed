import { expect, test } from 'vitest'
import { type Coroutine, join, Signal, startCoroutine } from '../../src/sim/coroutine.ts'
import { Simulator } from '../../src/sim/simulator.ts'

function* sleeper(ns: number): Coroutine<string> {
  const wake = yield { sleepNs: ns }
  return wake
}

test('a sleep ends after exactly its span', () => {
  const simulator = new Simulator()
  const task = startCoroutine(simulator, simulator.origin('a'), sleeper(70))
  simulator.runUntil(69)
  expect(task.isDone).toBe(false)
  simulator.runUntil(70)
  expect(task.result).toBe('time')
})

test('a signal wakes before the span is over, and the timer does not fire later', () => {
  const simulator = new Simulator()
  const signal = new Signal()
  const wakes: string[] = []
  function* both(): Coroutine<void> {
    wakes.push(yield { sleepNs: 100, signal })
    wakes.push(yield { sleepNs: 500 })
  }
  startCoroutine(simulator, simulator.origin('a'), both())
  simulator.schedule(simulator.origin('b'), 30, () => signal.notify())
  simulator.runUntil(1000)
  expect(wakes).toEqual(['signal', 'time'])
})

test('an interrupt reaches the coroutine that another one waits for', () => {
  const simulator = new Simulator()
  const inner = startCoroutine(simulator, simulator.origin('a'), sleeper(1000))
  const outer = startCoroutine(simulator, simulator.origin('b'), join(inner))
  outer.interrupt()
  expect(outer.result).toBe('interrupt')
})
