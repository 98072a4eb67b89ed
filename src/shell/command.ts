import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import type { SourceRef } from '../model/source.ts'
import type { Coroutine } from '../sim/coroutine.ts'
import type { CommandPlace } from './script-text.ts'

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** What a command sees while it runs. */
export interface CommandContext {
  readonly lab: Lab
  /** Where it runs: a container of the lab, or `lab.machine`, the server on which the lab is deployed. */
  readonly node: LabNode
  /** Words after the command's name. */
  readonly args: readonly string[]
  readonly stdin: string
  /** Absolute. */
  readonly cwd: string
  readonly environment: ReadonlyMap<string, string>
  /** Text of a file of the place where the command runs; undefined when there is none. Relative paths start at `cwd`. */
  readFile(path: string): string | undefined
  /** Where the command is written; undefined when it was typed. */
  place?(): CommandPlace | undefined
  /** Where its standard input is written: a here-document of a script. */
  inputPlace?(): SourceRef | undefined
  /** Writes a file that exists in memory only. */
  writeFile(path: string, text: string): void
  /** Names in a folder; undefined when it is not one. */
  listFolder(path: string): readonly string[] | undefined
  /** Output, in order, as the real command writes it. */
  out(text: string): void
  error(text: string): void
  /** Runs one emulated command (no shell language) at a node and returns what it printed: `docker exec` uses it. */
  runCommand(node: LabNode, words: readonly string[], stdin?: string): Coroutine<CommandResult>
}

/**
 * A command's answer when another one shall run in its place, with its input and output: `docker exec NODE …`, `sudo …`,
 * `sh -c TEXT`. Either words (one plain command) or a script in the shell's language.
 */
export interface Handover {
  readonly node: LabNode
  readonly words?: readonly string[]
  readonly script?: string
}

/** An emulated command. `run` returns the exit code, or hands over; it may take simulated time. */
export interface Command {
  readonly name: string
  /** `node`: inside containers; `machine`: on the server; `everywhere`: both. */
  readonly where: 'node' | 'machine' | 'everywhere'
  run(context: CommandContext): Coroutine<number | Handover>
}

/** Defines a command that takes no simulated time. */
export function instantCommand(
  name: string,
  where: Command['where'],
  run: (context: CommandContext) => number | Handover,
): Command {
  return {
    name,
    where,
    // biome-ignore lint/correctness/useYield: an instant command never waits
    *run(context) {
      return run(context)
    },
  }
}
