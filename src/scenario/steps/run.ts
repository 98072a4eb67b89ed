import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'
import { checkOutput } from './check-output.ts'
import { expect } from './expect.ts'

/** Runs shell text on the machine. Without an expectation the text must succeed. */
export async function run(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const text = step.step.run!
  const result = await scenario.terminal.run(text, scenario.place)
  scenario.tell({ kind: 'command', text, ...result })
  const expected = step.step.expect
  if (Array.isArray(expected)) return expect(scenario, step)
  if (expected !== undefined) return checkOutput(scenario, step, expected, result)
  if (result.exitCode !== 0) {
    scenario.check(
      {
        holds: false,
        expected: `exit status 0 of: ${text.trim().split('\n')[0]}`,
        seen: [`exit status ${result.exitCode}`, ...lastLines(result.stderr)],
      },
      step,
      text,
    )
  }
}

function lastLines(text: string): string[] {
  return text.trim().split('\n').slice(-3)
}
