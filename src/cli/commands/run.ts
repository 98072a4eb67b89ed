import { resolve } from 'node:path'
import type { Diagnostic } from '../../config/diagnostic.ts'
import { renderDiagnostic } from '../../config/render-diagnostic.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import { renderEvent, renderResult } from '../../scenario/reporters/spec.ts'
import { runScenario } from '../../scenario/run-scenario.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { paintFor } from '../paint.ts'
import { Progress } from '../progress.ts'
import { realFiles } from '../real-files.ts'
import { shortPath } from '../test/run-job.ts'

export interface RunOptions {
  readonly seed?: number
}

/** `drylab run SCENARIO…`: every file is read before the first one runs. Returns the exit status. */
export async function run(paths: readonly string[], options: RunOptions): Promise<number> {
  const parsed = paths.map(path => {
    const file = resolve(path)
    const text = realFiles.readText(file)
    if (text === undefined) return { text, scenario: undefined, diagnostics: [missing(path)] }
    const { model, diagnostics } = parseScenario(text, file)
    return { text, scenario: model, diagnostics }
  })
  for (const { text, diagnostics } of parsed)
    for (const one of diagnostics) process.stderr.write(`${renderDiagnostic(one, text)}\n`)
  if (parsed.some(({ scenario }) => scenario === undefined)) return EXIT_CODE.usage
  const paint = paintFor(process.stdout)
  const shorten = (path: string): string => shortPath(process.cwd(), path)
  let exitCode: number = EXIT_CODE.ok
  for (const [index, { scenario }] of parsed.entries()) {
    const progress = new Progress()
    if (index > 0) process.stdout.write('\n')
    const result = await runScenario(scenario!, {
      files: realFiles,
      ...options,
      breathe: lab => progress.breathe(lab),
      onEvent: event => {
        progress.clear()
        process.stdout.write(renderEvent(event, paint, shorten))
        if (event.kind === 'setup') process.stderr.write(event.stderr)
      },
    })
    progress.clear()
    process.stdout.write(renderResult(result, paint))
    if (result.status === 'wrong') exitCode = EXIT_CODE.usage
    else if (result.status === 'fails' && exitCode === EXIT_CODE.ok) exitCode = EXIT_CODE.failed
  }
  return exitCode
}

function missing(path: string): Diagnostic {
  return {
    code: 'scenario/missing-file',
    severity: 'error',
    message: `there is no file "${path}"`,
    source: { file: path, line: 1, column: 1 },
  }
}
