import type { SourceRef } from '../model/source.ts'
import type { Step } from './answer.ts'

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
