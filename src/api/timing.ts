import { NOW, type Timing } from '../scenario/evaluate.ts'
import { TIMINGS } from '../scenario/schema.ts'
import { parseDurationNs } from '../text/duration.ts'
import { LabError } from './lab-error.ts'

/**
 * When a check must hold, as durations of simulated time (`10s`, `1m30s`); at most one. Without any it must hold at once.
 *
 * - `within`: at one moment of the span
 * - `always`, `never`: all through the span
 * - `settled`: once only periodic work is left, which must come within the span
 */
export interface When {
  readonly within?: string
  readonly always?: string
  readonly never?: string
  readonly settled?: string
}

/** Reads it. LabError when a duration is none or there is more than one. */
export function readTiming(when: When): Timing {
  const kinds = TIMINGS.filter(name => when[name] !== undefined)
  if (kinds.length > 1) throw new LabError(`only one of ${kinds.join(', ')} is possible`)
  const kind = kinds[0]
  if (kind === undefined) return NOW
  return { kind, spanNs: readSpan(when[kind]!) }
}

/** A duration in nanoseconds. LabError when it is none. */
export function readSpan(text: string): number {
  const spanNs = parseDurationNs(text)
  if (spanNs === undefined) throw new LabError(`"${text}" is not a duration such as 500ms, 10s or 1m30s`)
  return spanNs
}
