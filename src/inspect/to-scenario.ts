import { stringify } from 'yaml'
import { folderOf, relativePath } from '../config/path.ts'
import { formatDuration } from '../text/duration.ts'
import type { DatedAct } from './act.ts'
import { StepWriter } from './step-writer.ts'
import { hasReached, type World } from './world.ts'

const SCHEMA = 'node_modules/drylab/dist/schema/scenario.json'

export interface ToScenarioOptions {
  /** Default: the scenario's own, or the list of what was done. */
  readonly claim?: string
  /** Where editors find the schema, from the file's folder. */
  readonly schema?: string
}

/**
 * What was done to a world, as a scenario that does it again. Every act comes at the end of its instant, as it came then. Of
 * a scenario's own steps those are kept that have begun; where an act came in the midst of `wait` or `settle`, the rest of
 * it follows the act.
 *
 * @param file absolute path of the file to be: the lab is named from there
 */
export function toScenario(
  world: World,
  acts: readonly DatedAct[],
  file: string,
  options: ToScenarioOptions = {},
): string {
  const { source, lab } = world
  const folder = folderOf(file)
  const writer = new StepWriter(world, acts, folder)
  let next = 0
  for (const step of world.begunSteps) {
    const { endedAt } = step
    const inside = acts.slice(next).filter(act => endedAt === undefined || !hasReached(act, endedAt))
    next += inside.length
    writer.writeStep(step, inside)
  }
  for (const act of acts.slice(next)) writer.writeAct(act)
  const content = {
    claim: options.claim ?? source.scenario?.claim ?? describe(acts),
    lab: relativePath(folder, source.labPath),
    seed: source.seed,
    clock: new Date(lab.simulator.epochMs).toISOString(),
    steps: [...writer.steps, { wait: { until: formatDuration(lab.simulator.nowNs) } }],
  }
  const header = `# yaml-language-server: $schema=${options.schema ?? SCHEMA}\n`
  return header + stringify(content, { lineWidth: 0 })
}

function describe(acts: readonly DatedAct[]): string {
  return acts.length === 0 ? 'The lab as it comes up' : `What happens after: ${acts.map(({ text }) => text).join('; ')}`
}
