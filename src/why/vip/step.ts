import type { Step } from '../answer.ts'
import { failed, told } from '../step.ts'

/** One candidate speaks for itself; of several a sentence is said and each stands below it. */
export function failedFor(text: string, candidates: readonly Step[]): Step {
  const [only] = candidates
  if (only === undefined) return failed(text)
  return candidates.length === 1 ? { ...only, outcome: 'fail' } : failed(text, only.source, candidates)
}

/** One of several candidates that do not let through. */
export interface Refusal {
  readonly step: Step
  /** How likely it should have: 2 it is meant for the asker, 1 it is for nobody, 0 it is for others. */
  readonly likelihood: 0 | 1 | 2
}

/** The candidate that should most likely have let through, with the others below it; the sentence when several are equal. */
export function mostLikely(text: string, refusals: readonly Refusal[]): Step {
  const ordered = [...refusals].sort((a, b) => b.likelihood - a.likelihood)
  const [first, second] = ordered
  if (first === undefined) return failed(text)
  const steps = ordered.map(({ step }) => step)
  if (second?.likelihood === first.likelihood) return failed(text, first.step.source, steps)
  const others = steps.slice(1).map(step => told(step.text, step.source))
  return failed(first.step.text, first.step.source, [...(first.step.steps ?? []), ...others])
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listText(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names
  if (shown.length < 2) return shown[0] ?? 'nobody'
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** Names of nodes, or `all 4 nodes` when it is all that there are. */
export function nodesText(names: readonly string[], total: number): string {
  if (names.length < total || total < 2) return listText(names)
  return total === 2 ? 'both nodes' : `all ${total} nodes`
}
