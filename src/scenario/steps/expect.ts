import { parseDurationNs } from '../../text/duration.ts'
import { CHECKS } from '../assertions/table.ts'
import type { CheckResult } from '../check.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** How often a check is looked at while time passes. */
const LOOK_NS = 50e6

interface NamedCheck {
  readonly name: string
  readonly argument: unknown
}

/** Checks on state: at once, `within` a span, `always` or `never` during one. All that fail are told, not only the first. */
export async function expect(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const list = step.step.expect as readonly Readonly<Record<string, unknown>>[]
  const checks = list.map((entry): NamedCheck => ({ name: Object.keys(entry)[0]!, argument: Object.values(entry)[0] }))
  const { within, always, never } = step.step
  if (within !== undefined) await eventually(scenario, step, checks, parseDurationNs(within)!)
  else if (always !== undefined) await throughout(scenario, step, checks, parseDurationNs(always)!, true)
  else if (never !== undefined) await throughout(scenario, step, checks, parseDurationNs(never)!, false)
  else for (const check of checks) scenario.check(await evaluate(scenario, check), step)
}

async function eventually(
  scenario: ScenarioRun,
  step: ScenarioStep,
  checks: readonly NamedCheck[],
  spanNs: number,
): Promise<void> {
  const { simulator } = scenario.lab
  const deadlineNs = simulator.nowNs + spanNs
  let waiting = checks
  for (;;) {
    const results = []
    for (const check of waiting) results.push({ check, result: await evaluate(scenario, check) })
    const isOver = simulator.nowNs >= deadlineNs
    for (const { result } of results)
      if (result.holds || isOver)
        scenario.check({ ...result, expected: `${result.expected} (within ${spanNs / 1e9}s)` }, step)
    waiting = results.filter(({ result }) => !result.holds).map(({ check }) => check)
    if (waiting.length === 0 || isOver) return
    simulator.runUntil(Math.min(simulator.nowNs + LOOK_NS, deadlineNs))
  }
}

/** `holds` true: every look must find the check true; false: no look may. The first contradiction is told with its time. */
async function throughout(
  scenario: ScenarioRun,
  step: ScenarioStep,
  checks: readonly NamedCheck[],
  spanNs: number,
  holds: boolean,
): Promise<void> {
  const { simulator } = scenario.lab
  const deadlineNs = simulator.nowNs + spanNs
  const word = holds ? 'always' : 'never'
  let alive = [...checks]
  while (alive.length > 0) {
    const still: NamedCheck[] = []
    const isOver = simulator.nowNs >= deadlineNs
    for (const check of alive) {
      const result = await evaluate(scenario, check)
      const expected = `${word} for ${spanNs / 1e9}s: ${result.expected}`
      if (result.holds !== holds) scenario.check({ holds: false, expected, seen: result.seen }, step)
      else if (isOver) scenario.check({ holds: true, expected, seen: [] }, step)
      else still.push(check)
    }
    alive = still
    if (isOver) return
    simulator.runUntil(Math.min(simulator.nowNs + LOOK_NS, deadlineNs))
  }
}

async function evaluate(scenario: ScenarioRun, { name, argument }: NamedCheck): Promise<CheckResult> {
  const check = CHECKS.find(candidate => candidate.name === name)!
  return check.evaluate({ lab: scenario.lab, terminal: scenario.terminal }, argument as never)
}
