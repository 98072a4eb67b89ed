import type { z } from 'zod'
import type { Converted, Diagnostic } from '../config/diagnostic.ts'
import { folderOf, resolvePath } from '../config/path.ts'
import { YamlFile, type YamlPath } from '../config/yaml-file.ts'
import type { SourceRef } from '../model/source.ts'
import { didYouMean } from '../text/nearest.ts'
import { CHECKS } from './assertions/table.ts'
import { type ScenarioFile, STEP_KINDS, type StepFile, scenarioSchema, TIMINGS } from './schema.ts'

/** A scenario that can run. */
export interface Scenario {
  readonly file: string
  readonly claim: string
  /** Absolute path of the lab's file. */
  readonly labPath: string
  readonly seed: number
  readonly epochMs: number | undefined
  readonly steps: readonly ScenarioStep[]
}

export interface ScenarioStep {
  readonly kind: (typeof STEP_KINDS)[number]
  readonly step: StepFile
  readonly source: SourceRef
  /** Where each check of `expect` is written. */
  readonly checkSources: readonly SourceRef[]
}

/** Reads a scenario file; all mistakes of the file at once, each with its position. */
export function parseScenario(text: string, file: string): Converted<Scenario> {
  const { model: yaml, diagnostics } = YamlFile.parse(text, file)
  if (yaml === undefined) return { model: undefined, diagnostics }
  const parsed = scenarioSchema.safeParse(yaml.value)
  if (!parsed.success)
    return { model: undefined, diagnostics: parsed.error.issues.flatMap(issue => explain(yaml, issue)) }
  const problems: Diagnostic[] = []
  const steps = parsed.data.steps.map((step, index) => convertStep(yaml, step, index, problems))
  if (problems.length > 0) return { model: undefined, diagnostics: problems }
  return { model: { file, ...convertHead(parsed.data, file), steps }, diagnostics: [] }
}

function convertHead(data: ScenarioFile, file: string) {
  return {
    claim: data.claim,
    labPath: resolvePath(folderOf(file), data.lab),
    seed: data.seed ?? 1,
    epochMs: data.clock === undefined ? undefined : Date.parse(data.clock),
  }
}

function convertStep(yaml: YamlFile, step: StepFile, index: number, problems: Diagnostic[]): ScenarioStep {
  const path = ['steps', index]
  const problem = (message: string) => problems.push(diagnostic(yaml.at(path), 'wrong-step', message))
  const kinds = STEP_KINDS.filter(kind => step[kind] !== undefined)
  const main = kinds.filter(kind => kind !== 'expect')
  if (main.length > 1) problem(`a step does one thing; this one has ${main.join(' and ')}`)
  const kind = main[0] ?? kinds[0]
  if (kind === undefined) problem(`a step needs one of ${STEP_KINDS.join(', ')}`)
  const isCommand = kind === 'run' || kind === 'stop'
  if (step.expect !== undefined && !Array.isArray(step.expect) && !isCommand)
    problem('stdout, stderr and exit can be expected behind "run" or "stop" only')
  if (step.expect !== undefined && kind !== 'expect' && !isCommand)
    problem('"expect" stands alone or behind "run" or "stop"')
  const spans = TIMINGS.filter(span => step[span] !== undefined)
  if (spans.length > 1) problem(`only one of ${spans.join(', ')} is possible`)
  if (spans.length > 0 && !Array.isArray(step.expect)) problem(`"${spans[0]}" needs a list of checks in "expect"`)
  const checkSources = Array.isArray(step.expect) ? step.expect.map((_, at) => yaml.at([...path, 'expect', at])) : []
  return { kind: kind ?? 'expect', step, source: yaml.at(path), checkSources }
}

/** zod's issues as diagnostics: one per unknown key, with a suggestion; otherwise the text and what is there. */
function explain(yaml: YamlFile, issue: z.core.$ZodIssue): Diagnostic[] {
  const path = issue.path as YamlPath
  if (issue.code === 'unrecognized_keys') {
    const known = path.at(-2) === 'expect' ? CHECKS.map(check => check.name) : knownKeys(path)
    return issue.keys.map(key =>
      diagnostic(yaml.keyAt([...path, key]), 'unknown-key', `unknown key "${key}"${didYouMean(key, known)}`),
    )
  }
  if (issue.code === 'invalid_union') {
    const first = issue.errors.flat().find(inner => inner.path.length > 0) ?? issue.errors.flat()[0]
    if (first !== undefined)
      return explain(yaml, { ...first, path: [...issue.path, ...first.path] } as z.core.$ZodIssue)
  }
  return [
    diagnostic(
      yaml.at(path),
      'wrong-value',
      `${path.length === 0 ? '' : `${path.join('.')}: `}${issue.message.replace(/^Invalid input: /, '')}`,
    ),
  ]
}

function knownKeys(path: YamlPath): readonly string[] {
  if (path.length === 0) return Object.keys(scenarioSchema.shape)
  if (path.length === 2 && path[0] === 'steps') return Object.keys(scenarioSchema.shape.steps.element.shape)
  return [
    'contains',
    'matches',
    'lines',
    'golden',
    'spaces',
    'stdout',
    'stderr',
    'exit',
    'link',
    'node',
    'as',
    'run',
    'until',
  ]
}

function diagnostic(source: SourceRef, code: string, message: string): Diagnostic {
  return { code: `scenario/${code}`, severity: 'error', message, source }
}
