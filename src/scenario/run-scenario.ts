import { folderOf, resolvePath } from '../config/path.ts'
import type { Lab } from '../lab/lab.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'
import { openLab } from '../shell/open-lab.ts'
import type { BackgroundCommand, Terminal } from '../shell/terminal.ts'
import type { Scenario, ScenarioStep } from './parse-scenario.ts'
import type { CheckOutcome, ScenarioEvent, ScenarioResult } from './result.ts'
import { STEPS } from './steps/table.ts'

export interface RunScenarioOptions {
  readonly files: ReadOnlyFiles
  /** Overrides the scenario's seed. */
  readonly seed?: number
  readonly breathe?: (lab: Lab) => Promise<void>
  readonly onEvent?: (event: ScenarioEvent) => void
}

/** What the steps of a running scenario share. */
export interface ScenarioRun {
  readonly scenario: Scenario
  readonly lab: Lab
  readonly terminal: Terminal
  readonly files: ReadOnlyFiles
  /** Working folder of commands: the scenario's own. */
  readonly cwd: string
  /** Commands in other terminals, by name. */
  readonly background: Map<string, BackgroundCommand>
  tell(event: ScenarioEvent): void
  /** Notes whether something holds. */
  check(outcome: Omit<CheckOutcome, 'atNs' | 'source'>, step: ScenarioStep): void
}

/** Runs a scenario from building its lab to its last step; a failed check does not stop it. */
export async function runScenario(scenario: Scenario, options: RunScenarioOptions): Promise<ScenarioResult> {
  const outcomes: CheckOutcome[] = []
  const tell = options.onEvent ?? (() => {})
  tell({ kind: 'start', file: scenario.file, claim: scenario.claim })
  let opened: Lab | undefined
  const { lab, terminal, setup } = await openLab({
    path: scenario.labPath,
    files: options.files,
    seed: options.seed ?? scenario.seed,
    ...(scenario.epochMs === undefined ? {} : { epochMs: scenario.epochMs }),
    breathe: async () => {
      if (opened !== undefined) await options.breathe?.(opened)
    },
  })
  opened = lab
  tell({ kind: 'setup', stdout: setup.stdout, stderr: setup.stderr })
  const finish = (status: ScenarioResult['status']): ScenarioResult => ({
    file: scenario.file,
    claim: scenario.claim,
    status,
    outcomes,
    simulatedNs: lab.simulator.nowNs,
    events: lab.simulator.executedEvents,
  })
  if (setup.exitCode !== 0) return finish('wrong')
  const run: ScenarioRun = {
    scenario,
    lab,
    terminal,
    files: options.files,
    cwd: folderOf(scenario.file),
    background: new Map(),
    tell,
    check(outcome, { source }) {
      const full = { ...outcome, atNs: lab.simulator.nowNs, source }
      outcomes.push(full)
      tell({ kind: 'check', outcome: full })
    },
  }
  for (const step of scenario.steps) await STEPS[step.kind](run, step)
  return finish(outcomes.every(outcome => outcome.holds) ? 'holds' : 'fails')
}

/** Reads a golden file named relative to the scenario. */
export function readGolden(run: ScenarioRun, path: string): string | undefined {
  return run.files.readText(resolvePath(run.cwd, path))
}
