import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'
import { checkOutput } from './check-output.ts'

/** Starts shell text in another terminal. */
export async function start(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const { as: name, run: text } = step.step.start!
  scenario.background.set(name, scenario.terminal.start(text, scenario.place))
  // what it does at once is done before the next step
  await scenario.pass(() => true, scenario.lab.simulator.nowNs)
  scenario.tell({ kind: 'note', text: `started ${name}: ${text}` })
}

/** Gives a started command Ctrl-C and looks at what it printed. */
export async function stop(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const name = step.step.stop!
  const command = scenario.background.get(name)
  if (command === undefined) {
    scenario.check(
      { holds: false, expected: `a command started as "${name}"`, seen: [...scenario.background.keys()] },
      step,
    )
    return
  }
  scenario.background.delete(name)
  command.task.interrupt()
  const { simulator } = scenario.lab
  await scenario.pass(() => command.task.isDone, simulator.nowNs + 60e9)
  const result = { ...command.output(), exitCode: command.task.result?.exitCode ?? 130 }
  scenario.tell({ kind: 'command', text: `(stop ${name})`, ...result })
  const expected = step.step.expect
  if (expected !== undefined && !Array.isArray(expected)) checkOutput(scenario, step, expected, result)
}
