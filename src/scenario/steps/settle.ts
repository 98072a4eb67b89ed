import { parseDurationNs } from '../../text/duration.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** Lets time pass until only periodic work is left; a check that fails when that takes longer than allowed. */
export async function settle(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const { simulator } = scenario.lab
  const limit = step.step.settle!
  const startNs = simulator.nowNs
  const outcome = await scenario.pass(() => simulator.pendingWork === 0, startNs + parseDurationNs(limit)!)
  if (outcome === 'quiet') {
    scenario.tell({ kind: 'note', text: `settled after ${((simulator.nowNs - startNs) / 1e9).toFixed(3)}s` })
    return
  }
  const pending = simulator.pendingWorkOrigins()
  scenario.check(
    {
      holds: false,
      expected: `settled within ${limit}`,
      seen: [`still at work: ${pending.slice(0, 8).join(', ')}${pending.length > 8 ? ' …' : ''}`],
    },
    step,
  )
}
