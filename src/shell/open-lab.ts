import { folderOf } from '../config/path.ts'
import { Lab } from '../lab/lab.ts'
import type { SimulatorOptions } from '../sim/simulator.ts'
import type { CommandResult } from './command.ts'
import type { ReadOnlyFiles } from './files.ts'
import { ScriptText } from './script-text.ts'
import { Terminal, type TerminalOptions } from './terminal.ts'

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

/**
 * Builds a lab from its file: a topology is deployed, a script is run line by line in its own folder. Differs from bash: a
 * script with the line ends of Windows runs too.
 */
export async function openLab(options: OpenLabOptions): Promise<OpenedLab> {
  const lab = new Lab(options)
  options.onLab?.(lab)
  const terminal = new Terminal(lab, options)
  const place = { cwd: folderOf(options.path) }
  const isScript = options.path.endsWith('.sh')
  const text = isScript ? options.files.readText(options.path) : undefined
  const refuse = (why: string): OpenedLab => ({
    lab,
    terminal,
    setup: { stdout: '', stderr: `${options.path}:1:1: error: ${why} [script/unreadable]\n`, exitCode: 2 },
  })
  if (isScript && text === undefined) return refuse('there is no such file')
  if (text !== undefined && text.length > MAX_SCRIPT)
    return refuse(`the file is too large (at most ${MAX_SCRIPT / 1e6} MB)`)
  if (text?.includes('\0')) return refuse('this is a binary file, not a script')
  const setup =
    text === undefined
      ? await terminal.runWords(['clab', 'deploy', '-t', options.path], {
          node: lab.machine,
          stdin: '',
          environment: new Map(),
          ...place,
        })
      : await terminal.runScript(text.replaceAll('\r\n', '\n'), {
          node: lab.machine,
          stdin: '',
          environment: new Map(),
          script: new ScriptText(options.path, text),
          ...place,
        })
  return { lab, terminal, setup }
}
