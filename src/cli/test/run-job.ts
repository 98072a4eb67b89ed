import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { Diagnostic } from '../../config/diagnostic.ts'
import { renderDiagnostic } from '../../config/render-diagnostic.ts'
import type { Lab } from '../../lab/lab.ts'
import { parseScenario, type Scenario } from '../../scenario/parse-scenario.ts'
import { runScenario } from '../../scenario/run-scenario.ts'
import type { TestProblem, TestResult } from '../../scenario/test-result.ts'
import { realFiles } from '../real-files.ts'
import { emptyResult, type Job } from './job.ts'

/** Runs one scenario to its end, whatever happens. */
export async function runJob(job: Job, breathe: (lab: Lab) => Promise<void>): Promise<TestResult> {
  const startMs = performance.now()
  const shorten = (path: string): string => shortPath(job.folder, path)
  const file = shorten(job.path)
  const text = realFiles.readText(job.path) ?? ''
  const { model, diagnostics } = parseScenario(text, job.path)
  if (model === undefined)
    return { ...emptyResult(job, file, 'wrong'), problems: diagnostics.map(one => problemOf(one, text, shorten)) }
  try {
    return { ...(await runParsed(job, model, text, breathe, shorten)), wallMs: performance.now() - startMs }
  } catch (thrown) {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    const source = { file, line: 1, column: 1 }
    const problem = { text: `drylab has a fault: ${message}`, message: `drylab has a fault: ${message}`, source }
    return { ...emptyResult(job, file, 'crashed'), claim: model.claim, problems: [problem] }
  }
}

async function runParsed(
  job: Job,
  scenario: Scenario,
  text: string,
  breathe: (lab: Lab) => Promise<void>,
  shorten: (path: string) => string,
): Promise<TestResult> {
  const problems: TestProblem[] = []
  const updated: string[] = []
  let setupErrors = ''
  const writeGolden = (path: string, content: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    updated.push(shorten(path))
  }
  const result = await runScenario(scenario, {
    files: realFiles,
    seed: job.seed ?? scenario.seed + (job.seedOffset ?? 0),
    ...(job.update ? { writeGolden } : {}),
    breathe,
    onEvent(event) {
      if (event.kind === 'mistake') problems.push(problemOf(event.diagnostic, text, shorten))
      if (event.kind === 'setup') setupErrors = event.stderr
    },
  })
  const { status, seed, claim, simulatedNs, events } = result
  if (status === 'wrong' && problems.length === 0) {
    const message = `the lab could not be built: ${setupErrors.trim()}`
    problems.push({ text: message, message, source: { file: shorten(job.path), line: 1, column: 1 } })
  }
  const outcomes = result.outcomes.map(one => ({ ...one, source: { ...one.source, file: shorten(one.source.file) } }))
  return {
    ...emptyResult(job, shorten(job.path), status),
    claim,
    seed,
    outcomes,
    problems,
    simulatedNs,
    events,
    updated,
  }
}

function problemOf(diagnostic: Diagnostic, text: string, shorten: (path: string) => string): TestProblem {
  const source = { ...diagnostic.source, file: shorten(diagnostic.source.file) }
  return { text: renderDiagnostic({ ...diagnostic, source }, text), message: diagnostic.message, source }
}

/** A path as people write it in this folder; absolute when it lies outside. */
export function shortPath(folder: string, path: string): string {
  const short = relative(folder, path)
  return short === '' || short.startsWith('..') ? path : short
}
