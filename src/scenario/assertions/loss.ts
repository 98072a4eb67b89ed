import { z } from 'zod'
import { parseDurationNs } from '../../text/duration.ts'
import { defineProbe } from '../check.ts'
import { faultSchema } from '../fault-schema.ts'
import { measureLoss } from '../support/measure-loss.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { parseTarget } from '../support/target.ts'
import { duration, nodeName } from '../values.ts'

/**
 * How long a flow is interrupted when something breaks: probes (pings, or TCP connections) leave at a steady pace, the
 * fault happens, and the longest span without an answer must be at most `at-most`. The fault stays.
 */
export const loss = defineProbe(
  'loss',
  z.strictObject({
    from: nodeName,
    to: z.string().min(1),
    during: faultSchema.optional(),
    'at-most': duration,
    /** Pace of the probes, 50 ms unless said. */
    every: duration.optional(),
    /** How long is looked on after the fault, 30 s unless said. */
    for: duration.optional(),
  }),
  async (context, argument) => {
    const { from, to, during, every = '50ms', for: span = '30s' } = argument
    const limitNs = parseDurationNs(argument['at-most'])!
    const fault =
      during === undefined
        ? ''
        : ` when ${Object.entries(during)
            .map(pair => pair.join(' '))
            .join(', ')} fails`
    const expected = `${from} loses ${to} for at most ${limitNs / 1e9}s${fault}`
    const node = nodeNamed(context.lab, from, expected)
    if (isAnswer(node)) return node
    const target = parseTarget(node.host, to)
    if (target === undefined) return { holds: false, expected, seen: [`"${to}" is no target`] }
    const result = await measureLoss(node.host, target, parseDurationNs(every)!, parseDurationNs(span)!, async () => {
      if (during !== undefined) await context.fail(during)
    })
    const windows = result.windows.map(
      ({ fromNs, untilNs }) =>
        `no answer from ${(fromNs / 1e9).toFixed(3)}s to ${(untilNs / 1e9).toFixed(3)}s: ${((untilNs - fromNs) / 1e9).toFixed(3)}s`,
    )
    const seen = [
      `${result.lost} of ${result.sent} probes lost${during === undefined ? '' : `, fault at ${(result.faultAtNs / 1e9).toFixed(3)}s`}`,
      ...windows,
    ]
    return {
      holds: result.longestNs <= limitNs && result.answeredBefore,
      expected,
      seen: result.answeredBefore ? seen : ['not reachable before the fault', ...seen],
    }
  },
)
