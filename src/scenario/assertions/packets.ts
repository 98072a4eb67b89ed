import { z } from 'zod'
import { parseDurationNs } from '../../text/duration.ts'
import type { EthernetFrame } from '../../wire/ethernet.ts'
import { defineProbe } from '../check.ts'
import { describeFrame } from '../support/describe-frame.ts'
import { describePattern, fitsPattern, framePattern } from '../support/frame-pattern.ts'
import { countExpectation, duration, linkEnd } from '../values.ts'

/** How many of the frames seen are shown. */
const SHOWN = 12

/**
 * Frames that pass an interface during a span (`for`), or while a command runs (`while`): how many there are whose header
 * fields fit. Without `count` at least one must.
 */
export const packets = defineProbe(
  'packets',
  z.strictObject({
    on: linkEnd,
    for: duration.optional(),
    while: z.string().optional(),
    count: countExpectation.optional(),
    direction: z.enum(['in', 'out']).optional(),
    where: framePattern.optional(),
  }),
  async (context, { on, for: span, while: command, count = { min: 1 }, direction, where = {} }) => {
    const { simulator } = context.lab
    const bounds = typeof count === 'number' ? { min: count, max: count } : count
    const expected = `${boundsText(bounds)} frames on ${on}${direction === undefined ? '' : ` ${direction}`}${describePattern(where)}${command === undefined ? ` during ${span ?? '1s'}` : ` while: ${command}`}`
    const [name, device] = on.split(':') as [string, string]
    const taps = context.lab.node(name)?.host.interfaces.get(device)?.taps
    if (taps === undefined) return { holds: false, expected, seen: [`there is no interface ${on}`] }
    const rows: string[] = []
    let fitting = 0
    const tap = (frame: EthernetFrame, way: 'in' | 'out'): void => {
      const fits = (direction === undefined || direction === way) && fitsPattern(frame, where)
      if (fits) fitting += 1
      const row = `${fits ? '*' : ' '} ${(simulator.nowNs / 1e9).toFixed(6)}s ${way.padEnd(3)} ${describeFrame(frame)}`
      if (rows.length < SHOWN || fits) rows.push(row)
    }
    taps.add(tap)
    if (command !== undefined) await context.run(command)
    if (span !== undefined || command === undefined)
      simulator.runUntil(simulator.nowNs + parseDurationNs(span ?? '1s')!)
    taps.delete(tap)
    const holds = fitting >= (bounds.min ?? 0) && fitting <= (bounds.max ?? Number.POSITIVE_INFINITY)
    return { holds, expected, seen: [`${fitting} frames fit (marked *)`, ...rows.slice(0, SHOWN)] }
  },
)

function boundsText({ min, max }: { readonly min?: number | undefined; readonly max?: number | undefined }): string {
  if (min === max) return String(min)
  if (max === undefined) return `at least ${min ?? 0}`
  return min === undefined ? `at most ${max}` : `${min} to ${max}`
}
