import { z } from 'zod'
import { CHECKS } from './assertions/table.ts'
import { faultSchema } from './fault-schema.ts'
import { duration, outputExpectation } from './values.ts'

/** One check on state: a mapping with the check's name as its only key. */
export const anyCheck = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  const names = Object.keys(value)
  const known = CHECKS.map(one => one.name)
  if (names.length !== 1) context.addIssue({ code: 'custom', message: `a check has one key (${known.join(', ')})` })
  for (const name of names) {
    const found = CHECKS.find(one => one.name === name)
    if (found === undefined) {
      context.addIssue({ code: 'unrecognized_keys', keys: [name], input: value, path: [] })
      continue
    }
    const result = found.schema.safeParse(value[name])
    for (const issue of result.error?.issues ?? []) context.addIssue({ ...issue, path: [name, ...issue.path] } as never)
  }
})

const step = z.strictObject({
  run: z.string().optional().describe('Shell text typed on the machine that runs the lab'),
  start: z
    .strictObject({ as: z.string(), run: z.string() })
    .optional()
    .describe('Shell text in another terminal, which goes on until "stop"'),
  stop: z.string().optional().describe('Gives the command started under this name Ctrl-C'),
  settle: duration.optional().describe('Until only periodic work is left, at most so long'),
  wait: z
    .union([duration, z.strictObject({ until: duration.describe('Instant since the start of the simulation') })])
    .optional()
    .describe('Lets simulated time pass: a span, or up to an instant'),
  fail: faultSchema.optional().describe('Breaks something'),
  restore: faultSchema.optional().describe('Mends what "fail" broke'),
  expect: z
    .union([outputExpectation, z.array(anyCheck)])
    .optional()
    .describe('Checks on the state, or what the command of "run" or "stop" printed'),
  within: duration.optional().describe('The checks hold at one moment of this span'),
  always: duration.optional().describe('The checks hold all through this span'),
  never: duration.optional().describe('No check holds at any moment of this span'),
  settled: duration.optional().describe('The checks hold once the lab has settled, which takes at most so long'),
})

/** A scenario file: a claim about a lab and the steps that show it. */
export const scenarioSchema = z.strictObject({
  claim: z.string().describe('What the scenario shows, in one sentence'),
  lab: z.string().describe('Containerlab file or setup script, relative to this file'),
  seed: z.int().min(0).max(0xffffffff).optional().describe('Source of every random choice, 1 unless given'),
  clock: z
    .string()
    .refine(text => !Number.isNaN(Date.parse(text)), { error: 'expected an instant such as 2025-07-03T14:00:00Z' })
    .optional(),
  steps: z.array(step),
})

export type ScenarioFile = z.infer<typeof scenarioSchema>
export type StepFile = z.infer<typeof step>

/** Keys that say when the checks of a step must hold; a step has at most one, and without one they must hold at once. */
export const TIMINGS = ['within', 'always', 'never', 'settled'] as const

/** Keys that say what a step does; each step has exactly one, `expect` alone or behind `run` and `stop`. */
export const STEP_KINDS = ['run', 'start', 'stop', 'settle', 'wait', 'fail', 'restore', 'expect'] as const
