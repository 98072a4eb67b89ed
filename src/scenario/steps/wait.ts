import { parseDurationNs } from '../../text/duration.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** Lets a span of simulated time pass. */
export async function wait(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const { simulator } = scenario.lab
  simulator.runUntil(simulator.nowNs + parseDurationNs(step.step.wait!)!)
  scenario.tell({ kind: 'note', text: `waited ${step.step.wait}` })
}
