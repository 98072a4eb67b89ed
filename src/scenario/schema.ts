import { z } from 'zod'
import { parseDurationNs } from '../text/duration.ts'
import { CHECKS } from './assertions/table.ts'

/** `120s`, `500ms`, `1m30s` → nanoseconds. */
export const duration = z
  .string()
  .refine(text => parseDurationNs(text) !== undefined, { error: 'expected a duration such as 500ms, 10s or 1m30s' })

const textMatcher = z.union([
  z.string(),
  z.strictObject({
    contains: z.union([z.string(), z.array(z.string())]).optional(),
    matches: z.string().optional(),
    lines: z.int().min(0).optional(),
    golden: z.string().optional(),
    spaces: z.literal('any').optional(),
  }),
])

/** What a command's output must be. */
const outputExpectation = z.strictObject({
  stdout: textMatcher.optional(),
  stderr: textMatcher.optional(),
  exit: z.int().min(0).max(255).optional(),
})

/** One check on state: a mapping with the check's name as its only key. */
const check = z.record(z.string(), z.unknown()).superRefine((value, context) => {
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

const fault = z.strictObject({
  link: z.string().optional(),
  node: z.string().optional(),
})

const step = z.strictObject({
  run: z.string().optional(),
  start: z.strictObject({ as: z.string(), run: z.string() }).optional(),
  stop: z.string().optional(),
  settle: duration.optional(),
  wait: duration.optional(),
  fail: fault.optional(),
  restore: fault.optional(),
  expect: z.union([outputExpectation, z.array(check)]).optional(),
  within: duration.optional(),
  always: duration.optional(),
  never: duration.optional(),
})

/** A scenario file: a claim about a lab and the steps that show it. */
export const scenarioSchema = z.strictObject({
  claim: z.string(),
  lab: z.string(),
  seed: z.int().min(0).max(0xffffffff).optional(),
  clock: z
    .string()
    .refine(text => !Number.isNaN(Date.parse(text)), { error: 'expected an instant such as 2025-07-03T14:00:00Z' })
    .optional(),
  steps: z.array(step),
})

export type ScenarioFile = z.infer<typeof scenarioSchema>
export type StepFile = z.infer<typeof step>
export type TextMatcher = z.infer<typeof textMatcher>
export type OutputExpectation = z.infer<typeof outputExpectation>

/** Keys that say what a step does; each step has exactly one, `expect` alone or behind `run` and `stop`. */
export const STEP_KINDS = ['run', 'start', 'stop', 'settle', 'wait', 'fail', 'restore', 'expect'] as const
