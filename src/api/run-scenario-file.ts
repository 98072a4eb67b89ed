import { absolutePath } from '../cli/absolute-path.ts'
import { realFiles } from '../cli/real-files.ts'
import { formatDiagnostic } from '../config/render-diagnostic.ts'
import { parseScenario } from '../scenario/parse-scenario.ts'
import type { ScenarioEvent, ScenarioResult } from '../scenario/result.ts'
import { runScenario as run } from '../scenario/run-scenario.ts'
import { LabError } from './lab-error.ts'

export interface RunScenarioOptions {
  /** Instead of the file's own. */
  readonly seed?: number
  /** Told of everything that happens, in order. */
  readonly onEvent?: (event: ScenarioEvent) => void
}

/**
 * Runs a scenario file to its end. A claim that does not hold is a result, not an error.
 *
 * @param path relative paths start at the working folder
 * @throws LabError when the file is wrong
 */
export async function runScenario(path: string, options: RunScenarioOptions = {}): Promise<ScenarioResult> {
  const file = absolutePath(path)
  const text = realFiles.readText(file)
  if (text === undefined) throw new LabError(`there is no file "${path}"`)
  const { model, diagnostics } = parseScenario(text, file)
  if (model === undefined) throw new LabError(diagnostics.map(formatDiagnostic).join('\n'))
  return run(model, { files: realFiles, ...options })
}
