import { Settling } from '../lab/settling.ts'
import { CHECKS } from './assertions/table.ts'
import type { CheckContext, CheckResult } from './check.ts'

/** A check with its argument, as an entry of `expect` names it. */
export interface NamedCheck {
  readonly name: string
  readonly argument: unknown
}

/**
 * When a check must hold: `now`; at one moment `within` a span; `always` or `never` during one; `settled`: once only
 * periodic work is left, which must come within the span.
 */
export interface Timing {
  readonly kind: 'now' | 'within' | 'always' | 'never' | 'settled'
  readonly spanNs: number
}

export const NOW: Timing = { kind: 'now', spanNs: 0 }

/** Takes what became of one check. */
type Tell = (result: CheckResult, check: NamedCheck) => void

/** How often a check that takes time is looked at, and others at the latest. */
const LOOK_NS = 50e6

/** Evaluates checks with the timing given. All that fail are told, not only the first. */
export async function evaluateChecks(
  context: CheckContext,
  checks: readonly NamedCheck[],
  timing: Timing,
  tell: Tell,
): Promise<void> {
  switch (timing.kind) {
    case 'now':
      for (const check of checks) tell(await evaluate(context, check), check)
      return
    case 'within':
      return eventually(context, checks, timing.spanNs, tell)
    case 'always':
      return throughout(context, checks, timing.spanNs, true, tell)
    case 'never':
      return throughout(context, checks, timing.spanNs, false, tell)
    case 'settled':
      return onceSettled(context, checks, timing.spanNs, tell)
  }
}

async function eventually(
  context: CheckContext,
  checks: readonly NamedCheck[],
  spanNs: number,
  tell: Tell,
): Promise<void> {
  const { simulator } = context.lab
  const deadlineNs = simulator.nowNs + spanNs
  let waiting = checks
  for (;;) {
    const results = []
    for (const check of waiting) results.push({ check, result: await evaluate(context, check) })
    const isOver = simulator.nowNs >= deadlineNs
    for (const { check, result } of results)
      if (result.holds || isOver) tell({ ...result, expected: `${result.expected} (within ${spanNs / 1e9}s)` }, check)
    waiting = results.filter(({ result }) => !result.holds).map(({ check }) => check)
    if (waiting.length === 0 || isOver) return
    await passTime(context, waiting, deadlineNs)
  }
}

/** `holds` true: every look must find the check true; false: no look may. The first contradiction is told with its time. */
async function throughout(
  context: CheckContext,
  checks: readonly NamedCheck[],
  spanNs: number,
  holds: boolean,
  tell: Tell,
): Promise<void> {
  const { simulator } = context.lab
  const deadlineNs = simulator.nowNs + spanNs
  let alive = [...checks]
  while (alive.length > 0) {
    const still: NamedCheck[] = []
    const isOver = simulator.nowNs >= deadlineNs
    for (const check of alive) {
      const result = await evaluate(context, check)
      const expected = `${holds ? 'always' : 'never'} for ${spanNs / 1e9}s: ${result.expected}`
      if (result.holds !== holds || result.isUnanswerable) tell({ ...result, holds: false, expected }, check)
      else if (isOver) tell({ holds: true, expected, seen: [] }, check)
      else still.push(check)
    }
    alive = still
    if (isOver) return
    if (alive.length > 0) await passTime(context, alive, deadlineNs)
  }
}

async function onceSettled(
  context: CheckContext,
  checks: readonly NamedCheck[],
  spanNs: number,
  tell: Tell,
): Promise<void> {
  const { simulator } = context.lab
  const settling = new Settling(simulator)
  const outcome = await pass(context, () => settling.isOver, simulator.nowNs + spanNs)
  const unsettled = settling.end(outcome, spanNs)
  for (const check of checks) {
    const result = await evaluate(context, check)
    const expected = `${result.expected} (once settled)`
    if (unsettled.length === 0) tell({ ...result, expected }, check)
    else tell({ holds: false, expected, seen: [...unsettled, ...result.seen] }, check)
  }
}

/** Lets time pass to the next look: after the next journalled change, or when a look is due anyway. */
async function passTime(context: CheckContext, checks: readonly NamedCheck[], deadlineNs: number): Promise<void> {
  const { simulator } = context.lab
  const { journal } = simulator
  const untilNs = Math.min(simulator.nowNs + LOOK_NS, deadlineNs)
  if (checks.some(check => checkNamed(check.name).takesTime)) {
    await pass(context, () => false, untilNs)
    return
  }
  const before = journal.dropped + journal.entries.length
  const outcome = await pass(context, () => journal.dropped + journal.entries.length !== before, untilNs)
  // a change is complete once its instant is over
  if (outcome === 'quiet') await pass(context, () => false, simulator.nowNs)
}

function pass({ terminal, job }: CheckContext, isOver: () => boolean, deadlineNs: number) {
  return terminal.conductor.wait(isOver, deadlineNs, job)
}

async function evaluate(context: CheckContext, { name, argument }: NamedCheck): Promise<CheckResult> {
  return checkNamed(name).evaluate(context, argument as never)
}

function checkNamed(name: string) {
  return CHECKS.find(candidate => candidate.name === name)!
}
