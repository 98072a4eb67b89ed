import type { FaultFile } from '../scenario/fault-schema.ts'
import type { Mark } from './mark.ts'

/** What `fail` breaks and `restore` mends, as in scenario files: `{ link: 'leaf01:eth3' }`, `{ node: 'spine01' }`. */
export type Fault = FaultFile

/** Something done to the lab by hand. All of it can be written as steps of a scenario. */
export type Act =
  | { readonly kind: 'fail'; readonly fault: Fault }
  | { readonly kind: 'restore'; readonly fault: Fault }
  /** Text typed at a prompt: on a node (container or name), or on the machine that runs the lab. */
  | { readonly kind: 'command'; readonly text: string; readonly node?: string }
  /** `kubectl apply -f` of a file (relative to the lab's), or of text. */
  | { readonly kind: 'apply'; readonly file: string }
  | { readonly kind: 'apply'; readonly text: string }
  /** Ctrl-C for a command that runs: the number of its act. */
  | { readonly kind: 'stop'; readonly command: number }
  /** The steps of the scenario that are still to come shall not come. */
  | { readonly kind: 'drop-steps' }

/** An act with the moment of it. */
export interface DatedAct {
  /** Counts all acts of a time machine from 1 on; never used twice. */
  readonly number: number
  readonly atNs: number
  /** Events that had run before it. */
  readonly events: number
  readonly act: Act
  /** One line: `break link leaf01:eth3`, `leaf01$ ip route`. */
  readonly text: string
}

/** A step of the scenario that has not begun. */
export interface ComingStep {
  /** Position in the file, from 0. */
  readonly index: number
  /** One line: `run: kubectl apply …`, `settle: 300s`. */
  readonly text: string
}

/** What became of an act at once. A command goes on while time passes: see `TimeMachine.command`. */
export type ActOutcome =
  | { readonly ok: true; readonly dated: DatedAct; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string }

/** A command as far as it has come at the present instant. */
export interface CommandView {
  /** Number of its act. */
  readonly number: number
  readonly text: string
  readonly node: string | undefined
  readonly startedAtNs: number
  readonly stdout: string
  readonly stderr: string
  /** Undefined while it runs. */
  readonly exitCode: number | undefined
}

/** What building the lab has printed, as far as it has come. */
export interface SetupView {
  readonly stdout: string
  readonly stderr: string
  /** Undefined while the lab is being built; non-zero: it could not be built. */
  readonly exitCode: number | undefined
  /** The command of the setup that runs now. */
  readonly running?: string | undefined
}

/** A history left behind by acting otherwise at an earlier moment. */
export interface Branch {
  /** `2: break link leaf01:eth3`. */
  readonly name: string
  /** Where it parted. */
  readonly atNs: number
  /** How far it went. */
  readonly endNs: number
  /** From instant 0 on. */
  readonly acts: readonly DatedAct[]
  readonly marks: readonly Mark[]
  readonly frontier: { readonly events: number; readonly atNs: number }
}
