import { parseDurationNs } from '../../text/duration.ts'
import { evaluateChecks, type NamedCheck, NOW, type Timing } from '../evaluate.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'
import type { StepFile } from '../schema.ts'
import { TIMINGS } from '../schema.ts'

/** Checks on state: at once, `within` a span, `always` or `never` during one, or once the lab has `settled`. */
export async function expect(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  const list = step.step.expect as readonly Readonly<Record<string, unknown>>[]
  const checks = list.map((entry): NamedCheck => ({ name: Object.keys(entry)[0]!, argument: Object.values(entry)[0] }))
  await evaluateChecks(scenario.context, checks, timingOf(step.step), (result, check) => {
    const index = checks.indexOf(check)
    const source = step.checkSources[index] ?? step.source
    scenario.check(result, { ...step, source }, check.argument)
  })
}

function timingOf(step: StepFile): Timing {
  const kind = TIMINGS.find(name => step[name] !== undefined)
  return kind === undefined ? NOW : { kind, spanNs: parseDurationNs(step[kind]!)! }
}
