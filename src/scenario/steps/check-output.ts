import type { CommandResult } from '../../shell/command.ts'
import { mismatch } from '../match-text.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'
import type { OutputExpectation } from '../values.ts'

/** Compares what a command printed and its exit status with what is expected, one check for each. */
export function checkOutput(
  scenario: ScenarioRun,
  step: ScenarioStep,
  expected: OutputExpectation,
  result: CommandResult,
): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const matcher = expected[stream]
    if (matcher === undefined) continue
    const wrong = mismatch(result[stream], matcher, scenario.context.golden)
    const seen = wrong === undefined ? [] : result[stream].replace(/\n$/, '').split('\n')
    scenario.check(
      {
        holds: wrong === undefined,
        expected: wrong === undefined ? `${stream} ${describe(matcher)}` : `${stream}${commandOf(step)} ${wrong}`,
        seen,
      },
      step,
      step.step.run,
    )
  }
  if (expected.exit !== undefined) {
    const { exitCode } = result
    scenario.check(
      {
        holds: exitCode === expected.exit,
        expected: `exit status ${expected.exit}`,
        seen: exitCode === expected.exit ? [] : [`exit status ${exitCode}`],
      },
      step,
      step.step.run,
    )
  }
}

/** Reports show a failed check without the command above it. */
function commandOf({ step }: ScenarioStep): string {
  const text = (step.run ?? '').trim()
  if (text === '') return ''
  const first = text.split('\n')[0]!
  return ` of \`${first}${first === text ? '' : ' …'}\``
}

function describe(matcher: NonNullable<OutputExpectation['stdout']>): string {
  if (typeof matcher === 'string') return `is ${brief(matcher)}`
  const parts = []
  if (matcher.contains !== undefined) parts.push(`contains ${[matcher.contains].flat().map(brief).join(', ')}`)
  if (matcher.matches !== undefined) parts.push(`matches /${matcher.matches}/`)
  if (matcher.lines !== undefined) parts.push(`has ${matcher.lines} lines`)
  if (matcher.golden !== undefined) parts.push(`equals ${matcher.golden}`)
  return parts.join(' and ')
}

function brief(text: string): string {
  const shown = text.replace(/\n$/, '').replaceAll('\n', '⏎')
  return shown.length > 70 ? `"${shown.slice(0, 67)}…"` : `"${shown}"`
}
