import { Command } from 'commander'
import { addCapture } from './commands/capture.ts'
import { addComplete } from './commands/complete.ts'
import { addCompletion } from './commands/completion.ts'
import { addDiff } from './commands/diff.ts'
import { addExec } from './commands/exec.ts'
import { addGenerate } from './commands/generate.ts'
import { addGraph } from './commands/graph.ts'
import { addRun } from './commands/run.ts'
import { addServe } from './commands/serve.ts'
import { addShell } from './commands/shell.ts'
import { addState } from './commands/state.ts'
import { addTcpdump } from './commands/tcpdump.ts'
import { addTest } from './commands/test.ts'
import { addTui } from './commands/tui.ts'
import { addValidate } from './commands/validate.ts'
import { addWhy } from './commands/why.ts'
import { EXIT_CODE, type Exit } from './exit-code.ts'
import { fitHelp } from './fit-help.ts'

/** Every command of the program, one line each. What they do (actions/) is loaded only when they are called. */
const COMMANDS: readonly ((program: Command, exit: Exit) => void)[] = [
  addRun,
  addTest,
  addExec,
  addShell,
  addCapture,
  addTcpdump,
  addGraph,
  addTui,
  addServe,
  addValidate,
  addState,
  addDiff,
  addWhy,
  addGenerate,
  addCompletion,
  addComplete,
]

/** The command line. Returns the exit status. */
export async function main(args: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT_CODE.ok
  const program = new Command('drylab')
    .description('Runs containerlab labs dry: BGP fabrics and Cilium clusters simulated in memory.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ subcommandTerm: command => command.name() })
    .configureOutput({ writeOut: text => void process.stdout.write(fitHelp(text, process.stdout.columns ?? 80)) })
    .addHelpText('after', HELP)
  for (const add of COMMANDS) {
    add(program, code => {
      exitCode = code
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    // commander has printed its message; its own exit code is 1 for mistakes, ours is 2
    if (thrown instanceof Error && 'exitCode' in thrown) return thrown.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage
    throw thrown
  }
  return exitCode
}

const HELP = `
A LAB is a containerlab file (lab.clab.yml) or a setup script (setup.sh) with the lines that would build it.
Exit status: 0 all is well, 1 a claim does not hold, 2 a file or an argument is wrong.`
