import { Settling } from '../../lab/settling.ts'
import { parseDurationNs } from '../../text/duration.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** Lets time pass until only periodic work is left; a check that fails when that takes longer than allowed. */
export async function settle(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const { simulator } = scenario.lab
  const limit = step.step.settle!
  const limitNs = parseDurationNs(limit)!
  const startNs = simulator.nowNs
  const settling = new Settling(simulator)
  const outcome = await scenario.pass(() => settling.isOver, startNs + limitNs)
  const seen = settling.end(outcome, limitNs)
  if (seen.length > 0) scenario.check({ holds: false, expected: `settled within ${limit}`, seen }, step)
  else scenario.tell({ kind: 'note', text: `settled after ${((simulator.nowNs - startNs) / 1e9).toFixed(3)}s` })
}
