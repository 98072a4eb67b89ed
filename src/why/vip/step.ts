import type { SourceRef } from '../../model/source.ts'
import type { Step } from '../answer.ts'

/** A gate that lets through. */
export function passed(text: string, source?: SourceRef, steps?: readonly Step[]): Step {
  return makeStep('pass', text, source, steps)
}

/** The gate that does not. */
export function failed(text: string, source?: SourceRef, steps?: readonly Step[]): Step {
  return makeStep('fail', text, source, steps)
}

/** Only told. */
export function told(text: string, source?: SourceRef, steps?: readonly Step[]): Step {
  return makeStep('info', text, source, steps)
}

function makeStep(
  outcome: Step['outcome'],
  text: string,
  source: SourceRef | undefined,
  steps: readonly Step[] = [],
): Step {
  return {
    text,
    outcome,
    ...(source === undefined ? {} : { source }),
    ...(steps.length === 0 ? {} : { steps }),
  }
}

/** One candidate speaks for itself; of several a sentence is said and each stands below it. */
export function failedFor(text: string, candidates: readonly Step[]): Step {
  const [only] = candidates
  if (only === undefined) return failed(text)
  return candidates.length === 1 ? { ...only, outcome: 'fail' } : failed(text, only.source, candidates)
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listText(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names
  if (shown.length < 2) return shown[0] ?? 'nobody'
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
