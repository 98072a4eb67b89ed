import type { CheckOutcome, ScenarioEvent, ScenarioResult } from '../result.ts'

/** Colours, or nothing where there is no terminal. */
export interface Paint {
  good(text: string): string
  bad(text: string): string
  dim(text: string): string
  bold(text: string): string
}

export const NO_PAINT: Paint = { good: text => text, bad: text => text, dim: text => text, bold: text => text }

/** One event of a running scenario as a terminal would show it. */
export function renderEvent(event: ScenarioEvent, paint: Paint): string {
  switch (event.kind) {
    case 'start':
      return `${paint.bold(event.claim)}\n${paint.dim(event.file)}\n`
    case 'setup':
      return event.stdout
    case 'command':
      return `${prompt(event.text, paint)}${event.stdout}${event.stderr}${event.exitCode === 0 ? '' : paint.dim(`(exit status ${event.exitCode})\n`)}`
    case 'note':
      return `${paint.dim(`· ${event.text}`)}\n`
    case 'check':
      return renderCheck(event.outcome, paint)
  }
}

/** The last lines: how many checks hold. */
export function renderResult(result: ScenarioResult, paint: Paint): string {
  const failed = result.outcomes.filter(outcome => !outcome.holds).length
  const held = result.outcomes.length - failed
  const verdict =
    result.status === 'holds'
      ? paint.good('holds')
      : paint.bad(result.status === 'wrong' ? 'cannot run' : 'does not hold')
  return `\n${paint.bold('claim')} ${verdict}: ${held} of ${result.outcomes.length} checks hold ${paint.dim(`(${(result.simulatedNs / 1e9).toFixed(3)}s simulated, ${result.events} events)`)}\n`
}

function prompt(text: string, paint: Paint): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${paint.dim(index === 0 ? '$' : '>')} ${line}\n`)
    .join('')
}

function renderCheck(outcome: CheckOutcome, paint: Paint): string {
  if (outcome.holds) return `${paint.good('✓')} ${outcome.expected}\n`
  const { file, line } = outcome.source
  const seen = outcome.seen.map(row => `    ${row}\n`).join('')
  return `${paint.bad('✗')} ${outcome.expected}\n  ${paint.dim(`${file}:${line} at ${(outcome.atNs / 1e9).toFixed(6)}s`)}\n  instead:\n${seen}`
}
