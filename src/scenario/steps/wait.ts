import { formatDuration, parseDurationNs } from '../../text/duration.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** Lets a span of simulated time pass, or all of it up to an instant; a check that fails when that is past already. */
export async function wait(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const { simulator } = scenario.lab
  const { nowNs } = simulator
  const span = step.step.wait!
  const untilNs = typeof span === 'string' ? nowNs + parseDurationNs(span)! : parseDurationNs(span.until)!
  if (untilNs < nowNs) {
    const seen = [`at ${formatDuration(nowNs)} already`]
    scenario.check({ holds: false, expected: `before ${formatDuration(untilNs)}`, seen }, step)
    return
  }
  await scenario.pass(() => false, untilNs)
  scenario.tell({ kind: 'note', text: typeof span === 'string' ? `waited ${span}` : `waited until ${span.until}` })
}
