import type { z } from 'zod'
import type { Lab } from '../lab/lab.ts'
import type { CommandResult } from '../shell/command.ts'
import type { Job } from '../shell/conductor.ts'
import type { Terminal } from '../shell/terminal.ts'
import type { FaultFile } from './fault-schema.ts'
import type { GoldenFiles } from './match-text.ts'

/** What one evaluation of a check found. */
export interface CheckResult {
  readonly holds: boolean
  /** What was expected, in one line. */
  readonly expected: string
  /** What there is instead: the rows seen, lines of text. */
  readonly seen: readonly string[]
  /** The question names a node that is not there: no answer to it, not even "never", may hold. */
  readonly isUnanswerable?: true
}

/** What checks look at. */
export interface CheckContext {
  readonly lab: Lab
  readonly terminal: Terminal
  /** The shell that the checks belong to, when time is in somebody else's hand. */
  readonly job?: Job
  /** Runs shell text on the machine, in the folder of the scenario. */
  run(text: string): Promise<CommandResult>
  /** Breaks something, as the step `fail` does. */
  fail(fault: FaultFile): Promise<void>
  /** Files of expected texts, named relative to the scenario. */
  readonly golden: GoldenFiles
}

/**
 * A check on the lab's state: one file in `assertions/`, one line in its table. It may take simulated time (`reach` sends
 * packets).
 */
export interface Check<Argument = never> {
  /** Its key in scenarios. */
  readonly name: string
  readonly schema: z.ZodType
  /**
   * Whether one evaluation lets simulated time pass. Checks that do not are looked at after every change in the lab;
   * others every 50 ms.
   */
  readonly takesTime: boolean
  evaluate(context: CheckContext, argument: Argument): Promise<CheckResult> | CheckResult
}

/** Defines a check that reads the state there is. */
export function defineCheck<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  evaluate: (context: CheckContext, argument: z.output<Schema>) => CheckResult,
): Check<z.output<Schema>> {
  return { name, schema, takesTime: false, evaluate }
}

/** Defines a check that sends packets or waits. */
export function defineProbe<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  evaluate: (context: CheckContext, argument: z.output<Schema>) => Promise<CheckResult>,
): Check<z.output<Schema>> {
  return { name, schema, takesTime: true, evaluate }
}
