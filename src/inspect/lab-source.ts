import { folderOf } from '../config/path.ts'
import { renderDiagnostic } from '../config/render-diagnostic.ts'
import { parseScenario, type Scenario } from '../scenario/parse-scenario.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'

/** The files are wrong: nothing can be shown. The message holds all mistakes, each with its place. */
export class InspectError extends Error {
  override readonly name = 'InspectError'
}

/** What a time machine plays. */
export interface LabSource {
  /** Absolute path of the file that was named. */
  readonly path: string
  /** Absolute path of the containerlab file or setup script. */
  readonly labPath: string
  readonly files: ReadOnlyFiles
  readonly seed: number
  readonly epochMs: number | undefined
  /** Undefined for a lab. */
  readonly scenario: Scenario | undefined
  /** Working folder of commands: that of the file that was named. */
  readonly cwd: string
}

/** Tells a scenario from a lab by its keys. InspectError when a file is missing, or the scenario is wrong. */
export function readLabSource(path: string, files: ReadOnlyFiles, seed: number | undefined): LabSource {
  const cwd = folderOf(path)
  const scenario = readScenario(path, files)
  return {
    path,
    labPath: scenario?.labPath ?? path,
    files,
    seed: seed ?? scenario?.seed ?? 1,
    epochMs: scenario?.epochMs,
    scenario,
    cwd,
  }
}

function readScenario(path: string, files: ReadOnlyFiles): Scenario | undefined {
  const text = files.readText(path)
  if (text === undefined) throw new InspectError(`${path}: there is no such file`)
  if (path.endsWith('.sh') || !/^(claim|steps):/m.test(text)) return undefined
  const { model, diagnostics } = parseScenario(text, path)
  if (model === undefined) throw new InspectError(diagnostics.map(one => renderDiagnostic(one, text)).join('\n'))
  return model
}
