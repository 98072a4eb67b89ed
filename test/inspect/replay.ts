import { realFiles } from '../../src/cli/real-files.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { runScenario } from '../../src/scenario/run-scenario.ts'

/** Runs a saved file as `drylab run` does. */
export async function replay(
  text: string,
  file: string,
): Promise<{ lab: Lab; status: string; failed: readonly string[] }> {
  const { model, diagnostics } = parseScenario(text, file)
  if (model === undefined) throw new Error(JSON.stringify(diagnostics))
  let lab: Lab | undefined
  const { status, outcomes } = await runScenario(model, {
    files: realFiles,
    onLab: opened => {
      lab = opened
    },
  })
  const failed = outcomes.filter(({ holds }) => !holds).map(({ expected, seen }) => `${expected}: ${seen.join(' ')}`)
  return { lab: lab!, status, failed }
}
