import type { z } from 'zod'
import type { Lab } from '../lab/lab.ts'
import type { Terminal } from '../shell/terminal.ts'

/** What one evaluation of a check found. */
export interface CheckResult {
  readonly holds: boolean
  /** What was expected, in one line. */
  readonly expected: string
  /** What there is instead: the rows seen, lines of text. */
  readonly seen: readonly string[]
}

/** What checks look at. */
export interface CheckContext {
  readonly lab: Lab
  readonly terminal: Terminal
}

/**
 * A check on the lab's state: one file in `assertions/`, one line in its table. It may take simulated time (`reach` sends
 * packets).
 */
export interface Check {
  readonly name: string
  readonly schema: z.ZodType
  evaluate(context: CheckContext, argument: never): Promise<CheckResult> | CheckResult
}

/** Defines a check with its argument typed by its schema. */
export function defineCheck<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  evaluate: (context: CheckContext, argument: z.infer<Schema>) => Promise<CheckResult> | CheckResult,
): Check {
  return { name, schema, evaluate }
}
