import type { Lab } from '../lab/lab.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'
import type { Terminal } from '../shell/terminal.ts'
import type { Act, ActOutcome, ComingStep, CommandView, DatedAct } from './act.ts'
import type { CaptureOptions, LiveCapture } from './live-capture.ts'
import type { Mark, MarkKind } from './mark.ts'

export interface TimeMachineOptions {
  /** Absolute path of a containerlab file, a setup script or a scenario. */
  readonly path: string
  readonly files: ReadOnlyFiles
  /** Overrides the scenario's; 1 unless given. */
  readonly seed?: number
  /** Called every few thousand events of a long run, so that the program can draw and hear keys. */
  readonly breathe?: () => Promise<void>
  /** Most parked copies of the lab. Default: by its size. */
  readonly maxReplicas?: number
}

/** Bounds of a run. */
export interface RunLimits {
  /** Aborted: the run stops where it is, within a few thousand events. */
  readonly signal?: AbortSignal
  /** Most events, for slices of a frame's length. */
  readonly maxEvents?: number
}

/**
 * Why a run came back. `reached`: the instant asked for; `settled`; `changed`: a mark of the kinds asked for; `done`: the
 * command has ended; `quiet`: nothing more will ever happen; `cancelled`; `events`: the limit of events.
 */
export type Stop = 'reached' | 'settled' | 'changed' | 'done' | 'quiet' | 'cancelled' | 'events'

/** What deploying the lab has printed, as far as it has come. */
export interface SetupView {
  readonly stdout: string
  readonly stderr: string
  /** Undefined while the lab is being built; non-zero: it could not be built. */
  readonly exitCode: number | undefined
}

/** A history left behind by acting otherwise at an earlier moment. */
export interface Branch {
  readonly name: string
  /** Where it parted. */
  readonly atNs: number
  /** How far it went. */
  readonly endNs: number
  readonly acts: readonly DatedAct[]
}

/**
 * A lab or scenario with its time in hand: forwards event by event or at any length, and back, by executing again from a
 * parked copy. Opened at instant 0 with nothing built yet. After `goTo` `lab` may be another object: never keep it.
 *
 * One operation at a time: a second one waits for the first; `signal` ends that.
 */
export declare class TimeMachine {
  /** InspectError when the file is wrong, with all its mistakes. */
  static open(options: TimeMachineOptions): Promise<TimeMachine>
  readonly path: string
  readonly seed: number
  /** The scenario's claim; undefined for a lab. */
  readonly claim: string | undefined
  get lab(): Lab
  get terminal(): Terminal
  get nowNs(): number
  /** How far this history has been seen, nanoseconds. */
  get endNs(): number
  /** Grows with everything that may have changed what is shown. */
  get revision(): number
  /** Nothing but periodic work is pending, and the lab is built. */
  get isSettled(): boolean
  get setup(): SetupView
  /** Of this history, in order, up to its end: later than now after going back. */
  get marks(): readonly Mark[]
  /** Acts of this history, in order; those behind now are in the future. */
  get acts(): readonly DatedAct[]
  get coming(): readonly ComingStep[]
  get branches(): readonly Branch[]
  /** Commands that run or have run, up to now, in order. */
  get commands(): readonly CommandView[]
  stepEvent(): Promise<Stop>
  /** To the end of the instant of the next change. */
  stepToChange(kinds?: readonly MarkKind[], limits?: RunLimits): Promise<Stop>
  /** Forwards: everything due up to and including the instant. Does nothing when it is past. */
  runTo(atNs: number, limits?: RunLimits): Promise<Stop>
  settle(limits?: RunLimits): Promise<Stop>
  /** Lets time pass until a command has ended: the number of its act. */
  finish(command: number, limits?: RunLimits): Promise<Stop>
  /** To the instant, backwards too. Cancelled on the way back, it stays where it was. */
  goTo(atNs: number, limits?: RunLimits): Promise<Stop>
  /** Does it at the end of the present instant. Acts that lay ahead are dropped, kept as a branch. */
  act(act: Act): Promise<ActOutcome>
  /** Goes to another history, to the moment where it parted; its acts come again. */
  switchTo(branch: Branch, limits?: RunLimits): Promise<Stop>
  /** Spends at most so many events on the parked copies. False when there is nothing left to do. */
  idle(maxEvents: number): Promise<boolean>
  capture(options: CaptureOptions): LiveCapture
  /**
   * The lab and all acts up to now as a scenario file.
   * @param file absolute path of the file to be, from which the lab is named
   */
  toScenario(file: string, claim?: string): string
}
