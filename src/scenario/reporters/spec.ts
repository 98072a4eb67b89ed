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
export function renderEvent(event: ScenarioEvent, paint: Paint, shorten = (path: string) => path): string {
  switch (event.kind) {
    case 'start':
      return `${paint.bold(event.claim)}\n${paint.dim(shorten(event.file))}\n`
    case 'setup':
      return event.stdout
    case 'command':
      return `${prompt(event.text, paint)}${event.stdout}${event.stderr}${event.exitCode === 0 ? '' : paint.dim(`(exit status ${event.exitCode})\n`)}`
    case 'note':
      return `${paint.dim(`· ${event.text}`)}\n`
    case 'check':
      return renderCheck(event.outcome, paint, shorten)
    case 'mistake': {
      const { file, line, column } = event.diagnostic.source
      return `${paint.bad('error')}: ${event.diagnostic.message}\n  ${paint.dim(`${shorten(file)}:${line}:${column}`)}\n`
    }
  }
}

/** A run that came to its end, or was broken off by Ctrl-C. */
export interface EndedRun extends Omit<ScenarioResult, 'status'> {
  readonly status: ScenarioResult['status'] | 'interrupted'
}

const VERDICTS = { wrong: 'cannot run', fails: 'does not hold', interrupted: 'interrupted' } as const

/** The last lines: how many checks hold. */
export function renderResult(result: EndedRun, paint: Paint): string {
  const failed = result.outcomes.filter(outcome => !outcome.holds).length
  const held = result.outcomes.length - failed
  const verdict = result.status === 'holds' ? paint.good('holds') : paint.bad(VERDICTS[result.status])
  return `\n${paint.bold('claim')} ${verdict}: ${held} of ${result.outcomes.length} checks hold ${paint.dim(`(${(result.simulatedNs / 1e9).toFixed(3)}s simulated, ${result.events} events)`)}\n`
}

function prompt(text: string, paint: Paint): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${paint.dim(index === 0 ? '$' : '>')} ${line}\n`)
    .join('')
}

/** A check: one line when it holds; else also what there was, when, what had happened, and how to see it again. */
export function renderCheck(outcome: CheckOutcome, paint: Paint, shorten: (path: string) => string): string {
  if (outcome.holds) return `${paint.good('✓')} ${outcome.expected}\n`
  const { source, seen, journal, atNs } = outcome
  const file = shorten(source.file)
  const lines = [
    `${paint.bad('✗')} ${outcome.expected}`,
    `  ${paint.dim(`${file}:${source.line} at ${(atNs / 1e9).toFixed(6)}s`)}`,
    '  instead:',
    ...seen.map(row => `    ${row}`),
    ...(journal.length === 0 ? [] : ['  before:', ...journal.map(row => `    ${paint.dim(row)}`)]),
    `  again: ${replayCommand(file, outcome.seed)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** The command that does exactly this once more. */
export function replayCommand(file: string, seed: number): string {
  return `drylab run --seed ${seed} ${/^[\w./-]+$/.test(file) ? file : `'${file}'`}`
}
