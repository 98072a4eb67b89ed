import { describe, expect, test } from 'vitest'
import { Conductor, Job } from '../../src/shell/conductor.ts'
import { Simulator } from '../../src/sim/simulator.ts'

/** A simulation with an event each second, and notes of what happened when. */
function scene(isHeld: boolean) {
  const simulator = new Simulator()
  const notes: string[] = []
  const note = (text: string): void => {
    notes.push(`${simulator.nowNs / 1e9}s ${text}`)
  }
  const origin = simulator.origin('clock')
  for (let second = 1; second <= 9; second += 1) simulator.schedule(origin, second * 1e9, () => note('event'))
  const conductor = new Conductor(simulator, { isHeld })
  /** A shell that wakes every so often, and computes for a while each time. */
  const shell = (name: string, everyNs: number, times: number) => async (): Promise<void> => {
    const job = new Job()
    for (let round = 0; round < times; round += 1) {
      await conductor.wait(() => false, simulator.nowNs + everyNs, job)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
      note(name)
    }
  }
  return { simulator, notes, conductor, shell }
}

describe('a conductor', () => {
  test('lets no event run while a shell computes', async () => {
    const { conductor, notes, shell } = scene(true)
    conductor.spawn(shell('a', 1.5e9, 2))
    await conductor.advance(() => true, 4e9)
    expect(notes).toEqual(['1s event', '1.5s a', '2s event', '3s event', '3s a', '4s event'])
  })

  test('comes to the same however often it is stopped, shells of one instant in the order in which they waited', async () => {
    const whole = scene(true)
    const parts = scene(true)
    for (const { conductor, shell } of [whole, parts]) {
      conductor.spawn(shell('a', 1e9, 4))
      conductor.spawn(shell('b', 2e9, 2))
    }
    await whole.conductor.advance(() => true, 5e9)
    for (let atNs = 0; atNs <= 5e9; atNs += 0.25e9) await parts.conductor.advance(() => true, atNs)
    expect(parts.notes).toEqual(whole.notes)
    expect(whole.notes.filter(text => text.startsWith('2s'))).toEqual(['2s event', '2s b', '2s a'])
  })

  test('wakes a shell between two events, as soon as what it waits for has come', async () => {
    const { conductor, simulator, notes } = scene(true)
    conductor.spawn(async () => {
      const outcome = await conductor.wait(() => simulator.executedEvents === 3, 9e9, new Job())
      notes.push(outcome)
    })
    await conductor.advance(() => true, 4e9)
    expect(notes).toEqual(['1s event', '2s event', '3s event', 'quiet', '4s event'])
  })

  test('is led by who waits without a job, unless it is held', async () => {
    const free = scene(false)
    free.conductor.spawn(free.shell('a', 1.5e9, 1))
    expect(await free.conductor.wait(() => false, 2e9, undefined)).toBe('deadline')
    expect(free.notes).toEqual(['1s event', '1.5s a', '2s event'])
    const held = scene(true)
    let isOver = false
    void held.conductor
      .wait(() => false, 2e9, undefined)
      .then(() => {
        isOver = true
      })
    await Promise.resolve()
    expect([isOver, held.simulator.nowNs]).toEqual([false, 0])
  })

  test('throws what a job threw', async () => {
    const { conductor } = scene(true)
    conductor.spawn(async () => {
      await conductor.wait(() => false, 1e9, new Job())
      throw new Error('ours')
    })
    await expect(conductor.advance(() => true, 3e9)).rejects.toThrow('ours')
  })
})
