import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pace, SPEEDS } from '../../src/inspect/pace.ts'

const finite = SPEEDS.filter(speed => Number.isFinite(speed))

describe('the pace of playing', () => {
  test('simulated time is wall time times speed, however the ticks fall', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...finite),
        fc.array(fc.double({ min: 0.01, max: 200, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (speed, ticksMs) => {
          let wallMs = 1000
          const pace = new Pace(() => wallMs, speed)
          pace.play()
          let nowNs = 5
          for (const tickMs of ticksMs) {
            wallMs += tickMs
            nowNs = pace.dueNs(nowNs)
          }
          expect(Number.isSafeInteger(nowNs)).toBe(true)
          const exactNs = (wallMs - 1000) * 1e6 * speed
          expect(Math.abs(nowNs - 5 - exactNs)).toBeLessThan(ticksMs.length + exactNs * 1e-9 + 2)
        },
      ),
    )
  })

  test('stands still while paused, and does not make up for it', () => {
    let wallMs = 0
    const pace = new Pace(() => wallMs)
    expect(pace.dueNs(7)).toBe(7)
    pace.play()
    wallMs = 100
    expect(pace.dueNs(7)).toBe(7 + 100e6)
    pace.pause()
    wallMs = 5000
    expect([pace.isPlaying, pace.dueNs(7)]).toEqual([false, 7])
    pace.play()
    wallMs = 5010
    expect(pace.dueNs(7)).toBe(7 + 10e6)
  })

  test('a program that was held up goes on from where it was', () => {
    let wallMs = 0
    const pace = new Pace(() => wallMs)
    pace.play()
    wallMs = 60_000
    expect(pace.dueNs(0)).toBe(250e6)
  })

  test('goes up and down through the speeds, to as fast as possible', () => {
    const pace = new Pace(() => 0, 1)
    pace.play()
    const seen = [pace.speed]
    for (let step = 0; step < 12; step += 1) {
      pace.change(1)
      seen.push(pace.speed)
    }
    expect(new Set(seen)).toEqual(new Set(SPEEDS.slice(SPEEDS.indexOf(1))))
    expect(pace.dueNs(3)).toBe(Number.POSITIVE_INFINITY)
    for (let step = 0; step < 12; step += 1) pace.change(-1)
    expect(pace.speed).toBe(0.1)
  })
})
