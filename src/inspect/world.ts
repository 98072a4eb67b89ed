import type { Lab } from '../lab/lab.ts'
import type { ScenarioEvent } from '../scenario/result.ts'
import { prepareScenario, runScenario } from '../scenario/run-scenario.ts'
import { Job } from '../shell/conductor.ts'
import { type PreparedLab, prepareLab } from '../shell/open-lab.ts'
import type { BackgroundCommand, Terminal } from '../shell/terminal.ts'
import type { RunOutcome } from '../sim/simulator.ts'
import type { CommandView, SetupView } from './act.ts'
import { comingSteps } from './coming-steps.ts'
import type { LabSource } from './lab-source.ts'
import type { Mark } from './mark.ts'
import { Observer } from './observer.ts'

/** How far an execution has come. `events` alone orders what happened; time may pass without events. */
export interface Position {
  readonly events: number
  readonly atNs: number
}

export const START: Position = { events: 0, atNs: 0 }

/** Whether a position is behind another one, or the same. */
export function hasReached(position: Position, other: Position): boolean {
  return position.events > other.events || (position.events === other.events && position.atNs >= other.atNs)
}

/** A step of a scenario that has begun. */
export interface BegunStep extends Position {
  readonly index: number
  /** Undefined while it is under way. */
  endedAt: Position | undefined
}

/** A command that an act has started. */
export interface StartedCommand {
  readonly number: number
  readonly text: string
  readonly node: string | undefined
  readonly startedAtNs: number
  readonly background: BackgroundCommand
  /** How many acts had begun when it ended; undefined while it runs. */
  endedAfter: number | undefined
}

/**
 * One execution of a lab or scenario, from nothing on. Two of the same source to which the same acts are done at the same
 * positions are the same in every bit, however they were stopped and resumed on the way.
 */
export class World {
  readonly source: LabSource
  readonly lab: Lab
  readonly terminal: Terminal
  readonly observer: Observer
  /** How many acts of the history were done to it. */
  applied = 0
  /** How many acts were begun: during an act one more than were done. */
  begun = 0
  /** It is the first to see what happens now. */
  isExploring = false
  /** The scenario's steps to come are left out. */
  isWithoutSteps = false
  readonly commands: StartedCommand[] = []
  /** What the scenario told so far. */
  readonly events: ScenarioEvent[] = []
  readonly begunSteps: BegunStep[] = []
  #setup: { readonly stdout: string; readonly stderr: string; readonly exitCode: number } | undefined
  readonly #job = new Job()

  private constructor(source: LabSource, prepared: PreparedLab, onMark: World['onMark']) {
    this.source = source
    this.lab = prepared.lab
    this.terminal = prepared.terminal
    this.observer = new Observer(prepared.lab)
    this.onMark = onMark
    this.terminal.conductor.spawn(() => this.#play(prepared))
  }

  /** At instant 0, before the first event. */
  static async open(source: LabSource, onMark?: (mark: Mark) => void): Promise<World> {
    const { scenario, labPath, files, seed } = source
    const prepared =
      scenario === undefined
        ? prepareLab({ path: labPath, files, seed, isHeld: true })
        : prepareScenario(scenario, { files, seed }, { isHeld: true })
    const world = new World(source, prepared, onMark)
    await world.advance(() => false, 0)
    return world
  }

  /** Takes what changes; nobody does for parked copies. */
  get onMark(): ((mark: Mark) => void) | undefined {
    return this.observer.onMark
  }

  set onMark(onMark: ((mark: Mark) => void) | undefined) {
    this.observer.onMark = onMark
  }

  get position(): Position {
    const { executedEvents, nowNs } = this.lab.simulator
    return { events: executedEvents, atNs: nowNs }
  }

  get setup(): SetupView {
    return this.#setup ?? { stdout: '', stderr: '', exitCode: undefined, running: this.#job.running?.join(' ') }
  }

  get isBuilt(): boolean {
    return this.#setup !== undefined
  }

  /** The step of the scenario that is under way; undefined before the first, and after the last. */
  get step(): BegunStep | undefined {
    const last = this.begunSteps.at(-1)
    return last?.endedAt === undefined ? last : undefined
  }

  get views(): readonly CommandView[] {
    return this.commands.map(({ background, endedAfter: _, ...command }) => ({
      ...command,
      ...background.output(),
      exitCode: background.task.result?.exitCode,
    }))
  }

  /** Runs events while `goOn()` holds, at most until the instant. */
  async advance(goOn: () => boolean, untilNs: number): Promise<RunOutcome> {
    const outcome = await this.terminal.conductor.advance(() => {
      this.observer.look()
      return goOn()
    }, untilNs)
    this.observer.look()
    return outcome
  }

  async #play({ lab, terminal, build }: PreparedLab): Promise<void> {
    const { scenario, files, seed } = this.source
    if (scenario === undefined) this.#setup = await build(this.#job)
    else {
      await runScenario(scenario, {
        files,
        seed,
        stage: { lab, terminal, job: this.#job, build: job => this.#build(build, job) },
        onEvent: event => this.events.push(event),
        onStep: (_, index) => this.#begin(index),
        isStopped: () => this.isWithoutSteps,
      })
    }
    this.#endStep()
  }

  async #build(build: PreparedLab['build'], job: Job | undefined) {
    const setup = await build(job)
    this.#setup = setup
    return setup
  }

  #endStep(): void {
    const last = this.begunSteps.at(-1)
    if (last !== undefined) last.endedAt ??= this.position
  }

  #begin(index: number): void {
    this.#endStep()
    const { position } = this
    this.begunSteps.push({ index, ...position, endedAt: undefined })
    this.onMark?.({ ...position, kind: 'act', node: '', text: comingSteps(this, index)[0]?.text ?? '' })
  }
}
