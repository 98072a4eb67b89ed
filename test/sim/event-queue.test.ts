import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue, type ScheduledEvent } from '../../src/sim/event-queue.ts'

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
})
