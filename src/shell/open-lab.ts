import { folderOf } from '../config/path.ts'
import { Lab } from '../lab/lab.ts'
import type { SimulatorOptions } from '../sim/simulator.ts'
import type { CommandResult } from './command.ts'
import type { Job } from './conductor.ts'
import type { ReadOnlyFiles } from './files.ts'
import { readScript } from './read-script.ts'
import { type Place, Terminal, type TerminalOptions } from './terminal.ts'

export interface OpenLabOptions extends TerminalOptions, SimulatorOptions {
  /** Absolute path of a containerlab file or of a setup script. */
  readonly path: string
  readonly files: ReadOnlyFiles
  /** The empty lab, before anything is built in it: to watch it from the first frame on. */
  readonly onLab?: (lab: Lab) => void
}

export interface OpenedLab {
  readonly lab: Lab
  readonly terminal: Terminal
  /** What deploying printed; a non-zero exit code means that the lab could not be built. */
  readonly setup: CommandResult
}

/** Nobody writes a longer script by hand, characters. */
const MAX_SCRIPT = 8_000_000

/** A lab of which nothing is built yet. */
export interface PreparedLab {
  readonly lab: Lab
  readonly terminal: Terminal
  /** Builds it, once. @param job the shell that does it, when it is not the prompt itself */
  build(job?: Job): Promise<CommandResult>
}

/**
 * Builds a lab from its file: a topology is deployed, a script is run line by line in its own folder. Differs from bash: a
 * script with the line ends of Windows runs too.
 */
export async function openLab(options: OpenLabOptions): Promise<OpenedLab> {
  const { lab, terminal, build } = prepareLab(options)
  return { lab, terminal, setup: await build() }
}

/** The empty lab, and what builds it. */
export function prepareLab(options: OpenLabOptions): PreparedLab {
  const lab = new Lab(options)
  options.onLab?.(lab)
  const terminal = new Terminal(lab, options)
  return { lab, terminal, build: job => build(terminal, options, job) }
}

async function build(
  terminal: Terminal,
  { path, files }: OpenLabOptions,
  job: Job | undefined,
): Promise<CommandResult> {
  const place: Place = {
    node: terminal.lab.machine,
    stdin: '',
    environment: new Map(),
    cwd: folderOf(path),
    ...(job === undefined ? {} : { job }),
  }
  if (!path.endsWith('.sh')) return terminal.runWords(['clab', 'deploy', '-t', path], place)
  const refuse = (why: string): CommandResult => ({
    stdout: '',
    stderr: `${path}:1:1: error: ${why} [script/unreadable]\n`,
    exitCode: 2,
  })
  const text = files.readText(path)
  if (text === undefined) return refuse('there is no such file')
  if (text.length > MAX_SCRIPT) return refuse(`the file is too large (at most ${MAX_SCRIPT / 1e6} MB)`)
  if (text.includes('\0')) return refuse('this is a binary file, not a script')
  return terminal.runScript(text.replaceAll('\r\n', '\n'), { ...place, script: readScript(path, text, files) })
}
