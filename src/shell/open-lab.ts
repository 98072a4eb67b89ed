import { folderOf } from '../config/path.ts'
import { Lab } from '../lab/lab.ts'
import type { SimulatorOptions } from '../sim/simulator.ts'
import type { CommandResult } from './command.ts'
import type { ReadOnlyFiles } from './files.ts'
import { Terminal, type TerminalOptions } from './terminal.ts'

export interface OpenLabOptions extends TerminalOptions, SimulatorOptions {
  /** Absolute path of a containerlab file or of a setup script. */
  readonly path: string
  readonly files: ReadOnlyFiles
}

export interface OpenedLab {
  readonly lab: Lab
  readonly terminal: Terminal
  /** What deploying printed; a non-zero exit code means that the lab could not be built. */
  readonly setup: CommandResult
}

/** Builds a lab from its file: a topology is deployed, a script is run line by line in its own folder. */
export async function openLab(options: OpenLabOptions): Promise<OpenedLab> {
  const lab = new Lab(options)
  const terminal = new Terminal(lab, options)
  const place = { cwd: folderOf(options.path) }
  const isScript = options.path.endsWith('.sh')
  const text = isScript ? options.files.readText(options.path) : undefined
  if (isScript && text === undefined) {
    return { lab, terminal, setup: { stdout: '', stderr: `${options.path}: no such file\n`, exitCode: 2 } }
  }
  const setup =
    text === undefined
      ? await terminal.runWords(['clab', 'deploy', '-t', options.path], {
          node: lab.machine,
          stdin: '',
          environment: new Map(),
          ...place,
        })
      : await terminal.runScript(text, { node: lab.machine, stdin: '', environment: new Map(), ...place })
  return { lab, terminal, setup }
}
