import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventHeap } from '../../src/sim/event-heap.ts'
import { EventQueue, type ScheduledEvent } from '../../src/sim/event-queue.ts'
import { Random } from '../../src/sim/random.ts'

function event(atNs: number, name: string, sequence: number): ScheduledEvent {
  return { atNs, origin: { name, nextSequence: 0 }, sequence, kind: 'work', action: () => {}, cancelled: false }
}

describe('EventQueue', () => {
  it('gives events back by instant, then by name of their origin', () => {
    const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.string({ minLength: 1, maxLength: 2 })), {
      maxLength: 3000,
    })
    fc.assert(
      fc.property(times, list => {
        const queue = new EventQueue()
        for (const [atNs, name] of list) queue.push(event(atNs, name, 0))
        const order: [number, string][] = []
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) order.push([next.atNs, next.origin.name])
        const expected = [...list].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
        expect(order).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('has the order of one heap with tens of thousands pending, some of them far off, while others come in', () => {
    const random = new Random(3)
    const [queue, heap] = [new EventQueue(), new EventHeap()]
    const origins = ['a', 'b', 'c'].map(name => ({ name, nextSequence: 0 }))
    let pushed = 0
    const push = (fromNs: number): void => {
      const origin = origins[random.integer(0, 3)]!
      const atNs = fromNs + random.integer(0, [2, 1000, 1e6, 1e13][random.integer(0, 4)]!)
      const one = { atNs, origin, sequence: pushed++, kind: 'work' as const, action: () => {}, cancelled: false }
      queue.push(one)
      heap.push(one)
    }
    while (pushed < 30_000) push(0)
    const differing: number[] = []
    for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
      if (queue.pop() !== next) differing.push(next.sequence)
      if (pushed < 90_000) for (let count = random.integer(0, 4); count > 0; count -= 1) push(next.atNs)
    }
    expect(differing).toEqual([])
    expect([queue.size, queue.pop()]).toEqual([0, undefined])
  })

  it('counts and lists what is pending, near and far', () => {
    const queue = new EventQueue()
    for (let index = 0; index < 20_000; index += 1) queue.push(event(index * 7, 'a', index))
    for (let index = 0; index < 5000; index += 1) queue.pop()
    expect([queue.size, queue.snapshot().length]).toEqual([15_000, 15_000])
  })
})
