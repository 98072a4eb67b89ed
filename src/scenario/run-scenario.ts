import type { Diagnostic } from '../config/diagnostic.ts'
import { folderOf, resolvePath } from '../config/path.ts'
import type { Lab } from '../lab/lab.ts'
import type { Job } from '../shell/conductor.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'
import { type PreparedLab, prepareLab } from '../shell/open-lab.ts'
import { ScriptText } from '../shell/script-text.ts'
import type { BackgroundCommand, Place, Terminal } from '../shell/terminal.ts'
import type { RunOutcome } from '../sim/simulator.ts'
import type { CheckContext, CheckResult } from './check.ts'
import type { Scenario, ScenarioStep } from './parse-scenario.ts'
import type { CheckOutcome, ScenarioEvent, ScenarioResult } from './result.ts'
import { findFaultMistake } from './steps/fault.ts'
import { STEPS } from './steps/table.ts'
import { relevantJournal } from './support/relevant-journal.ts'

export interface RunScenarioOptions {
  readonly files: ReadOnlyFiles
  /** Overrides the scenario's seed. */
  readonly seed?: number
  readonly breathe?: (lab: Lab) => Promise<void>
  /** Rewrites golden files that differ, instead of calling it a failure. */
  readonly writeGolden?: (path: string, text: string) => void
  readonly onEvent?: (event: ScenarioEvent) => void
  /** The empty lab, before anything is built in it. */
  readonly onLab?: (lab: Lab) => void
  /** A step begins. */
  readonly onStep?: (step: ScenarioStep, index: number) => void
  /** Looked at before each step: whether to leave it and all others out. */
  readonly isStopped?: () => boolean
  /** The lab to run in, and the shell for it, where time is in somebody else's hand. */
  readonly stage?: Stage
}

/** Where a scenario is played when somebody else lets the time pass. */
interface Stage extends PreparedLab {
  readonly job: Job
}

/** What the steps of a running scenario share. */
export interface ScenarioRun {
  readonly scenario: Scenario
  readonly lab: Lab
  readonly terminal: Terminal
  readonly files: ReadOnlyFiles
  /** Where commands are typed: on the machine, in the scenario's own folder. */
  readonly place: Partial<Place>
  /** Commands in other terminals, by name. */
  readonly background: Map<string, BackgroundCommand>
  tell(event: ScenarioEvent): void
  /** Lets time pass until something holds (`quiet`), at most until an instant. */
  pass(isOver: () => boolean, deadlineNs: number): Promise<RunOutcome>
  /** The file names what the lab does not have: no further step runs, and the scenario is wrong. */
  mistake(diagnostic: Diagnostic): void
  /** What checks on state look at. */
  readonly context: CheckContext
  /**
   * Notes whether something holds.
   *
   * @param about what it speaks of, any data: its texts choose the lines of the journal shown for a failure
   */
  check(outcome: CheckResult, step: ScenarioStep, about?: unknown): void
}

/** Runs a scenario from building its lab to its last step; a failed check does not stop it. */
export async function runScenario(scenario: Scenario, options: RunScenarioOptions): Promise<ScenarioResult> {
  const outcomes: CheckOutcome[] = []
  const tell = options.onEvent ?? (() => {})
  const seed = options.seed ?? scenario.seed
  const { writeGolden } = options
  tell({ kind: 'start', file: scenario.file, claim: scenario.claim })
  const { lab, terminal, build } = options.stage ?? prepareScenario(scenario, options)
  const job = options.stage?.job
  const setup = await build(job)
  tell({ kind: 'setup', stdout: setup.stdout, stderr: setup.stderr })
  const finish = (status: ScenarioResult['status']): ScenarioResult => ({
    file: scenario.file,
    claim: scenario.claim,
    seed,
    status,
    outcomes,
    simulatedNs: lab.simulator.nowNs,
    events: lab.simulator.executedEvents,
  })
  if (setup.exitCode !== 0) return finish('wrong')
  const cwd = folderOf(scenario.file)
  const script = new ScriptText(scenario.file, options.files.readText(scenario.file) ?? '')
  const place = { cwd, ...(job === undefined ? {} : { job }) }
  let stepSource = scenario.steps[0]?.source ?? { file: scenario.file, line: 1, column: 1 }
  let isWrong = false
  const run: ScenarioRun = {
    scenario,
    lab,
    terminal,
    files: options.files,
    place: { ...place, script },
    background: new Map(),
    tell,
    pass: (isOver, deadlineNs) => terminal.conductor.wait(isOver, deadlineNs, job),
    context: {
      lab,
      terminal,
      ...(job === undefined ? {} : { job }),
      run: text => terminal.run(text, place),
      fail: fault => STEPS.fail(run, { kind: 'fail', step: { fail: fault }, source: stepSource, checkSources: [] }),
      golden: {
        read: path => options.files.readText(resolvePath(cwd, path)),
        update: writeGolden && ((path, text) => writeGolden(resolvePath(cwd, path), text)),
      },
    },
    mistake(diagnostic) {
      isWrong = true
      tell({ kind: 'mistake', diagnostic })
    },
    check(outcome, { source }, about) {
      const journal = outcome.holds ? [] : relevantJournal(lab, about)
      const full = { ...outcome, atNs: lab.simulator.nowNs, source, journal, seed }
      outcomes.push(full)
      tell({ kind: 'check', outcome: full })
    },
  }
  for (const mistake of knownMistakes(lab, scenario)) run.mistake(mistake)
  for (const [index, step] of scenario.steps.entries()) {
    if (isWrong) return finish('wrong')
    if (options.isStopped?.() === true) break
    options.onStep?.(step, index)
    stepSource = step.source
    await STEPS[step.kind](run, step)
  }
  if (isWrong) return finish('wrong')
  return finish(outcomes.every(outcome => outcome.holds) ? 'holds' : 'fails')
}

/** The empty lab of a scenario, with its seed and clock, and what builds it. */
export function prepareScenario(
  scenario: Scenario,
  options: Pick<RunScenarioOptions, 'files' | 'seed' | 'breathe' | 'onLab'>,
  terminal: { readonly isHeld?: boolean } = {},
): PreparedLab {
  const prepared: PreparedLab = prepareLab({
    path: scenario.labPath,
    files: options.files,
    seed: options.seed ?? scenario.seed,
    ...terminal,
    ...(options.onLab === undefined ? {} : { onLab: options.onLab }),
    ...(scenario.epochMs === undefined ? {} : { epochMs: scenario.epochMs }),
    breathe: async () => options.breathe?.(prepared.lab),
  })
  return prepared
}

/** Unknown links and nodes of faults, as far as they can be told before the first step: until a step builds more of the lab. */
function knownMistakes(lab: Lab, { steps }: Scenario): readonly Diagnostic[] {
  const builds = steps.findIndex(({ step }) => /\b(deploy|create)\b/.test(`${step.run ?? ''} ${step.start?.run ?? ''}`))
  return steps.slice(0, builds < 0 ? undefined : builds).flatMap(step => findFaultMistake(lab, step, false) ?? [])
}
